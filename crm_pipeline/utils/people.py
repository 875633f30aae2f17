"""The people behind user ids."""

from collections.abc import Iterable
from html import unescape

import frappe
from frappe.utils import get_fullname
from pypika import Table


def full_names(users: Iterable[str | None]) -> dict[str, str]:
	"""Return the full names of users by their ids as markup, with one statement if there are any; the id of whoever has none.

	Frappe keeps the names of users as markup, "&" as "&amp;", and so the cells of Desk's reports show them.
	"""
	wanted = sorted({user for user in users if user})
	if not wanted:
		return {}
	user = Table("tabUser")
	found = frappe.qb.from_(user).select(user.name, user.full_name).where(user.name.isin(wanted)).run()
	return {name: full_name or name for name, full_name in found}


def names_to_read(users: Iterable[str | None]) -> dict[str, str]:
	"""Return the full names of users by their ids as text, for what shows text and no markup."""
	return {user: as_text(name) for user, name in full_names(users).items()}


def name_to_read(user: str | None = None) -> str:
	"""Return the full name of a user, of the session's without, as text."""
	return as_text(get_fullname(user))


def as_text(name: str | None) -> str:
	"""Return as text a name that Frappe has taken from a user. Where it is shown as markup it must be escaped."""
	return unescape(name or "")
