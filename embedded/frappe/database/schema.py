"""Tables from DocTypes. Nothing here ever drops a column or shortens what is stored."""

from typing import TYPE_CHECKING

import frappe
from frappe.types import _dict

if TYPE_CHECKING:
	from frappe.model.meta import Meta

NOCASE = "collate nocase"  # as on MariaDB, names and texts compare without regard to case
COLUMN_TYPES = {
	("decimal", "21,9"): ("Currency", "Float", "Percent"),
	("int", "11"): ("Int",),
	("int", "1"): ("Check",),
	("text", ""): ("Small Text", "Text", "Password", "Attach", "Attach Image"),
	("longtext", ""): ("Long Text", "Code", "Text Editor", "Markdown Editor", "HTML Editor"),
	("date", ""): ("Date",),
	("datetime", "6"): ("Datetime",),
	("varchar", "140"): "Data,Link,Dynamic Link,Select,Read Only,Color,Icon,Autocomplete".split(","),
	("json", ""): ("JSON",),
}
TYPE_MAP = {name: column for column, names in COLUMN_TYPES.items() for name in names}
NUMERIC_FIELDTYPES = {name for name, (kind, _size) in TYPE_MAP.items() if kind in ("decimal", "int")}
TEXTS = ("varchar", "text", "longtext", "json")
CHECKED_FIELDTYPES = NUMERIC_FIELDTYPES | {"Date", "Datetime"}
TABLE_FIELDS = ("Table", "Table MultiSelect")
WITHOUT_COLUMN = (
	*("Section Break", "Column Break", "Tab Break", "HTML", *TABLE_FIELDS),
	*("Button", "Image", "Fold", "Heading"),
)
STANDARD_COLUMNS = {
	"creation": "datetime",
	"modified": "datetime",
	"modified_by": f"varchar(140) {NOCASE}",
	"owner": f"varchar(140) {NOCASE}",
	"docstatus": "int not null default 0",
	"idx": "int not null default 0",
}
CHILD_COLUMNS = {name: f"varchar(140) {NOCASE}" for name in ("parent", "parentfield", "parenttype")}
PARENT_COLUMNS = {"_assign": "text", "_user_tags": "text"}
PLAIN_TABLES = {"Singles", "Series", "Sessions"}
PLAIN_SCHEMA = f"""
create table if not exists `tabSingles` (doctype text {NOCASE}, field text {NOCASE}, value text);
create index if not exists `tabSingles_doctype` on `tabSingles` (doctype, field);
create table if not exists `tabSeries` (name text {NOCASE} primary key, current int not null default 0);
create table if not exists `tabSessions` (
	user text {NOCASE}, sid text primary key, sessiondata text,
	lastupdate datetime
);
create table if not exists `__Auth` (
	doctype text {NOCASE}, name text {NOCASE}, fieldname text {NOCASE},
	password text not null, encrypted int not null default 0,
	primary key (doctype, name, fieldname)
)"""


def sync_core_tables() -> None:
	"""The tables that are no DocTypes, and those that describe all others."""
	from frappe.model.meta import SELF_DESCRIBING

	for statement in PLAIN_SCHEMA.split(";"):
		frappe.db.sql(statement)
	for doctype in SELF_DESCRIBING:
		sync_table(doctype)


def is_doctype(name: str) -> bool:
	return name not in PLAIN_TABLES and not name.startswith("__")


def table_name(doctype: str) -> str:
	return doctype if doctype.startswith("__") else f"tab{doctype}"


def sync_table(doctype: str) -> None:
	"""Create the table of a DocType, or bring the one it has up to date: columns, their types, indexes."""
	meta = frappe.get_meta(doctype, cached=False)
	if meta.issingle:
		return
	wanted = column_definitions(meta)
	present = dict(frappe.db.sql("select name, lower(type) from pragma_table_info(%s)", (f"tab{doctype}",)))
	if not present:
		columns = ", ".join(f"`{name}` {definition}" for name, definition in wanted.items())
		frappe.db.sql(f"create table `tab{doctype}` ({columns})")
	for name in wanted.keys() - present.keys() if present else ():
		frappe.db.sql(f"alter table `tab{doctype}` add column `{name}` {wanted[name]}")
	for name in wanted.keys() & present.keys():
		_refuse_other_type(f"{doctype}.{name}", present[name], wanted[name].split(" ")[0])
	frappe.db._columns.clear()
	_sync_indexes(meta)


def column_definitions(meta: "Meta") -> dict[str, str]:
	"""Column name to SQL definition, the primary key first."""
	if meta.is_virtual:
		raise frappe.missing("A virtual DocType")
	columns = {"name": f"varchar(140) {NOCASE} primary key not null", **STANDARD_COLUMNS}
	columns |= CHILD_COLUMNS if meta.istable else PARENT_COLUMNS
	for df in meta.fields:
		if df.fieldtype not in WITHOUT_COLUMN:
			columns.setdefault(df.fieldname, _definition(df))
	return columns


def _definition(df: _dict) -> str:
	if df.fieldtype not in TYPE_MAP or df.is_virtual:
		raise frappe.missing(f"A {'virtual' if df.is_virtual else df.fieldtype} field ({df.fieldname})")
	kind, size = TYPE_MAP[df.fieldtype]
	if kind == "int":
		return f"int not null default {frappe.utils.cint(df.default)}"
	if kind == "decimal":
		return f"real not null default {frappe.utils.flt(df.default)}"
	if kind in ("date", "datetime"):
		return kind
	return f"{kind}({df.length or size}) {NOCASE}" if kind == "varchar" else f"{kind} {NOCASE}"


def _refuse_other_type(column: str, present: str, wanted: str) -> None:
	"""Texts may change among themselves: SQLite limits no length."""
	if present != wanted and not (present.startswith(TEXTS) and wanted.startswith(TEXTS)):
		raise frappe.missing(f"Changing the type of {column} from {present} to {wanted}")


def _sync_indexes(meta: "Meta") -> None:
	create_index(meta.name, "parent" if meta.istable else "modified", "index")
	for df in meta.of_type(*TYPE_MAP):
		for wanted, kind in ((df.unique, "unique"), (df.search_index and not df.unique, "index")):
			if wanted:
				create_index(meta.name, df.fieldname, kind)
			else:
				frappe.db.sql(f"drop index if exists `tab{meta.name}_{df.fieldname}_{kind}`")


def create_index(doctype: str, fields: str | list[str], kind: str = "index", name: str | None = None) -> None:
	"""Create an index on one field or several; `kind` is index or unique, and the name follows from all that unless told."""
	fields = [fields] if isinstance(fields, str) else fields
	name = name or f"tab{doctype}_{'_'.join(fields)}_{kind}"
	verb = "create unique" if kind == "unique" else "create"
	columns = ", ".join(f"`{field}`" for field in fields)
	frappe.db.sql(f"{verb} index if not exists `{name}` on `tab{doctype}` ({columns})")
