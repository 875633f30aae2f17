"""New documents with the defaults of their DocType and of the user."""

import copy
from typing import TYPE_CHECKING, Any

import frappe
from frappe.model import data_fieldtypes
from frappe.types import _dict
from frappe.utils import now_datetime, nowdate

if TYPE_CHECKING:
	from frappe.model.document import Document

DYNAMIC = {"__user": lambda: frappe.session.user, "today": nowdate}


def new_doc(
	doctype: str,
	*,
	parent_doc: "Document | None" = None,
	parentfield: str | None = None,
	as_dict: bool = False,
	**given: Any,
) -> "Document | _dict":
	"""A new, unsaved document (or its values) with its defaults and the `given` values."""
	values = _static_values(doctype)
	for df in frappe.get_meta(doctype).fields:
		if df.fieldtype == "Datetime" and (df.default or "").lower() == "now":
			values[df.fieldname] = now_datetime()
	if parent_doc:
		values.update(parent=parent_doc.name, parenttype=parent_doc.doctype, parentfield=parentfield)
	return values.update(given) if as_dict else frappe.get_doc(values).update(given)


def _static_values(doctype: str) -> _dict:
	"""Defaults that stay the same for one user within a request."""
	key = ("new_doc", doctype, frappe.session.user, nowdate())
	if key not in frappe.local.cache:
		doc = frappe.get_doc({"doctype": doctype, "owner": frappe.session.user, "docstatus": 0})
		defaults = frappe.defaults.get_defaults()
		for df in doc.meta.of_type(*data_fieldtypes):
			value = _user_default(df, defaults)
			if value is None and df.fieldname != doc.meta.title_field:
				value = _field_default(df)
			if value is not None:
				doc.set(df.fieldname, value)
			elif df.fieldtype == "Check":
				doc.set(df.fieldname, 0)
		values = doc.get_valid_dict(sanitize=False).update(doctype=doctype, __islocal=1)
		if not doc.meta.issingle:
			values["__unsaved"] = 1
		frappe.local.cache[key] = values
	return copy.deepcopy(frappe.local.cache[key])


def _user_default(df: _dict, defaults: dict) -> Any:
	value = defaults.get(df.fieldname) if df.fieldtype == "Link" and df.options != "User" else None
	return value if value and frappe.db.exists(df.options, value) else None


def _field_default(df: _dict) -> Any:
	default = df.default or ""
	if default.startswith(":"):
		raise frappe.missing(f"The default {default!r}")
	if default.lower() in DYNAMIC:
		return DYNAMIC[default.lower()]()
	if not default and df.fieldtype == "Select" and df.options:
		return df.options.split("\n", 1)[0]
	return default if default and default.lower() != "now" else None
