"""What a DocType is: its record in the database, with the site's custom fields."""

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.model import (
	child_table_fields,
	data_fieldtypes,
	default_fields,
	no_value_fields,
	standard_labels,
	table_fields,
)
from frappe.model.customization import customize
from frappe.runtime.missing import missing_attribute, refuse_doctype
from frappe.types import _dict

if TYPE_CHECKING:
	from frappe.model.document import Document

CHILDREN = {
	"fields": "DocField",
	"permissions": "DocPerm",
	"actions": "DocType Action",
	"links": "DocType Link",
	"states": "DocType State",
}
SELF_DESCRIBING = ("DocType", *CHILDREN.values())
DOCTYPE_FOLDER = Path(__file__).resolve().parents[1] / "core" / "doctype"
UNSET_NUMBERS = ("reqd", "hidden", "read_only", "idx", "unique", "no_copy", "allow_on_submit", "permlevel")
STANDARD_SET_ONCE_FIELDS = (
	_dict(fieldname="creation", fieldtype="Datetime"),
	_dict(fieldname="owner", fieldtype="Data"),
)

_metas: dict[str, dict[str, "Meta"]] = {}


def get_meta(doctype: str, cached: bool = True) -> "Meta":
	"""The Meta of a DocType, read once per process and site.

	:raises frappe.DoesNotExistError: when there is no such DocType."""
	metas = _metas.setdefault(frappe.local.site, {})
	if not cached or doctype not in metas:
		metas[doctype] = Meta(doctype)
	return metas[doctype]


def clear_meta_cache(doctype: str | None = None) -> None:
	metas = _metas.setdefault(frappe.local.site, {})
	if doctype:
		metas.pop(doctype, None)
	else:
		metas.clear()


class Meta:
	"""A DocType with look-ups on its fields. Properties that it could have and has not read as None."""

	doctype = "DocType"

	def __init__(self, doctype: str) -> None:
		self.__dict__.update(
			_load_from_file(doctype) if doctype in SELF_DESCRIBING else _load_from_db(doctype)
		)
		self.name = doctype
		if doctype not in SELF_DESCRIBING:
			customize(self)
		for df in self.fields:
			df.parent = doctype
			df.update({key: df.get(key) or 0 for key in UNSET_NUMBERS})
		self._fields = {df.fieldname: df for df in self.fields if df.fieldname}
		self._fields_by_type: dict[tuple, list] = {}
		self._fetched: dict[str, list[_dict]] | None = None
		columns = [df.fieldname for df in self.of_type(*data_fieldtypes)]
		parents = child_table_fields if self.istable else ()
		self._valid_columns = [*default_fields[1:], *columns, *parents]

	def __getattr__(self, name: str) -> Any:
		if name not in _properties():
			raise missing_attribute("Meta", name, "Meta")
		return None

	def get(self, key: str) -> Any:
		return self.__dict__.get(key)

	# fields

	def get_field(self, fieldname: str) -> Any:
		"""A field of the DocType, None if it has none of that name."""
		return self._fields.get(fieldname)

	def has_field(self, fieldname: str) -> bool:
		return fieldname in self._fields

	def of_type(self, *fieldtypes: str) -> list[_dict]:
		if fieldtypes not in self._fields_by_type:
			self._fields_by_type[fieldtypes] = [df for df in self.fields if df.fieldtype in fieldtypes]
		return self._fields_by_type[fieldtypes]

	def get_table_fields(self) -> list[_dict]:
		return self.of_type(*table_fields)

	def get_fields_to_fetch(self, link_fieldname: str) -> list[_dict]:
		"""Fields filled from the record that a link names."""
		if self._fetched is None:
			self._fetched = {}
			for df in self.fields:
				if "." in (df.fetch_from or "") and df.fieldtype not in no_value_fields:
					self._fetched.setdefault(df.fetch_from.partition(".")[0], []).append(df)
		return self._fetched.get(link_fieldname, [])

	def get_valid_columns(self) -> list[str]:
		"""Columns that a document of this DocType writes."""
		return self._valid_columns

	def get_set_only_once_fields(self) -> list[_dict]:
		"""The fields that keep what they were inserted with, among them who made the record and when."""
		return [*STANDARD_SET_ONCE_FIELDS, *(df for df in self.fields if df.set_only_once)]

	def get_link_fields(self) -> list[_dict]:
		return self.of_type("Link")

	# permission levels

	def get_permissions(self, parenttype: str | None = None) -> list[_dict]:
		"""The permission rows; those of the parent for a child table."""
		return get_meta(parenttype).permissions if self.istable and parenttype else self.permissions

	def get_permlevel_access(
		self, permission_type: str = "read", parenttype: str | None = None, *, user: str | None = None
	) -> list[int]:
		"""The levels on which a role of the user grants something."""
		rows = [row for row in self.get_permissions(parenttype) if row.get(permission_type)]
		held = set(frappe.get_roles(user))
		return sorted({row.permlevel or 0 for row in rows if row.role in held})

	def get_permitted_fieldnames(
		self,
		parenttype: str | None = None,
		*,
		user: str | None = None,
		permission_type: str = "read",
		with_virtual_fields: bool = True,
	) -> list[str]:
		"""The fields that the user may read, or write: all where no permissions are kept."""
		if self.istable and not parenttype:
			return []
		keeps_permissions = bool(self.get_permissions(parenttype))
		if keeps_permissions and permission_type == "select":
			return self.get_search_fields()
		fields = self.of_type(*data_fieldtypes, *table_fields)
		if keeps_permissions:
			levels = self._levels_open_to(user, permission_type, parenttype)
			fields = [df for df in fields if df.permlevel in levels]
		return [df.fieldname for df in fields]

	def _levels_open_to(self, user: str | None, right: str, parenttype: str | None) -> set[int]:
		"""The levels that roles grant; the lowest too to whom any document is shared."""
		levels = set(self.get_permlevel_access(right, parenttype, user=user))
		is_shared = 0 not in levels and frappe.share.get_shared(self.name, user, [right], limit=1)
		return levels | {0} if is_shared else levels

	def get_naming_field(self) -> str:
		"""The field that documents are named by, "" where their names come from elsewhere."""
		return self.autoname[len("field:") :] if (self.autoname or "").startswith("field:") else ""

	def get_label(self, fieldname: str) -> str:
		df = self.get_field(fieldname)
		return df.label if df else standard_labels.get(fieldname, "No Label")

	def get_title_field(self) -> str:
		return self.title_field or ("title" if self.has_field("title") else "name")

	def get_search_fields(self) -> list[str]:
		fields = [each.strip() for each in (self.search_fields or "name").split(",")]
		return fields if "name" in fields else [*fields, "name"]


@cache
def _properties() -> frozenset[str]:
	return frozenset(df.fieldname for df in _load_from_file("DocType")["fields"])


def _load_from_file(doctype: str) -> dict:
	"""The DocTypes that describe DocTypes are read from their files: they must exist before any table."""
	name = frappe.scrub(doctype)
	values = json.loads((DOCTYPE_FOLDER / name / f"{name}.json").read_text())
	return values | {key: [_dict(row) for row in values.get(key, [])] for key in CHILDREN}


def _load_from_db(doctype: str) -> dict:
	rows = frappe.db.sql("select * from `tabDocType` where name = %s", (doctype,), as_dict=True)
	if not rows:
		refuse_doctype(doctype)
		frappe.throw(_("DocType {0} not found").format(doctype), frappe.DoesNotExistError(doctype="DocType"))
	values = dict(rows[0])
	for key, child in CHILDREN.items():
		query = f"select * from `tab{child}` where parent = %s and parenttype = 'DocType' and parentfield = %s order by idx"
		values[key] = [_dict(row) for row in frappe.db.sql(query, (doctype, key), as_dict=True)]
	return values


def get_field_precision(df: _dict) -> int:
	"""Decimals of a number field: its own, else the site's; a currency's own decimals are not asked, as in Frappe."""
	from frappe.utils import DECIMALS, cint

	if df.precision not in (None, ""):
		return cint(df.precision)
	if df.fieldtype != "Currency":
		return cint(frappe.db.get_default("float_precision")) or 3
	return cint(frappe.db.get_default("currency_precision")) or DECIMALS


def get_field_currency(df: _dict, doc: "Document | None" = None) -> str | None:
	"""The currency of a Currency field: from the field or linked record that its options name."""
	if not doc or not df.get("options"):
		return None
	doctype, *path = df.options.split(":")
	if len(path) == 2:
		return frappe.get_cached_value(doctype, doc.get(path[0]), path[1]) if doc.get(path[0]) else None
	currency = doc.get(df.options)
	if not currency and doc.get("parenttype") and get_meta(doc.parenttype).has_field(df.options):
		currency = frappe.db.get_value(doc.parenttype, doc.parent, df.options)
	return currency
