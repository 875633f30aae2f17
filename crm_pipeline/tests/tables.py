"""What the tables of a site hold, to be compared before and after."""

from collections import Counter

import frappe

from crm_pipeline.constants import MODULE
from crm_pipeline.tests.sources import APP

MOMENTS = {
	"creation",
	"modified",
	"modified_by",
	"is_setup_complete",
}  # what only says that a row was written again
NEW_NAMES = {"tabDefaultValue", "tabInstalled Application"}  # whose rows are deleted and written again
# What Frappe notes whenever somebody deletes, exports or prints something, signs in, gets a role, or meets an error.
NOTED_BY_FRAPPE = {
	"Deleted Document": {},
	"Access Log": {},
	"Activity Log": {},
	"Permission Log": {},
	"Error Log": {},
	"Comment": {"comment_type": "Deleted"},
	# Of events, whose own deletion leaves them to a job, and of what each migration writes again.
	"Version": {"ref_doctype": ["in", ["Event", "Installed Applications"]]},
}
# What Frappe writes beside the records: settings of lists and the index of its search, when a queue gets to them, and
# the rows of imports.
BESIDE_RECORDS = ("__UserSettings", "__global_search", "tabData Import Log")
WITHOUT_NAMES = {"tabSingles", "tabSeries", "tabSessions"}

Contents = dict[str, Counter]

try:
	from frappe.tests.utils.generators import make_test_records
except ImportError:
	make_test_records = None  # before Frappe 16, test cases make no records by themselves


def make_records_of_frappes_tests() -> None:
	"""Let Frappe make and commit the records that its test cases bring along for the DocTypes with tests beside them."""
	if make_test_records:
		for folder in sorted({path.parent.name for path in APP.glob("crm_pipeline/doctype/*/test_*.py")}):
			make_test_records(frappe.unscrub(folder))
		frappe.db.commit()


def contents() -> Contents:
	"""The rows of each table, as far as they say anything."""
	return {table: rows_of(table) for table in sorted(frappe.db.get_tables(cached=False)) if is_kept(table)}


def records() -> Contents:
	"""Which records there are, and what our own, the settings and the series say."""
	own = {f"tab{doctype}" for doctype in frappe.get_all("DocType", {"module": MODULE}, pluck="name")}
	return {
		table: rows_of(table)
		if table in own | WITHOUT_NAMES | NEW_NAMES or table.startswith("__")
		else names_in(table)
		for table in sorted(frappe.db.get_tables(cached=False))
		if is_kept(table) and table not in BESIDE_RECORDS
	}


def forget_what_frappe_notes(before: Contents) -> None:
	"""Take back what Frappe noted since then."""
	noted = {key: filters for key, filters in NOTED_BY_FRAPPE.items() if f"tab{key}" in before}
	for doctype, filters in noted.items():
		for row in names_in(f"tab{doctype}") - before[f"tab{doctype}"]:
			frappe.db.delete(doctype, {**dict(row), **filters})
	forget_defaults_of_nobody()
	frappe.db.commit()


def forget_defaults_of_nobody() -> None:
	"""Delete what Frappe keeps of users whom a test has deleted."""
	default, user = frappe.qb.DocType("DefaultValue"), frappe.qb.DocType("User")
	users = frappe.qb.from_(user).select(user.name)
	of_user = default.parent.like("%@%") & default.parent.notin(users)
	frappe.qb.from_(default).delete().where(of_user).run()


def put_back_series(before: Contents) -> None:
	"""Give the numbers of series back, which Frappe does for the last record alone; none may be in use any more."""
	series = frappe.qb.Table("tabSeries")
	former = {row["name"]: row["current"] for row in map(dict, before["tabSeries"])}
	frappe.qb.from_(series).delete().where(series.name.notin(list(former) or [""])).run()
	for name, current in former.items():
		frappe.qb.update(series).set(series.current, current).where(series.name == name).run()
	frappe.db.commit()


def names_in(table: str) -> Counter:
	table = frappe.qb.Table(table)
	rows = frappe.qb.from_(table).select(table.name).run()
	return Counter((("name", str(name)),) for (name,) in rows)


def is_kept(table: str) -> bool:
	"""Whether a table is the site's own: a sequence or an index of a text search is the database's."""
	return table.startswith(("tab", "__")) and not table.startswith("__global_search_")


def rows_of(table: str) -> Counter:
	ignored = MOMENTS | ({"name"} if table in NEW_NAMES else set())
	rows = frappe.qb.from_(frappe.qb.Table(table)).select("*").run(as_dict=True)
	return Counter(
		tuple((key, str(row[key])) for key in row if key not in ignored)
		for row in rows
		if table != "tabSingles" or row["field"] not in MOMENTS
	)


def differences(before: Contents, after: Contents) -> list[str]:
	"""A line for each row that came or went, and for each table and column."""
	lines = []
	for table in sorted(before.keys() | after.keys()):
		if table not in before or table not in after:
			lines.append(f"{'+' if table in after else '-'} {table}")
			continue
		lines += [f"- {table} {shown(row)}" for row in (before[table] - after[table]).elements()]
		lines += [f"+ {table} {shown(row)}" for row in (after[table] - before[table]).elements()]
	return lines


def is_of_series(line: str) -> bool:
	return line[2:].startswith("tabSeries ")


def shown(row: tuple) -> str:
	return " ".join(f"{key}={value[:60]}" for key, value in row if value not in ("None", "", "0", "0.0"))
