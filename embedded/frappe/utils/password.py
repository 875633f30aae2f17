"""Passwords: those that are only checked are hashed, those that are needed again are encrypted."""

import json
from pathlib import Path

import frappe
from cryptography.fernet import Fernet, InvalidToken
from frappe import _
from passlib.context import CryptContext

PLACE = ("doctype", "name", "fieldname")
passlibctx = CryptContext(schemes=["pbkdf2_sha256"])


def update_password(user: str, pwd: str, logout_all_sessions: bool = False) -> None:
	"""Store the hash of a password, and end the user's other sessions if asked to."""
	place = ("User", user, "password")
	_forget(place)
	_store(place, passlibctx.hash(pwd), encrypted=0)
	if logout_all_sessions:
		from frappe.sessions import clear_other_sessions

		clear_other_sessions(user)


def check_password(user: str, pwd: str) -> str:
	"""Return the user whose password this is.

	:raises frappe.AuthenticationError: when it is not"""
	if not is_password(user, pwd):
		raise frappe.AuthenticationError(_("Incorrect User or Password"))
	return user


def is_password(user: str, pwd: str) -> bool:
	"""Tell whether the password is the user's."""
	stored = _stored(("User", user, "password"), encrypted=0)
	return bool(stored and passlibctx.verify(pwd, stored))


def set_encrypted_password(doctype: str, name: str, pwd: str, fieldname: str) -> None:
	keep_secret((doctype, name, fieldname), pwd)


def keep_secret(place: tuple[str, str, str], secret: str) -> None:
	"""Encrypt what belongs to a document's field, which keeps nothing where there is no secret."""
	_forget(place)
	if secret:
		_store(place, _cipher().encrypt(secret.encode()).decode(), encrypted=1)


def get_decrypted_password(
	doctype: str, name: str, fieldname: str = "password", raise_exception: bool = True
) -> str | None:
	"""Return a password in clear; where none is kept, None if that is no error.

	:raises frappe.AuthenticationError: where none is kept
	:raises frappe.ValidationError: where the site's key is not the one it was encrypted with"""
	stored = _stored((doctype, name, fieldname), encrypted=1)
	if not stored and raise_exception:
		place = f"{doctype} {name} {fieldname}"
		frappe.throw(_("Password not found for {0}").format(place), frappe.AuthenticationError)
	try:
		return stored and _cipher().decrypt(stored.encode()).decode()
	except InvalidToken:
		frappe.throw(_("Encryption key is invalid! Please check site_config.json"))


def remove_encrypted_password(doctype: str, name: str, fieldname: str = "password") -> None:
	_forget((doctype, name, fieldname))


def _forget(place: tuple[str, str, str]) -> None:
	frappe.db.delete("__Auth", dict(zip(PLACE, place, strict=True)))


def _cipher() -> Fernet:
	"""Return the cipher of this site; its key is made at its first use and kept in site_config.json."""
	if not frappe.conf.encryption_key:
		path, key = Path(frappe.get_site_path("site_config.json")), Fernet.generate_key().decode()
		path.write_text(json.dumps(json.loads(path.read_text()) | {"encryption_key": key}, indent=1) + "\n")
		frappe.conf.encryption_key = key
	return Fernet(frappe.conf.encryption_key)


def _stored(place: tuple[str, str, str], encrypted: int) -> str | None:
	filters = {**dict(zip(PLACE, place, strict=True)), "encrypted": encrypted}
	return frappe.db.get_value("__Auth", filters, "password")


def _store(place: tuple[str, str, str], password: str, encrypted: int) -> None:
	frappe.db.bulk_insert("__Auth", (*PLACE, "password", "encrypted"), [(*place, password, encrypted)])
