"""Tables from DocTypes. Nothing here ever drops a column or shortens what is stored."""

import frappe
from frappe.types import _dict

NOCASE = "collate nocase"  # as on MariaDB, names and texts compare without regard to case
TYPE_MAP = {
	"Currency": ("decimal", "21,9"),
	"Int": ("int", "11"),
	"Long Int": ("bigint", "20"),
	"Float": ("decimal", "21,9"),
	"Percent": ("decimal", "21,9"),
	"Check": ("int", "1"),
	"Small Text": ("text", ""),
	"Long Text": ("longtext", ""),
	"Code": ("longtext", ""),
	"Text Editor": ("longtext", ""),
	"Markdown Editor": ("longtext", ""),
	"HTML Editor": ("longtext", ""),
	"Date": ("date", ""),
	"Datetime": ("datetime", "6"),
	"Time": ("time", "6"),
	"Text": ("text", ""),
	"Data": ("varchar", "140"),
	"Link": ("varchar", "140"),
	"Dynamic Link": ("varchar", "140"),
	"Password": ("text", ""),
	"Select": ("varchar", "140"),
	"Rating": ("decimal", "3,2"),
	"Read Only": ("varchar", "140"),
	"Attach": ("text", ""),
	"Attach Image": ("text", ""),
	"Signature": ("longtext", ""),
	"Color": ("varchar", "140"),
	"Barcode": ("longtext", ""),
	"Geolocation": ("longtext", ""),
	"Duration": ("decimal", "21,9"),
	"Icon": ("varchar", "140"),
	"Phone": ("varchar", "140"),
	"Autocomplete": ("varchar", "140"),
	"JSON": ("json", ""),
}
CHECKED_FIELDTYPES = {"Date", "Datetime", "Time", "Int", "Check", *(k for k, v in TYPE_MAP.items() if v[0] == "decimal")}
STANDARD_COLUMNS = {
	"creation": "datetime",
	"modified": "datetime",
	"modified_by": f"varchar(140) {NOCASE}",
	"owner": f"varchar(140) {NOCASE}",
	"docstatus": "int not null default 0",
	"idx": "int not null default 0",
}
CHILD_COLUMNS = {name: f"varchar(140) {NOCASE}" for name in ("parent", "parentfield", "parenttype")}
PARENT_COLUMNS = {name: "text" for name in ("_user_tags", "_comments", "_assign", "_liked_by")}
PLAIN_TABLES = {"Singles", "Series", "Sessions"}
PLAIN_SCHEMA = f"""
create table if not exists `tabSingles` (doctype text {NOCASE}, field text {NOCASE}, value text);
create index if not exists `tabSingles_doctype` on `tabSingles` (doctype, field);
create table if not exists `tabSeries` (name text {NOCASE} primary key, current int not null default 0);
create table if not exists `tabSessions` (
	user text {NOCASE}, sid text primary key, sessiondata text, ipaddress text,
	lastupdate datetime, status text
);
create table if not exists `__Auth` (
	doctype text {NOCASE}, name text {NOCASE}, fieldname text {NOCASE},
	password text not null, encrypted int not null default 0,
	primary key (doctype, name, fieldname)
);
create table if not exists `__UserSettings` (user text, doctype text, data text, primary key (user, doctype));
"""


def create_plain_tables(db) -> None:
	"""The tables that are no DocTypes."""
	for statement in PLAIN_SCHEMA.split(";"):
		if statement.strip():
			db.sql(statement)


def has_standard_columns(doctype: str) -> bool:
	return doctype not in PLAIN_TABLES and not doctype.startswith("__")


def sync_table(doctype: str) -> None:
	"""Create the table of a DocType, or bring the one it has up to date: columns, their types, indexes."""
	meta = frappe.get_meta(doctype, cached=False)
	if meta.issingle or meta.is_virtual:
		return
	wanted = column_definitions(meta)
	present = _present_columns(doctype)
	if not present:
		frappe.db.sql(_create_statement(f"tab{doctype}", wanted))
	elif _needs_rebuild(present, wanted):
		_rebuild(doctype, present, wanted)
	else:
		for name in wanted.keys() - present.keys():
			frappe.db.sql(f"alter table `tab{doctype}` add column `{name}` {wanted[name]}")
	frappe.db._columns.clear()
	_sync_indexes(meta)


def column_definitions(meta) -> dict[str, str]:
	"""Column name to SQL definition, the primary key first."""
	key = "integer primary key" if meta.autoname == "autoincrement" else f"varchar(140) {NOCASE} primary key not null"
	columns = {"name": key, **STANDARD_COLUMNS, **(CHILD_COLUMNS if meta.istable else PARENT_COLUMNS)}
	if meta.track_seen:
		columns["_seen"] = "text"
	for df in meta.fields:
		if df.fieldtype in TYPE_MAP and not df.is_virtual:
			columns.setdefault(df.fieldname, _definition(df))
	return columns


def _definition(df) -> str:
	kind, size = TYPE_MAP[df.fieldtype]
	if kind in ("int", "bigint", "decimal"):
		default = frappe.utils.flt(df.default) if kind == "decimal" else frappe.utils.cint(df.default)
		return f"{'real' if kind == 'decimal' else kind} not null default {default}"
	if kind in ("date", "datetime", "time"):
		return kind
	if kind == "varchar":
		kind = f"varchar({df.length or size})"
	return f"{kind} {NOCASE}{_text_default(df)}"


def _text_default(df) -> str:
	dynamic = not df.default or df.default.startswith(("__", ":")) or df.default.lower() in ("today", "now")
	if dynamic or df.fieldtype not in ("Data", "Select", "Link", "Read Only"):
		return ""
	return f" default {frappe.db.escape(df.default, percent=False)}"


def _present_columns(doctype: str) -> dict[str, _dict]:
	table = frappe.db.escape(f"tab{doctype}", percent=False)
	rows = frappe.db.sql(f"select name, type from pragma_table_info({table})", as_dict=True)
	return {row.name: row for row in rows}


def _needs_rebuild(present: dict, wanted: dict[str, str]) -> bool:
	"""Whether a column changed its type; a shorter text is left as long as it was."""
	for name in wanted.keys() & present.keys():
		old, new = present[name].type.lower(), wanted[name].split(" ")[0]
		if old != new and not (_length(old) and _length(new) and _length(old) >= _length(new)):
			return True
	return False


def _length(declared: str) -> int:
	return int(declared[8:-1]) if declared.startswith("varchar(") else 0


def _create_statement(table: str, columns: dict[str, str]) -> str:
	return f"create table `{table}` ({', '.join(f'`{name}` {sql}' for name, sql in columns.items())})"


def _rebuild(doctype: str, present: dict, wanted: dict[str, str]) -> None:
	"""Copy the rows into a table with the wanted types; columns that no field has any more come along."""
	table, copy = f"tab{doctype}", f"tab{doctype}__new"
	columns = wanted | {name: row.type for name, row in present.items() if name not in wanted}
	shared = [name for name in columns if name in present]
	values = [
		f"coalesce(`{name}`, {columns[name].split('default ')[1]})" if "not null default" in columns[name] else f"`{name}`"
		for name in shared
	]
	names = ", ".join(f"`{name}`" for name in shared)
	frappe.db.sql(_create_statement(copy, columns))
	frappe.db.sql(f"insert into `{copy}` ({names}) select {', '.join(values)} from `{table}`")
	frappe.db.sql(f"drop table `{table}`")
	frappe.db.sql(f"alter table `{copy}` rename to `{table}`")


def _sync_indexes(meta) -> None:
	create_index(frappe.db, meta.name, ["parent"] if meta.istable else ["modified"])
	for df in meta.fields:
		if df.fieldtype not in TYPE_MAP or df.is_virtual:
			continue
		if df.unique:
			create_index(frappe.db, meta.name, [df.fieldname], f"{df.fieldname}_unique", unique=True)
		else:
			frappe.db.sql(f"drop index if exists `tab{meta.name}_{df.fieldname}_unique`")
		if df.search_index:
			create_index(frappe.db, meta.name, [df.fieldname])
		elif not df.unique:
			frappe.db.sql(f"drop index if exists `tab{meta.name}_{df.fieldname}_index`")


def create_index(db, doctype: str, fields: list[str], index_name: str | None = None, unique: bool = False) -> None:
	name = f"tab{doctype}_{index_name or '_'.join(fields) + '_index'}"
	columns = ", ".join(f"`{field.split('(')[0]}`" for field in fields)
	db.sql(f"create {'unique ' if unique else ''}index if not exists `{name}` on `tab{doctype}` ({columns})")
