"""The cache: Redis on a bench, a dict of this process here."""

import pickle

from frappe.runtime.context import forget, local
from frappe.runtime.missing import missing_in


class Cache:
	"""Frappe's cache wrapper. Values are pickled, so that a caller never holds the cached object itself."""

	def __init__(self):
		self._values: dict[tuple[str, str], bytes] = {}

	def __getattr__(self, name: str):
		return missing_in("frappe.cache")(name)

	def get_value(self, key: str, generator=None):
		"""The value kept under `key`; where there is none, what `generator` returns is kept from then on."""
		pickled = self._values.get((local.site, key))
		if pickled is not None:
			return pickle.loads(pickled)
		if not generator:
			return None
		value = generator()
		self.set_value(key, value)
		return value

	def set_value(self, key: str, val) -> None:
		self._values[local.site, key] = pickle.dumps(val)

	def delete_value(self, key: str) -> None:
		self._values.pop((local.site, key), None)

	def delete_keys(self, prefix: str) -> None:
		"""Delete the values and hashes whose keys begin so."""
		for site, key in list(self._values):
			if site == local.site and key.startswith(prefix):
				self.delete_value(key)

	def hget(self, name: str, key: str, generator=None):
		return self.get_value(f"{name}::{key}", generator)

	def hdel(self, name: str, key: str) -> None:
		self.delete_value(f"{name}::{key}")


cache = Cache()


def clear_cache(user: str | None = None, doctype: str | None = None) -> None:
	"""Forget what was cached about one user, one DocType or, without either, the whole site."""
	from frappe.model.meta import clear_meta_cache

	forget()
	if user:
		cache.hdel("roles", user)
		return
	clear_meta_cache(doctype)
	cache.delete_keys(f"document_cache::{doctype}::" if doctype else "")


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
