"""Indexes that no DocType can name: of the columns that every table has, and those that are there no more."""

import frappe


def index_creation(doctype: str) -> None:
	"""Index when records were entered, by which Desk's lists sort, unless that is indexed already.

	Frappe 16 does so when it makes a table of MariaDB or SQLite, Frappe 15 when it alters one of MariaDB; neither does on
	PostgreSQL, where it cannot tell either. The name has the DocType in it, since some databases know indexes by that alone.
	"""
	can_tell = frappe.db.db_type != "postgres"
	if not (can_tell and frappe.db.get_column_index(f"tab{doctype}", "creation")):
		frappe.db.add_index(doctype, ["creation"], f"{frappe.scrub(doctype)}_creation_index")


def drop_index(doctype: str, name: str) -> None:
	"""Remove an index, if it is there. Frappe has no call for that, and the query builder of Frappe 15 no such statement."""
	if not frappe.db.has_index(f"tab{doctype}", name):
		return
	if frappe.db.db_type == "mariadb":
		frappe.db.sql_ddl(f"ALTER TABLE `tab{doctype}` DROP INDEX `{name}`")
	else:
		frappe.db.sql_ddl(f"DROP INDEX `{name}`")
