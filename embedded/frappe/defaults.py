"""Default values: of the site (`__default`), of its own settings (`__global`), of a user."""

from typing import Any

import frappe


def set_default(key: str, value: Any, parent: str = "__default") -> None:
	"""Replace the value of `key`; None removes it."""
	clear_default(key, parent=parent)
	if value is not None:
		place = {"parent": parent, "parenttype": "__default", "parentfield": "system_defaults"}
		name = frappe.generate_hash(length=10)
		frappe.get_doc(doctype="DefaultValue", name=name, defkey=key, defvalue=value, **place).db_insert()


def clear_default(key: str | None = None, parent: str | None = None) -> None:
	"""Forget a default, all of a parent's, or one of a parent's."""
	filters = {"defkey": key, "parent": parent}
	frappe.db.delete("DefaultValue", {field: value for field, value in filters.items() if value})
	frappe.local.cache = {}


def get_defaults_for(parent: str = "__default") -> frappe._dict:
	"""All defaults of one parent."""
	key, query = ("defaults", parent), "select defkey, defvalue from `tabDefaultValue` where parent = %s"
	if key not in frappe.local.cache:
		frappe.local.cache[key] = frappe._dict(frappe.db.sql(query, (parent,)))
	return frappe.local.cache[key]


def get_defaults() -> frappe._dict:
	"""The site's defaults overlaid with the user's own."""
	return get_defaults_for().copy().update(get_defaults_for(frappe.session.user))
