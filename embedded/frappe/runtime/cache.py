"""The cache: Redis on a bench, a dict of this process here."""

import fnmatch
import pickle
import threading
import time

from frappe.runtime.context import local


class Cache:
	"""Frappe's cache wrapper. Values are pickled, so that a caller never holds the cached object itself."""

	def __init__(self):
		self._values: dict[str, tuple[bytes, float | None]] = {}
		self._hashes: dict[str, dict[str, bytes]] = {}
		self._lock = threading.RLock()

	def __call__(self) -> "Cache":
		return self

	def __getattr__(self, name: str):
		if name.startswith("__"):
			raise AttributeError(name)
		raise NotImplementedError(f"frappe.cache.{name} is missing in the embedded host; a bench has it")

	def make_key(self, key: str, user=None, shared: bool = False) -> str:
		if user is True:
			user = local.session.user
		return ":".join(filter(None, ["" if shared else local.site, "user:" + user if user else "", str(key)]))

	def get_value(self, key, generator=None, user=None, expires=False, shared=False, use_local_cache=True):
		full_key = self.make_key(key, user, shared)
		pickled, until = self._values.get(full_key, (None, None))
		if pickled is not None and (until is None or until > time.time()):
			return pickle.loads(pickled)
		if not generator:
			return None
		value = generator()
		self.set_value(key, value, user, shared=shared)
		return value

	def set_value(self, key, val, user=None, expires_in_sec: float | None = None, shared: bool = False) -> None:
		until = time.time() + expires_in_sec if expires_in_sec else None
		self._values[self.make_key(key, user, shared)] = (pickle.dumps(val), until)

	def delete_value(self, keys, user=None, make_keys=True, shared: bool = False) -> None:
		for key in keys if isinstance(keys, list | tuple) else [keys]:
			full_key = self.make_key(key, user, shared) if make_keys else key
			self._values.pop(full_key, None)
			self._hashes.pop(full_key, None)

	def get_keys(self, key: str) -> list[str]:
		pattern = self.make_key(key) + "*"
		with self._lock:
			return fnmatch.filter([*self._values, *self._hashes], pattern)

	def delete_keys(self, key: str) -> None:
		self.delete_value(self.get_keys(key), make_keys=False)

	def exists(self, *keys: str, user=None) -> int:
		return sum(self.get_value(key, user=user) is not None for key in keys)

	def hset(self, name: str, key: str, value, shared: bool = False, *_unused, **__unused) -> None:
		self._hashes.setdefault(self.make_key(name, shared=shared), {})[str(key)] = pickle.dumps(value)

	def hget(self, name: str, key: str, generator=None, shared: bool = False):
		pickled = self._hashes.get(self.make_key(name, shared=shared), {}).get(str(key))
		if pickled is not None:
			return pickle.loads(pickled)
		if not generator:
			return None
		value = generator()
		self.hset(name, key, value, shared)
		return value

	def hgetall(self, name: str) -> dict:
		return {key: pickle.loads(value) for key, value in self._hashes.get(self.make_key(name), {}).items()}

	def hdel(self, name: str, keys, shared: bool = False, *_unused, **__unused) -> None:
		for key in keys if isinstance(keys, list | tuple) else [keys]:
			self._hashes.get(self.make_key(name, shared=shared), {}).pop(str(key), None)

cache = Cache()


def clear_cache(user: str | None = None, doctype: str | None = None) -> None:
	"""Forget what was cached about one user, one DocType or, without either, the whole site."""
	from frappe.model import meta

	local.cache, local.role_permissions, local.document_cache = {}, {}, {}
	local.request_cache, local.user_perms = {}, None
	if user:
		cache.delete_keys(f"user:{user}")
		cache.hdel("roles", user)
		return
	meta.clear_meta_cache(doctype)
	if doctype:
		cache.delete_keys(f"document_cache::{doctype}::")
	else:
		from frappe.utils.caching import clear_site_cache

		cache.delete_keys("")
		clear_site_cache()


def clear_document_cache(doctype: str, name: str | None = None) -> None:
	"""Forget one cached document, or all of a DocType."""
	prefix = f"document_cache::{doctype}::"
	for key in [k for k in local.document_cache if k[0] == doctype and name in (None, k[1])]:
		del local.document_cache[key]
	if name is None:
		cache.delete_keys(prefix)
	else:
		cache.delete_value(f"{prefix}{name}")
	if local.db:
		local.db.value_cache.pop(doctype, None)
	if doctype == "System Settings":
		local.cache.pop("system_settings", None)
