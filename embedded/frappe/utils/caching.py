"""Decorators that remember results for a request or for the site."""

import time
from collections.abc import Callable
from functools import wraps

from frappe.runtime.context import local

_site_caches: list[dict] = []


def request_cache(fn: Callable) -> Callable:
	"""Remember results until the request ends. Arguments must be hashable."""

	@wraps(fn)
	def wrapper(*args, **kwargs):
		key = (fn, args, tuple(sorted(kwargs.items())))
		if key not in local.request_cache:
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
			if key not in memory or memory[key][1] < time.monotonic():
				memory[key] = (fn(*args, **kwargs), time.monotonic() + (ttl or float("inf")))
			return memory[key][0]

		return wrapper

	return decorate


def clear_site_cache() -> None:
	for memory in _site_caches:
		memory.clear()
