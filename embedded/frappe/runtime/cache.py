"""The cache: Redis on a bench, a dict of this process here."""

import pickle
import time

from frappe.runtime.context import forget, local
from frappe.runtime.missing import missing_in


class Cache:
	"""Frappe's cache wrapper. Values are pickled, so that a caller never holds the cached object itself."""

	def __init__(self):
		self._values: dict[tuple, tuple[bytes, float]] = {}

	def __call__(self) -> "Cache":
		return self

	def __getattr__(self, name: str):
		return missing_in("frappe.cache")(name)

	def get_value(self, key: str, generator=None):
		return self._get((local.site, key), generator)

	def set_value(self, key: str, val, expires_in_sec: float | None = None) -> None:
		self._set((local.site, key), val, expires_in_sec)

	def delete_value(self, key: str) -> None:
		self._values.pop((local.site, key), None)

	def delete_keys(self, prefix: str) -> None:
		"""Delete the values and hashes whose keys begin so."""
		for key in list(self._values):
			if key[0] == local.site and key[1].startswith(prefix):
				self._values.pop(key, None)

	def hget(self, name: str, key: str, generator=None):
		return self._get((local.site, name, key), generator)

	def hset(self, name: str, key: str, value) -> None:
		self._set((local.site, name, key), value)

	def hdel(self, name: str, key: str) -> None:
		self._values.pop((local.site, name, key), None)

	def _get(self, key: tuple, generator):
		pickled, until = self._values.get(key, (None, 0))
		if until > time.time():
			return pickle.loads(pickled)
		if not generator:
			return None
		value = generator()
		self._set(key, value)
		return value

	def _set(self, key: tuple, value, expires_in_sec: float | None = None) -> None:
		self._values[key] = pickle.dumps(value), time.time() + (expires_in_sec or float("inf"))


cache = Cache()


def clear_cache(user: str | None = None, doctype: str | None = None) -> None:
	"""Forget what was cached about one user, one DocType or, without either, the whole site."""
	from frappe.model.meta import clear_meta_cache
	from frappe.utils.caching import clear_site_cache

	forget()
	if user:
		cache.hdel("roles", user)
		return
	clear_meta_cache(doctype)
	if doctype:
		cache.delete_keys(f"document_cache::{doctype}::")
	else:
		cache.delete_keys("")
		clear_site_cache()


def clear_document_cache(doctype: str, name: str | None = None) -> None:
	"""Forget one cached document, or all of a DocType."""
	for key in [k for k in local.document_cache if k[0] == doctype and name in (None, k[1])]:
		del local.document_cache[key]
	if name is None:
		cache.delete_keys(f"document_cache::{doctype}::")
	else:
		cache.delete_value(f"document_cache::{doctype}::{name}")
	if local.db:
		local.db.value_cache.pop(doctype, None)
	if doctype == "System Settings":
		local.cache.pop("system_settings", None)
