"""Values, child rows and rows in the database: what documents and child rows have in common."""

import datetime
import json
import weakref
from functools import cached_property

import frappe
from frappe import _
from frappe.model import (
	child_table_fields,
	datetime_fields,
	default_fields,
	float_like_fields,
	table_fields,
)
from frappe.model.controllers import get_controller, import_controller
from frappe.model.database_row import DatabaseRow
from frappe.model.docstatus import DocStatus
from frappe.model.validation import Validation
from frappe.types import _dict
from frappe.utils import cast_fieldtype, cint, compare, flt

PRIVATE_PROPERTIES = ("__islocal", "__onload", "__run_link_triggers", "__unsaved", "_user_tags", "_liked_by")

__all__ = ["BaseDocument", "get_controller", "import_controller"]


class BaseDocument(Validation, DatabaseRow):
	"""A document or a child row."""

	_reserved_keywords = frozenset(
		("doctype", "meta", "flags", "parent_doc", "_parent_doc", "_doc_before_save", "_table_fieldnames")
	)

	def __init__(self, values: dict):
		if values.get("doctype"):
			self.doctype = values["doctype"]
		if "flags" not in self.__dict__:
			self.flags = _dict()
		self._table_fieldnames = {df.fieldname for df in self.meta.get_table_fields()}
		self.update(values)
		if hasattr(self, "__setup__"):
			self.__setup__()

	@cached_property
	def meta(self):
		return frappe.get_meta(self.doctype)

	def __getstate__(self) -> dict:
		return {key: value for key, value in self.__dict__.items() if key not in ("meta", "_parent_doc")}

	# values

	def update(self, values: dict) -> "BaseDocument":
		if "name" in values:
			self.name = values["name"]
		for key, value in values.items():
			self.set(key, value)
		return self

	def update_if_missing(self, values) -> None:
		if isinstance(values, BaseDocument):
			values = values.get_valid_dict()
		for key, value in values.items():
			if value is not None and self.get(key) is None:
				self.set(key, value)

	def get(self, key, filters=None, limit=None, default=None):
		"""A value, or the child rows of table `key` that match `filters`."""
		if isinstance(key, dict):
			return _matching(self.get_all_children(), key, limit)
		if isinstance(filters, dict):
			return _matching(self.__dict__.get(key) or [], filters, limit)
		value = self.__dict__.get(key, default if filters is None else filters)
		return value[:limit] if limit and isinstance(value, list | tuple) else value

	def set(self, key, value, as_value: bool = False) -> None:
		if key in self._reserved_keywords:
			return
		if not as_value and key in self._table_fieldnames:
			self.__dict__[key] = []
			self.extend(key, value or [])
		else:
			self.__dict__[key] = value

	def delete_key(self, key) -> None:
		self.__dict__.pop(key, None)

	def get_value(self, fieldname: str):
		"""The value cast to the type of its field."""
		return self.cast(self.get(fieldname), self.meta.get_field(fieldname))

	def cast(self, value, df):
		return cast_fieldtype(df.fieldtype, value, show_warning=False)

	def is_new(self) -> bool:
		return self.get("__islocal")

	@property
	def docstatus(self) -> DocStatus:
		value = self.__dict__.get("docstatus")
		if not isinstance(value, DocStatus):
			value = self.__dict__["docstatus"] = DocStatus(cint(value))
		return value

	@docstatus.setter
	def docstatus(self, value) -> None:
		self.__dict__["docstatus"] = DocStatus(cint(value))

	def init_valid_columns(self) -> None:
		"""Give every column an attribute, so that reading an unset one answers None."""
		for key in (*default_fields, *self.meta.get_valid_columns()):
			self.__dict__.setdefault(key, None)
		self.docstatus = self.__dict__["docstatus"]
		self.idx = self.__dict__["idx"] or 0
		for fieldname in self._table_fieldnames:
			if self.__dict__.get(fieldname) is None:
				self.__dict__[fieldname] = []

	# child rows

	def append(self, key: str, value=None, position: int = -1) -> "BaseDocument":
		"""Add a row to a child table, by default at its end."""
		table = self.__dict__.setdefault(key, None)
		if table is None:
			table = self.__dict__[key] = []
		row = self._init_child({} if value is None else value, key)
		if position == -1:
			table.append(row)
		else:
			table.insert(position, row)
			_renumber(table)
		row.parent_doc = weakref.ref(self)
		return row

	def extend(self, key: str, value) -> None:
		for each in value:
			self.append(key, each)

	def remove(self, row) -> None:
		if row.get("parentfield"):
			table = self.get(row.parentfield)
			table.remove(row)
			_renumber(table)

	def _init_child(self, value, key: str) -> "BaseDocument":
		if not isinstance(value, BaseDocument):
			doctype = self.get_table_field_doctype(key)
			if not doctype:
				raise AttributeError(key)
			value = get_controller(doctype)({**value, "doctype": doctype})
		value.parent, value.parenttype, value.parentfield = self.name, self.doctype, key
		if value.__dict__.get("docstatus") is None:
			value.docstatus = 0
		value.idx = value.__dict__.get("idx") or len(self.__dict__[key]) + 1
		if not value.__dict__.get("name"):
			value.__dict__["__islocal"] = 1
		return value

	@property
	def parent_doc(self):
		reference = self.__dict__.get("_parent_doc")
		return reference() if isinstance(reference, weakref.ReferenceType) else reference

	@parent_doc.setter
	def parent_doc(self, value) -> None:
		self.__dict__["_parent_doc"] = value

	def get_table_field_doctype(self, fieldname: str) -> str | None:
		df = self.meta.get_field(fieldname)
		return df.options if df and df.fieldtype in table_fields else None

	def get_parentfield_of_doctype(self, doctype: str) -> str | None:
		return next((df.fieldname for df in self.meta.get_table_fields() if df.options == doctype), None)

	def get_all_children(self, parenttype: str | None = None) -> list:
		return [
			row
			for df in self.meta.get_table_fields()
			if not parenttype or df.options == parenttype
			for row in self.get(df.fieldname) or []
		]

	# as plain values

	def get_valid_dict(
		self,
		sanitize: bool = True,
		convert_dates_to_str: bool = False,
		ignore_nulls: bool = False,
		ignore_virtual: bool = False,
	) -> _dict:
		"""The values of all columns, cast to what the columns hold."""
		values = _dict()
		for fieldname in self.meta.get_valid_columns():
			df = self.meta.get_field(fieldname)
			if df and df.is_virtual:
				if not ignore_virtual:
					values[fieldname] = self._virtual_value(df)
				continue
			value = self.__dict__.get(fieldname)
			if df and (sanitize or value is not None):
				value = self._cast_for_column(df, value)
			if convert_dates_to_str and isinstance(value, datetime.date | datetime.time | datetime.timedelta):
				value = str(value)
			if value is not None or not ignore_nulls:
				values[fieldname] = value
		return values

	def _virtual_value(self, df):
		if isinstance(getattr(type(self), df.fieldname, None), property | cached_property):
			return getattr(self, df.fieldname)
		return frappe.safe_eval(df.options, eval_locals={"doc": self}) if df.options else None

	def _cast_for_column(self, df, value):
		if isinstance(value, list) and df.fieldtype not in (*table_fields, "JSON"):
			frappe.throw(_("Value for {0} cannot be a list").format(_(df.label)))
		if df.fieldtype == "Check":
			return 1 if cint(value) else 0
		if df.fieldtype == "Int" and not isinstance(value, int):
			return cint(value)
		if df.fieldtype == "JSON" and isinstance(value, dict | list):
			return json.dumps(value, separators=(",", ":"))
		if df.fieldtype in float_like_fields and not isinstance(value, float):
			return flt(value)
		if value == "" and (df.fieldtype in datetime_fields or df.unique):
			return None
		return value

	def as_dict(
		self,
		no_nulls: bool = False,
		no_default_fields: bool = False,
		convert_dates_to_str: bool = False,
		no_child_table_fields: bool = False,
		no_private_properties: bool = False,
	) -> _dict:
		"""The document with its child rows as dicts."""
		values = self.get_valid_dict(convert_dates_to_str=convert_dates_to_str, ignore_nulls=no_nulls)
		values.doctype = self.doctype
		options = {
			"no_nulls": no_nulls,
			"no_default_fields": no_default_fields,
			"convert_dates_to_str": convert_dates_to_str,
			"no_child_table_fields": no_child_table_fields,
			"no_private_properties": no_private_properties,
		}
		for df in self.meta.get_table_fields():
			values[df.fieldname] = [row.as_dict(**options) for row in self.get(df.fieldname) or []]
		unwanted = (default_fields if no_default_fields else ()) + (child_table_fields if no_child_table_fields else ())
		for key in unwanted:
			values.pop(key, None)
		if not no_private_properties:
			values.update({key: self.get(key) for key in PRIVATE_PROPERTIES if self.get(key)})
		return values

	def as_json(self) -> str:
		return frappe.as_json(self.as_dict())

	def _fix_numeric_types(self) -> None:
		for df in self.meta.fields:
			value = self.get(df.fieldname)
			if df.fieldtype == "Check" or (df.fieldtype == "Int" and value is not None):
				self.set(df.fieldname, cint(value))
			elif df.fieldtype in float_like_fields and value is not None:
				self.set(df.fieldname, flt(value))

	# numbers and display

	def precision(self, fieldname: str, parentfield=None) -> int | None:
		"""Decimals of a number field of this document, or of child table `parentfield`; None for other fields."""
		from frappe.model.meta import get_field_precision

		if parentfield and not isinstance(parentfield, str):
			parentfield = parentfield.get("parentfield")
		doctype = self.meta.get_field(parentfield).options if parentfield else self.doctype
		df = frappe.get_meta(doctype).get_field(fieldname)
		return get_field_precision(df, self) if df.fieldtype in float_like_fields else None

	def get_formatted(
		self, fieldname, doc=None, currency=None, absolute_value=False, translated=False, format=None
	) -> str:
		from frappe.model.meta import get_default_df, get_field_currency

		df = self.meta.get_field(fieldname) or get_default_df(fieldname)
		doc = doc or self.parent_doc or self
		value = _(self.get(fieldname)) if translated else self.get(fieldname)
		if (absolute_value or doc.get("absolute_value")) and isinstance(value, int | float):
			value = abs(value)
		if df and df.fieldtype == "Currency" and not currency:
			currency = get_field_currency(df, self)
		return frappe.format_value(value, df=df, doc=doc, currency=currency, format=format)

	def get_password(self, fieldname: str = "password", raise_exception: bool = True):
		from frappe.utils.password import get_decrypted_password

		value = self.get(fieldname)
		if value and not self.is_dummy_password(value):
			return value
		return get_decrypted_password(self.doctype, self.name, fieldname, raise_exception=raise_exception)

	def is_dummy_password(self, password: str) -> bool:
		return set(password) == {"*"}

	def reset_values_if_no_permlevel_access(self, has_access_to, high_permlevel_fields) -> None:
		"""Put back what the user may not set: the stored value, or the default in a new document."""
		ignored = self.flags.get("ignore_permlevel_for_fields") or []
		fields = [
			df
			for df in high_permlevel_fields
			if df.permlevel not in has_access_to and df.fieldname not in ignored
		]
		reference = fields and self._reference_for_permlevels()
		for df in fields if reference else ():
			self.set(df.fieldname, reference.get(df.fieldname))

	def _reference_for_permlevels(self):
		if self.is_new():
			return frappe.new_doc(self.doctype)
		if not self.parent_doc:
			return self.get_latest()
		rows = self.parent_doc.get_latest().get(self.parentfield)
		return next((row for row in rows if row.name == self.name), None)


def _renumber(table: list) -> None:
	for index, row in enumerate(table, 1):
		row.idx = index


def _matching(rows: list, filters: dict, limit: int | None) -> list:
	"""Rows that fulfil all filters; a value may be plain, [operator, value], True / False (set or not) or "^start"."""

	def condition(value):
		if isinstance(value, list | tuple):
			return value
		if isinstance(value, bool):
			return ("not None", True) if value else ("None", False)
		return ("^", value[1:]) if isinstance(value, str) and value.startswith("^") else ("=", value)

	conditions = {field: condition(value) for field, value in filters.items()}
	found = [
		row
		for row in rows
		if all(compare(getattr(row, field, None), operator, value) for field, (operator, value) in conditions.items())
	]
	return found[:limit] if limit else found
