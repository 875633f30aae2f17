"""Tables from DocTypes. Nothing here ever drops a column or shortens what is stored."""

import frappe

NOCASE = "collate nocase"  # as on MariaDB, names and texts compare without regard to case
COLUMN_TYPES = {
	("decimal", "21,9"): ("Currency", "Float", "Percent"),
	("int", "11"): ("Int",),
	("int", "1"): ("Check",),
	("text", ""): ("Small Text", "Text", "Password", "Attach", "Attach Image"),
	("longtext", ""): ("Long Text", "Code", "Text Editor", "Markdown Editor", "HTML Editor"),
	("date", ""): ("Date",),
	("datetime", "6"): ("Datetime",),
	("time", "6"): ("Time",),
	("varchar", "140"): (
		*("Data", "Link", "Dynamic Link", "Select", "Read Only", "Color", "Icon", "Autocomplete"),
	),
	("json", ""): ("JSON",),
}
TYPE_MAP = {name: column for column, names in COLUMN_TYPES.items() for name in names}
NUMERIC_FIELDTYPES = {name for name, (kind, _size) in TYPE_MAP.items() if kind in ("decimal", "int")}
CHECKED_FIELDTYPES = NUMERIC_FIELDTYPES | {"Date", "Datetime", "Time"}
WITHOUT_COLUMN = {
	*("Section Break", "Column Break", "Tab Break", "Table", "Table MultiSelect"),
	*("HTML", "Button", "Image", "Fold", "Heading"),
}
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
)"""


def create_plain_tables() -> None:
	"""The tables that are no DocTypes."""
	for statement in PLAIN_SCHEMA.split(";"):
		frappe.db.sql(statement)


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
		frappe.db.sql(_create_statement(f"tab{doctype}", wanted))
	elif any(_is_changed(present[name], wanted[name]) for name in wanted.keys() & present.keys()):
		_rebuild(f"tab{doctype}", present, wanted)
	else:
		for name in wanted.keys() - present.keys():
			frappe.db.sql(f"alter table `tab{doctype}` add column `{name}` {wanted[name]}")
	frappe.db._columns.clear()
	_sync_indexes(meta)


def column_definitions(meta) -> dict[str, str]:
	"""Column name to SQL definition, the primary key first."""
	if meta.is_virtual:
		raise frappe.missing("A virtual DocType")
	columns = {"name": f"varchar(140) {NOCASE} primary key not null", **STANDARD_COLUMNS}
	columns |= CHILD_COLUMNS if meta.istable else PARENT_COLUMNS
	if meta.track_seen:
		columns["_seen"] = "text"
	for df in meta.fields:
		if df.fieldtype not in WITHOUT_COLUMN:
			columns.setdefault(df.fieldname, _definition(df))
	return columns


def _definition(df) -> str:
	if df.fieldtype not in TYPE_MAP or df.is_virtual:
		raise frappe.missing(f"A {'virtual' if df.is_virtual else df.fieldtype} field ({df.fieldname})")
	kind, size = TYPE_MAP[df.fieldtype]
	if kind == "int":
		return f"int not null default {frappe.utils.cint(df.default)}"
	if kind == "decimal":
		return f"real not null default {frappe.utils.flt(df.default)}"
	if kind in ("date", "datetime", "time"):
		return kind
	return f"{kind}({df.length or size}) {NOCASE}" if kind == "varchar" else f"{kind} {NOCASE}"


def _is_changed(present: str, wanted: str) -> bool:
	"""Whether a column needs another type; a shorter text is left as long as it was."""
	wanted = wanted.split(" ")[0]
	both_texts = present.startswith("varchar(") and wanted.startswith("varchar(")
	return int(present[8:-1]) < int(wanted[8:-1]) if both_texts else present != wanted


def _create_statement(table: str, columns: dict[str, str]) -> str:
	return f"create table `{table}` ({', '.join(f'`{name}` {sql}' for name, sql in columns.items())})"


def _rebuild(table: str, present: dict[str, str], wanted: dict[str, str]) -> None:
	"""Copy the rows into a table with the wanted types; columns that no field has any more come along."""
	columns = wanted | {name: kind for name, kind in present.items() if name not in wanted}
	values = {name: f"`{name}`" for name in columns if name in present}
	for name in values:
		if "not null default" in columns[name]:
			values[name] = f"coalesce(`{name}`, {columns[name].split('default ')[1]})"
	names = ", ".join(f"`{name}`" for name in values)
	frappe.db.sql(_create_statement(f"{table}__new", columns))
	frappe.db.sql(f"insert into `{table}__new` ({names}) select {', '.join(values.values())} from `{table}`")
	frappe.db.sql(f"drop table `{table}`")
	frappe.db.sql(f"alter table `{table}__new` rename to `{table}`")


def _sync_indexes(meta) -> None:
	create_index(meta.name, ["parent"] if meta.istable else ["modified"])
	for df in meta.of_type(*TYPE_MAP):
		for wanted, suffix in ((df.unique, "unique"), (df.search_index and not df.unique, "index")):
			if wanted:
				create_index(meta.name, [df.fieldname], f"{df.fieldname}_{suffix}", unique=suffix == "unique")
			else:
				frappe.db.sql(f"drop index if exists `tab{meta.name}_{df.fieldname}_{suffix}`")


def create_index(
	doctype: str, fields: list[str], index_name: str | None = None, unique: bool = False
) -> None:
	name = f"tab{doctype}_{index_name or '_'.join(fields) + '_index'}"
	columns = ", ".join(f"`{field}`" for field in fields)
	frappe.db.sql(
		f"create {'unique ' if unique else ''}index if not exists `{name}` on `tab{doctype}` ({columns})"
	)
