"""A site full of opportunities, made from a few by doubling in the database."""

import frappe
from frappe.utils import add_days, now_datetime
from pypika.analytics import RowNumber

PREFIX = "BENCH-"
OWNERS = 20
INACTIVE_DAYS, FRESH_DAYS = 60, 2
TABLES = {
	"Opportunity": "name",
	"Pipeline Change": "opportunity",
	"Auto Closed Opportunity": "opportunity",
	"Comment": "reference_name",
}


def fill(opportunities: int, stale: int) -> None:
	"""Make so many opportunities, of which so many are replied and quiet for long; a third of the rest is replied."""
	owners = make_owners()
	make_seeds(owners, stale, "Replied", INACTIVE_DAYS, 0)
	rest = opportunities - stale
	make_seeds(owners, rest // 3, "Replied", FRESH_DAYS, stale)
	make_seeds(owners, rest - rest // 3, "Open", INACTIVE_DAYS, stale + rest // 3)
	record_them_as_created()
	frappe.db.commit()


def make_owners() -> list[str]:
	owners = [f"bench-{number}@example.com" for number in range(OWNERS)]
	for owner in owners:
		if not frappe.db.exists("User", owner):
			user = frappe.get_doc(
				{"doctype": "User", "email": owner, "first_name": "Bench", "send_welcome_email": 0}
			)
			user.flags.no_welcome_mail = True
			user.insert()
	return owners


def make_seeds(owners: list[str], count: int, status: str, days: int, offset: int) -> None:
	"""Insert opportunities of these owners in turn, from number `offset` + 1 on."""
	at = add_days(now_datetime(), -days)
	for number, owner in enumerate(owners[:count], offset + 1):
		seed = frappe.get_doc(
			{"doctype": "Opportunity", "title": "Bench", "opportunity_owner": owner, "status": status}
		)
		seed.insert(set_name=f"{PREFIX}{number}")
		values = {"status_since": at, "last_contacted_on": at if status == "Replied" else None}
		frappe.db.set_value("Opportunity", seed.name, values, update_modified=False)
	names = [f"{PREFIX}{number}" for number in range(offset + 1, offset + len(owners[:count]) + 1)]
	frappe.db.delete("Pipeline Change", {"opportunity": ["in", names]})
	while len(names) < count:
		names += copy(names[: count - len(names)], offset + len(names))


def copy(names: list[str], last: int) -> list[str]:
	"""Copies of opportunities under the next numbers; returns their names."""
	from crm_pipeline.utils.bulk_sql import fill

	table = frappe.qb.DocType("Opportunity")
	columns = [column for column in frappe.db.get_table_columns("Opportunity") if column != "name"]
	number = RowNumber().over().orderby(table.name) + last
	first, final = names[0], names[-1]
	low, high = int(first.removeprefix(PREFIX)), int(final.removeprefix(PREFIX))
	query = frappe.qb.into(table).columns("name", *columns).from_(table).where(table.name.isin(names))
	query.select(fill(f"{PREFIX}#", number), *(table[column] for column in columns)).run()
	return [f"{PREFIX}{each}" for each in range(last + 1, last + 1 + high - low + 1)]


def record_them_as_created() -> None:
	"""Insert the first line of each opportunity's history."""
	from crm_pipeline.history.changes import STATE_FIELDS
	from crm_pipeline.utils.bulk_sql import insert_from

	opportunity = frappe.qb.DocType("Opportunity")
	values = {
		"opportunity": opportunity.name,
		"change": "Created",
		"idx": 1,
		"at": opportunity.creation,
		"by": opportunity.owner,
	}
	values |= {field: opportunity[field] for field in STATE_FIELDS}
	insert_from(
		"Pipeline Change",
		values,
		opportunity.name,
		lambda query: query.from_(opportunity).where(opportunity.name.like(f"{PREFIX}%")),
	)


def remove() -> None:
	"""Take it all away again."""
	frappe.db.rollback()
	for doctype, field in TABLES.items():
		frappe.db.delete(doctype, {field: ["like", f"{PREFIX}%"]})
	for batch in frappe.get_all("Auto Close Batch", pluck="name"):
		if not frappe.db.exists("Auto Closed Opportunity", {"batch": batch}):
			frappe.db.delete("Notification Log", {"document_name": batch})
			frappe.db.delete("Auto Close Batch", {"name": batch})
	owners = frappe.get_all("User", {"name": ["like", "bench-%@example.com"]}, pluck="name")
	frappe.db.delete("Notification Log", {"for_user": ["in", owners]})
	for owner in owners:
		frappe.delete_doc("User", owner, force=True, ignore_permissions=True)
	frappe.db.commit()
