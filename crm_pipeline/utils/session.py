"""Looking at the site with another user's eyes: their rights, their language."""

from collections.abc import Iterator
from contextlib import contextmanager

import frappe
from frappe.translate import get_user_lang


@contextmanager
def impersonate(user: str) -> Iterator[None]:
	"""Be a user for a while; only for jobs, since a request's session would lose what it knows."""
	former = frappe.session.user
	frappe.set_user(user)
	try:
		with in_language_of(user):
			yield
	finally:
		frappe.set_user(former)


@contextmanager
def in_language_of(user: str) -> Iterator[None]:
	"""Translate to a user's language for a while; without one, to that of the site."""
	with in_language(get_user_lang(user)):
		yield


@contextmanager
def in_site_language() -> Iterator[None]:
	"""Translate to the site's language for a while, as for what anybody reads on a record; jobs begin in English."""
	with in_language(language_of_site()):
		yield


@contextmanager
def in_language(language: str) -> Iterator[None]:
	former, frappe.local.lang = frappe.local.lang, language
	try:
		yield
	finally:
		frappe.local.lang = former


def language_of_site() -> str:
	"""Return the code of the language in System Settings."""
	return frappe.db.get_single_value("System Settings", "language") or "en"


def in_request() -> bool:
	"""Return whether a request over HTTP is being answered."""
	return bool(getattr(frappe.local, "request", None))
