"""Default values: of the site (`__default`), of its own settings (`__global`), of a user."""

import frappe


def set_default(key: str, value, parent: str = "__default", parenttype: str | None = None) -> None:
	"""Replace the value of `key`; None removes it."""
	clear_default(key, parent=parent)
	if value is not None:
		add_default(key, value, parent, parenttype)


def add_default(key: str, value, parent: str, parenttype: str | None = None) -> None:
	frappe.get_doc(
		doctype="DefaultValue",
		name=frappe.generate_hash(length=10),
		parent=parent,
		parenttype=parenttype or "__default",
		parentfield="system_defaults",
		defkey=key,
		defvalue=value,
	).db_insert()
	clear_defaults_cache(parent)


def clear_default(key=None, value=None, parent=None, name=None, parenttype=None) -> None:
	"""Delete the defaults that match all that is given."""
	given = {"defkey": key, "defvalue": value, "parent": parent, "name": name, "parenttype": parenttype}
	filters = {field: each for field, each in given.items() if each}
	if not filters:
		raise ValueError("clear_default needs something to clear by")
	frappe.db.delete("DefaultValue", filters)
	clear_defaults_cache(parent)


def get_defaults_for(parent: str = "__default") -> frappe._dict:
	"""All defaults of one parent; a key set more than once holds a list."""

	def read() -> frappe._dict:
		values = frappe._dict()
		query = "select defkey, defvalue from `tabDefaultValue` where parent = %s order by creation, rowid"
		for key, value in frappe.db.sql(query, (parent,)):
			if key in values:
				values[key] = [*(values[key] if isinstance(values[key], list) else [values[key]]), value]
			else:
				values[key] = value
		return values

	if not frappe.db.table_exists("DefaultValue"):
		return frappe._dict()
	return frappe.cache.hget("defaults", parent, read)


def get_defaults(user: str | None = None) -> frappe._dict:
	"""The site's defaults overlaid with the user's own."""
	user = user or frappe.session.user
	values = frappe._dict(get_defaults_for())
	values.update(get_defaults_for(user))
	values.user = user
	return values


def get_user_default(key: str, user: str | None = None):
	values = get_user_default_as_list(key, user)
	return values[0] if values else None


def get_user_default_as_list(key: str, user: str | None = None) -> list:
	value = get_defaults(user).get(frappe.scrub(key)) or get_defaults(user).get(key)
	return value if isinstance(value, list) else [value] if value else []


def set_user_default(key: str, value, user: str | None = None, parenttype: str | None = None) -> None:
	set_default(key, value, user or frappe.session.user, parenttype)


def clear_defaults_cache(parent: str | None = None) -> None:
	if parent:
		frappe.cache.hdel("defaults", parent)
	else:
		frappe.cache.delete_value("defaults")
	frappe.local.cache = {}
