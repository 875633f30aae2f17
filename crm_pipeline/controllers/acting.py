"""Looking at the site with another user's eyes: his rights, his language."""

from collections.abc import Iterator
from contextlib import contextmanager

import frappe


@contextmanager
def acting_as(user: str) -> Iterator[None]:
	"""Be a user for a while; only for jobs, since a request's session would lose what it knows."""
	former, language = frappe.session.user, frappe.local.lang
	frappe.set_user(user)
	frappe.local.lang = frappe.db.get_value("User", user, "language") or language
	try:
		yield
	finally:
		frappe.set_user(former)
		frappe.local.lang = language
