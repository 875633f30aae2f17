"""Decorators that remember results for a request or for the site."""

import time
from collections.abc import Callable
from functools import wraps

from frappe.runtime.context import local

_site_caches: list[dict] = []


def request_cache(fn: Callable) -> Callable:
	"""Remember results until the request ends; unhashable arguments are never remembered."""

	@wraps(fn)
	def wrapper(*args, **kwargs):
		key = (fn, args, tuple(sorted(kwargs.items())))
		try:
			known = key in local.request_cache
		except TypeError:
			return fn(*args, **kwargs)
		if not known:
			local.request_cache[key] = fn(*args, **kwargs)
		return local.request_cache[key]

	return wrapper


def site_cache(ttl: float | Callable | None = None) -> Callable:
	"""Remember results per site for `ttl` seconds, without it until the cache is cleared."""
	if callable(ttl):
		return site_cache()(ttl)

	def decorate(fn):
		memory: dict[tuple, tuple] = {}
		_site_caches.append(memory)

		@wraps(fn)
		def wrapper(*args, **kwargs):
			key = (local.site, args, tuple(sorted(kwargs.items())))
			value, until = memory.get(key, (None, 0))
			if until < time.monotonic():
				value = fn(*args, **kwargs)
				memory[key] = (value, time.monotonic() + (ttl or float("inf")))
			return value

		wrapper.clear_cache = memory.clear
		return wrapper

	return decorate


def clear_site_cache() -> None:
	for memory in _site_caches:
		memory.clear()
