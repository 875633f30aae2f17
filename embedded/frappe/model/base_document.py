"""Values, child rows and rows in the database: what documents and child rows have in common."""

import json
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.model import datetime_fields, float_like_fields, table_fields
from frappe.model.controllers import (  # noqa: F401 (their address on a bench)
	_get_extended_class,
	get_controller,
	import_controller,
)
from frappe.model.docstatus import DocStatusOf
from frappe.model.naming import set_new_name
from frappe.model.validation import Validation
from frappe.runtime.missing import BENCH_ONLY, missing_attribute
from frappe.types import _dict
from frappe.utils import cast_fieldtype, cint, flt, now

if TYPE_CHECKING:
	from frappe.model.meta import Meta

PRIVATE_PROPERTIES = ("__islocal", "__onload", "__run_link_triggers", "__unsaved")
RESERVED = frozenset(("doctype", "meta", "flags", "parent_doc", "_doc_before_save"))


class BaseDocument(Validation):
	"""A document or a child row."""

	parent_doc = None  # of a child row in the table of a document that was loaded or made here

	def __init__(self, values: dict) -> None:
		own = vars(self)
		own["doctype"] = values.get("doctype") or own.get("doctype")
		own.setdefault("flags", _dict())
		own["_tables"] = {df.fieldname: df.options for df in self.meta.get_table_fields()}
		self.update(values)

	@cached_property
	def meta(self) -> "Meta":
		return frappe.get_meta(self.doctype)

	if TYPE_CHECKING:  # any field may be set, as any may be read; only what is new has no name
		doctype: str
		name: str

		def __setattr__(self, name: str, value: Any) -> None: ...

	def __getattr__(self, name: str) -> Any:
		raise missing_attribute(self.__dict__.get("doctype", ""), name, "Document")

	def __getstate__(self) -> dict:
		"""Return what a copy is made of; before 3.11 Python has no such method of its own."""
		return dict(vars(self))

	# values

	def update(self, values: Mapping) -> "BaseDocument":
		"""Set values; the name first, since rows are told it."""
		for key in sorted(values, key=lambda key: key != "name"):
			self.set(key, values[key])
		return self

	def update_if_missing(self, values: Mapping) -> None:
		known = (key for key, value in values.items() if value is not None)
		self.update({key: values[key] for key in known if self.get(key) is None})

	def get(self, key: str, default: Any = None) -> Any:
		if isinstance(default, dict):
			raise frappe.missing("Document.get with filters")
		return self.__dict__.get(key, default)

	def set(self, key: str, value: Any) -> None:
		"""Set a value; rows, given as documents or dicts, take the place of those of the table."""
		if key not in self._tables:
			self.__dict__.update({} if key in RESERVED else {key: value})
			return
		self.__dict__[key] = []
		self.extend(key, value or [])

	def get_value(self, fieldname: str) -> Any:
		"""The value cast to the type of its field."""
		return cast_fieldtype(self.meta.get_field(fieldname).fieldtype, self.get(fieldname))

	def is_new(self) -> bool:
		return self.get("__islocal")

	docstatus = DocStatusOf()

	def init_valid_columns(self) -> None:
		"""Give every column an attribute, so that reading an unset one answers None."""
		for key in self.meta.get_valid_columns():
			self.__dict__.setdefault(key, None)
		self.docstatus = self.__dict__["docstatus"]
		self.idx = self.__dict__["idx"] or 0
		for fieldname in self._tables:
			self.__dict__.setdefault(fieldname, [])

	# child rows

	def append(self, key: str, value: Any = None) -> "BaseDocument":
		"""Add a row at the end of a child table."""
		if key not in self._tables:
			raise AttributeError(key)
		table = self.__dict__.setdefault(key, [])
		row = self._init_child(value or {}, key)
		table.append(row)
		return row

	def extend(self, key: str, value: Any) -> None:
		for each in value:
			self.append(key, each)

	def remove(self, row: "BaseDocument") -> None:
		rows = self.get(row.parentfield)
		del rows[rows.index(row)]
		for position, each in enumerate(rows):
			each.idx = position + 1

	def _init_child(self, value: "dict | BaseDocument", key: str) -> "BaseDocument":
		if isinstance(value, BaseDocument):
			row = value
		else:
			doctype = self._tables[key]
			row = get_controller(doctype)({**value, "doctype": doctype})
		own = vars(row)
		own.update(parent=self.name, parenttype=self.doctype, parentfield=key, parent_doc=self)
		own["idx"] = own.get("idx") or len(vars(self)[key]) + 1
		if not own.get("name"):
			own["__islocal"] = 1
		return row

	def get_all_children(self) -> list:
		return [row for fieldname in self._tables for row in self.get(fieldname) or []]

	# as plain values

	def get_valid_dict(self, sanitize: bool = True, ignore_nulls: bool = False) -> _dict:
		"""The values of all columns, cast to what the columns hold."""
		values = _dict()
		for fieldname in self.meta.get_valid_columns():
			df = self.meta.get_field(fieldname)
			value = self.__dict__.get(fieldname)
			if df and (sanitize or value is not None):
				value = _cast_for_column(df, value)
			if value is not None or not ignore_nulls:
				values[fieldname] = value
		return values

	def as_dict(self, no_nulls: bool = False) -> _dict:
		"""The document with its child rows as dicts."""
		values = self.get_valid_dict(ignore_nulls=no_nulls)
		values.doctype = self.doctype
		for fieldname in self._tables:
			values[fieldname] = [row.as_dict(no_nulls) for row in self.get(fieldname) or []]
		return values.update({key: self.get(key) for key in PRIVATE_PROPERTIES if self.get(key)})

	# the row

	def refuse_what_would_be_lost(self) -> None:
		"""Refuse values of fields that a bench has and this host has not."""
		for fieldname in BENCH_ONLY.get(self.doctype, ()):
			if self.__dict__.get(fieldname):
				raise frappe.missing(f"The field {fieldname} of {self.doctype}")

	def db_insert(self, ignore_if_duplicate: bool = False) -> None:
		"""Insert the row as it is, without validation and events.

		:raises frappe.DuplicateEntryError: when the name is taken.
		:raises frappe.UniqueValidationError: when the value of a unique field is."""
		self.refuse_what_would_be_lost()
		self._complete_row()
		row = self.get_valid_dict()
		try:
			frappe.db.bulk_insert(self.doctype, row, [row.values()])
		except frappe.db.IntegrityError as error:
			is_taken = frappe.db.exists(self.doctype, self.name)
			if not is_taken:
				self._refuse_duplicate_value(error)
			elif not ignore_if_duplicate:
				self._refuse_duplicate_name(error)
		self.set("__islocal", False)

	def _complete_row(self) -> None:
		if not self.name:
			set_new_name(self)
		if not self.get("creation"):
			moment, user = now(), frappe.session.user
			self.update({"creation": moment, "modified": moment, "owner": user, "modified_by": user})

	def db_update(self) -> None:
		"""Write the row as it is, without validation and events; insert it when it is new."""
		if self.get("__islocal") or not self.name:
			self.db_insert()
			return
		self.refuse_what_would_be_lost()
		try:
			frappe.db.set_value(self.doctype, self.name, self.get_valid_dict(), update_modified=False)
		except frappe.db.IntegrityError as error:
			self._refuse_duplicate_value(error)

	def _refuse_duplicate_name(self, error: Exception) -> None:
		message = _("{0} {1} already exists").format(_(self.doctype), frappe.bold(self.name))
		frappe.msgprint(message, title=_("Duplicate Name"), indicator="red")
		raise frappe.DuplicateEntryError(self.doctype, self.name, error) from error

	def _refuse_duplicate_value(self, error: Exception) -> None:
		if not frappe.db.is_unique_key_violation(error):
			raise error
		frappe.msgprint(_("{0} must be unique").format(self.meta.get_label(str(error).rsplit(".", 1)[-1])))
		raise frappe.UniqueValidationError(self.doctype, self.name, error)


def _cast_for_column(df: _dict, value: Any) -> Any:
	fieldtype = df.fieldtype
	if isinstance(value, list) and fieldtype not in (*table_fields, "JSON"):
		frappe.throw(_("Value for {0} cannot be a list").format(_(df.label)))
	if fieldtype == "Check":
		return 1 if cint(value) else 0
	if fieldtype == "Int" and not isinstance(value, int):
		return cint(value)
	if fieldtype == "JSON" and isinstance(value, dict | list):
		return json.dumps(value, separators=(",", ":"))
	if fieldtype in float_like_fields and not isinstance(value, float):
		return flt(value)
	if value == "" and (fieldtype in datetime_fields or df.unique):
		return None
	return value
