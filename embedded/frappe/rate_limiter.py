"""How often a function may be called by one address: counted in this one process, as a bench counts in Redis."""

import time
from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import Any

import frappe
from frappe import _

_windows: dict[tuple, list] = {}  # (site, command, who): [when the window ends, calls in it]
_lock = Lock()


def rate_limit(
	key: str | None = None,
	limit: int | Callable[[], int] = 5,
	seconds: int = 24 * 60 * 60,
	methods: str | list = "ALL",
	ip_based: bool = True,
) -> Callable:
	"""Refuse calls beyond `limit` within `seconds`, of requests that use one of the HTTP methods.

	:param key: an argument of the request whose values are counted apart
	:param ip_based: count each address apart"""

	def decorate(function: Callable) -> Callable:
		@wraps(function)
		def counted(*args: Any, **kwargs: Any) -> Any:
			request = frappe.request
			if request and (methods == "ALL" or request.method.upper() in methods):
				_count(key, limit() if callable(limit) else limit, seconds, ip_based)
			return function(*args, **kwargs)

		return counted

	return decorate


def _count(key: str | None, limit: int, seconds: int, ip_based: bool) -> None:
	"""
	:raises frappe.RateLimitExceededError: for a call too many"""
	who = (frappe.local.request_ip if ip_based else None, frappe.form_dict.get(key) if key else None)
	if not any(who):
		frappe.throw(_("Either key or IP flag is required."))
	place, now = (frappe.local.site, frappe.form_dict.cmd, *map(str, who)), time.monotonic()
	with _lock:
		for past in [each for each, (ends, _calls) in _windows.items() if ends <= now]:
			del _windows[past]
		window = _windows.setdefault(place, [now + seconds, 0])
		window[1] += 1
		calls = window[1]
	if calls > limit:
		message = _("You hit the rate limit because of too many requests. Please try after sometime.")
		frappe.throw(message, frappe.RateLimitExceededError)
