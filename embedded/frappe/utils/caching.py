"""Decorators that remember results for a request or for the site."""

import time
from collections import OrderedDict
from functools import wraps

from frappe.runtime.context import local

_site_caches: list[OrderedDict] = []


def _key(args: tuple, kwargs: dict) -> tuple:
	return args, tuple(sorted(kwargs.items()))


def request_cache(fn):
	"""Remember results until the request ends; unhashable arguments are never remembered."""

	@wraps(fn)
	def wrapper(*args, **kwargs):
		memory = getattr(local, "request_cache", None)
		if memory is None:
			return fn(*args, **kwargs)
		key = (fn, *_key(args, kwargs))
		try:
			hash(key)
		except TypeError:
			return fn(*args, **kwargs)
		if key not in memory:
			memory[key] = fn(*args, **kwargs)
		return memory[key]

	return wrapper


def site_cache(ttl: float | None = None, maxsize: int | None = None):
	"""Remember results per site for `ttl` seconds (for ever without), the newest `maxsize` of them."""
	if callable(ttl):
		return site_cache()(ttl)

	def decorate(fn):
		memory: OrderedDict = OrderedDict()
		_site_caches.append(memory)

		@wraps(fn)
		def wrapper(*args, **kwargs):
			key = (getattr(local, "site", None), *_key(args, kwargs))
			value, until = memory.get(key, (None, 0))
			if not until or until < time.monotonic():
				value = fn(*args, **kwargs)
				memory[key] = (value, time.monotonic() + ttl if ttl else float("inf"))
				if maxsize and len(memory) > maxsize:
					memory.popitem(last=False)
			return value

		wrapper.clear_cache = memory.clear
		return wrapper

	return decorate


def clear_site_cache() -> None:
	for memory in _site_caches:
		memory.clear()
