"""Many opportunities from a few, by doubling in the database."""

import frappe
from pypika.analytics import RowNumber

PREFIX = "BENCH-"
OWNERS = 20


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


def remove_owners() -> None:
	"""Remove them, once they have no opportunities."""
	owners = frappe.get_all("User", {"name": ["like", "bench-%@example.com"]}, pluck="name")
	frappe.db.delete("Notification Log", {"for_user": ["in", owners]})
	for owner in owners:
		frappe.delete_doc("User", owner, force=True, ignore_permissions=True)


def copy(names: list[str], last: int) -> list[str]:
	"""Copies of opportunities under the next numbers; returns their names."""
	from crm_pipeline.utils.bulk_sql import fill

	table = frappe.qb.DocType("Opportunity")
	columns = [column for column in frappe.get_meta("Opportunity").get_valid_columns() if column != "name"]
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
