"""Looking at the site with another user's eyes: his rights, his language."""

from collections.abc import Iterator
from contextlib import contextmanager

import frappe
from frappe.translate import get_user_lang


@contextmanager
def acting_as(user: str) -> Iterator[None]:
	"""Be a user for a while; only for jobs, since a request's session would lose what it knows."""
	former = frappe.session.user
	frappe.set_user(user)
	try:
		with speaking_to(user):
			yield
	finally:
		frappe.set_user(former)


@contextmanager
def speaking_to(user: str) -> Iterator[None]:
	"""Translate to a user's language for a while; without one, to that of the site."""
	former = frappe.local.lang
	frappe.local.lang = get_user_lang(user)
	try:
		yield
	finally:
		frappe.local.lang = former
