"""The people who work for the demo's company: who they are, and letting them sign in."""

from typing import NamedTuple

import frappe
from frappe.utils.password import update_password

# Whoever has several is known by the first of them.
ROLES = ("Sales Manager", "Sales User", "Purchase User")


class Colleague(NamedTuple):
	"""An enabled user whom the demo made."""

	user: str
	full_name: str
	role: str


def colleagues() -> list[Colleague]:
	"""Return the demo's people, those with more to decide first."""
	made = frappe.get_all("Demo Record", {"reference_doctype": "User"}, pluck="reference_name")
	fields = ["name", "full_name"]
	users = frappe.get_all("User", {"name": ["in", made], "enabled": 1}, fields, order_by="creation, name")
	found = [Colleague(user.name, user.full_name, role_of(user.name)) for user in users]
	return sorted(found, key=lambda colleague: ROLES.index(colleague.role))


def role_of(user: str) -> str:
	held = frappe.get_roles(user)
	return next((role for role in ROLES if role in held), ROLES[-1])


def let_in(people: list[Colleague], password: str) -> None:
	"""Give each the same password. No demand for strong ones is made of it; the caller commits."""
	for colleague in people:
		update_password(colleague.user, password)
