"""Indexes that no DocType can name: of the columns that every table has, and those that are there no more."""

from typing import NamedTuple

import frappe

# By name: the DocType of Frappe and the columns. Tasks are asked for by whose they are or when, entries of the calendar by when.
OF_FRAPPE = {
	"assigned_tasks_index": ("ToDo", ["reference_type", "allocated_to", "status", "date"]),
	"tasks_by_day_index": ("ToDo", ["reference_type", "status", "date"]),
	"entries_by_start_index": ("Event", ["status", "starts_on"]),
}


class Index(NamedTuple):
	"""Columns that are indexed together, and the name of the index where Frappe does not derive it from them."""

	columns: tuple[str, ...]
	name: str | None = None


def add_indexes(doctype: str, *indexes: Index) -> None:
	"""Add indexes to the table of a DocType, as far as they are not there: on SQLite, Frappe would commit for nothing."""
	for index in indexes:
		if not is_there(doctype, index):
			frappe.db.add_index(doctype, [*index.columns], index.name)


def is_there(doctype: str, index: Index) -> bool:
	"""Return whether the table of a DocType has an index, under the name that it, this app or its host gives it.

	One column may be indexed under any name, which PostgreSQL cannot tell.
	"""
	table, columns = f"tab{doctype}", "_".join(index.columns)
	names = [index.name] if index.name else [f"{columns}_index", f"{table}_{columns}_index"]
	if any(frappe.db.has_index(table, name) for name in names):
		return True
	alone = len(index.columns) == 1 and frappe.db.db_type != "postgres"
	return bool(alone and frappe.db.get_column_index(table, index.columns[0]))


def column_index(doctype: str, column: str) -> Index:
	"""Return the index of one column, under a name that has the DocType in it: some databases know indexes by that alone."""
	return Index((column,), f"{frappe.scrub(doctype)}_{column}_index")


def index_creation(doctype: str) -> None:
	"""Index when records were entered, by which Desk's lists sort, unless that is indexed already.

	Frappe 16 does so when it makes a table of MariaDB or SQLite, Frappe 15 when it alters one of MariaDB; neither does on
	PostgreSQL, where it cannot tell either.
	"""
	index_column(doctype, "creation")


def index_column(doctype: str, column: str) -> None:
	"""Index a column unless that is done already: Frappe 16 makes none on SQLite of the fields that are to be searched by."""
	add_indexes(doctype, column_index(doctype, column))


def index_tables_of_frappe() -> None:
	"""Add the indexes that Frappe's own tables lack, such as for who sees only what is assigned to them."""
	for name, (doctype, fields) in OF_FRAPPE.items():
		add_indexes(doctype, Index(tuple(fields), name))


def leave_tables_of_frappe() -> None:
	"""Remove those indexes again."""
	for name, (doctype, _fields) in OF_FRAPPE.items():
		drop_index(doctype, name)


def drop_index(doctype: str, name: str | None) -> None:
	"""Remove an index, if it is there. Frappe has no call for that, and the query builder of Frappe 15 no such statement."""
	if not name or not frappe.db.has_index(f"tab{doctype}", name):
		return
	if frappe.db.db_type == "mariadb":
		frappe.db.sql_ddl(f"ALTER TABLE `tab{doctype}` DROP INDEX `{name}`")
	else:
		frappe.db.sql_ddl(f"DROP INDEX `{name}`")
