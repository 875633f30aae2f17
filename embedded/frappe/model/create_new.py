"""New documents with the defaults of their DocType and of the user."""

import copy

import frappe
from frappe.model import data_fieldtypes
from frappe.types import _dict
from frappe.utils import cstr, now_datetime, nowdate, nowtime


def get_new_doc(doctype: str, parent_doc=None, parentfield: str | None = None, as_dict: bool = False):
	"""A new, unsaved document (or its values) with defaults."""
	values = _static_values(doctype)
	for df in frappe.get_meta(doctype).fields:
		default = cstr(df.default)
		if default.startswith(":"):
			value = _default_of_linked_record(df, default[1:], parent_doc)
			if value is not None and not values.get(df.fieldname):
				values[df.fieldname] = value
		elif df.fieldtype == "Datetime" and default.lower() == "now":
			values[df.fieldname] = now_datetime()
		elif df.fieldtype == "Time":
			values[df.fieldname] = nowtime()
	if parent_doc:
		values.update(parent=parent_doc.name, parenttype=parent_doc.doctype)
	if parentfield:
		values.parentfield = parentfield
	return values if as_dict else frappe.get_doc(values)


def _static_values(doctype: str) -> _dict:
	"""Defaults that stay the same for one user within a request."""
	key = ("new_doc", doctype, frappe.session.user, nowdate())
	if key not in frappe.local.cache:
		doc = frappe.get_doc({"doctype": doctype, "__islocal": 1, "owner": frappe.session.user, "docstatus": 0})
		defaults = frappe.defaults.get_defaults()
		for df in doc.meta.fields:
			if df.fieldtype in data_fieldtypes:
				value = _user_default(df, defaults)
				if value is None and df.fieldname != doc.meta.title_field:
					value = _field_default(df)
				if value is not None:
					doc.set(df.fieldname, value)
		doc._fix_numeric_types()
		values = doc.get_valid_dict(sanitize=False)
		values.update(doctype=doctype, __islocal=1)
		if not doc.meta.issingle:
			values["__unsaved"] = 1
		frappe.local.cache[key] = values
	return copy.deepcopy(frappe.local.cache[key])


def _user_default(df, defaults: dict):
	if df.fieldtype != "Link" or df.options == "User":
		return None
	value = defaults.get(df.fieldname)
	return value if value and frappe.db.exists(df.options, value) else None


def _field_default(df):
	if df.default:
		dynamic = {"__user": lambda: frappe.session.user, "Today": nowdate}
		if df.default in dynamic:
			return dynamic[df.default]()
		return None if df.default.startswith(":") or df.default.lower() == "now" else df.default
	if df.fieldtype == "Select" and df.options and df.options not in ("[Select]", "Loading..."):
		return df.options.split("\n", 1)[0]
	return None


def _default_of_linked_record(df, doctype: str, parent_doc):
	"""The value of the same field in the record of `doctype` that the parent, or the site's defaults, name."""
	fieldname = frappe.scrub(doctype)
	name = parent_doc.get(fieldname) if parent_doc else frappe.db.get_default(fieldname)
	return frappe.db.get_value(doctype, name, df.fieldname) if name else None
