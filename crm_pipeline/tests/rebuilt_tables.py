"""Tables of SQLite, which Frappe 16 makes anew, without key and indexes, when a column is added to them."""

import frappe


def definition(table: str) -> list[str]:
	"""Return the statements that make a table of SQLite and its indexes, that of the table first.

	Other databases alter a table where it stands: nothing there.

	Args:
		table: the name of the table, such as "tabLead".
	"""
	if frappe.db.db_type != "sqlite":
		return []
	schema = frappe.qb.Table("sqlite_master")
	of_the_table = schema.tbl_name.eq(table) & schema.sql.notnull()
	found = frappe.qb.from_(schema).select(schema.type, schema.name, schema.sql).where(of_the_table).run()
	return [statement for _kind, _name, statement in sorted(found, key=lambda row: (row[0] != "table", row))]


def put_back(table: str, defined: list[str]) -> None:
	"""Give a table the key and the indexes that it had, with the rows that it has now. Commits.

	Args:
		table: the name of the table, whose columns must be the same again.
		defined: what `definition` told of it before.
	"""
	if definition(table) == defined:
		return
	columns = ", ".join(f"`{column}`" for column in frappe.db.get_table_columns(table.removeprefix("tab")))
	frappe.db.commit()
	frappe.db.sql_ddl(f"ALTER TABLE `{table}` RENAME TO `{table} before`")
	frappe.db.sql_ddl(defined[0])
	frappe.db.sql_ddl(f"INSERT INTO `{table}` ({columns}) SELECT {columns} FROM `{table} before`")
	frappe.db.sql_ddl(f"DROP TABLE `{table} before`")
	for index in defined[1:]:
		frappe.db.sql_ddl(index)
	frappe.db.commit()
