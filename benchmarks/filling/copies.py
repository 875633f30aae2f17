"""Many opportunities from a few, by doubling in the database."""

import frappe
from pypika.analytics import RowNumber

from benchmarks.filling.people import OWNERS, ROLES, owner

PREFIX = "BENCH-"


def make_owners() -> list[str]:
	"""Make the owners, two of whom have the roles that measures are taken with; return their names."""
	owners = [owner(number) for number in range(OWNERS)]
	for email in owners:
		if not frappe.db.exists("User", email):
			user = frappe.get_doc(
				{"doctype": "User", "email": email, "first_name": "Bench", "send_welcome_email": 0}
			)
			user.flags.no_welcome_mail = True
			user.insert()
	for email, role in ROLES.items():
		frappe.get_doc("User", email).add_roles(role)
	return owners


def remove_owners() -> None:
	"""Remove them, once they have no opportunities."""
	owners = frappe.get_all("User", {"name": ["like", "bench-%@example.com"]}, pluck="name")
	frappe.db.delete("Notification Log", {"for_user": ["in", owners]})
	for email in owners:
		frappe.delete_doc("User", email, force=True, ignore_permissions=True)


def copy(names: list[str], last: int, prefix: str = PREFIX) -> list[str]:
	"""Copy opportunities, whose numbers follow each other, under the next numbers; return the names of the copies."""
	from crm_pipeline.utils.bulk_sql import fill

	table = frappe.qb.DocType("Opportunity")
	columns = [column for column in frappe.get_meta("Opportunity").get_valid_columns() if column != "name"]
	number = RowNumber().over().orderby(table.name) + last
	first, final = names[0], names[-1]
	low, high = int(first.removeprefix(prefix)), int(final.removeprefix(prefix))
	query = frappe.qb.into(table).columns("name", *columns).from_(table).where(table.name.isin(names))
	query.select(fill(f"{prefix}#", number), *(table[column] for column in columns)).run()
	return [f"{prefix}{each}" for each in range(last + 1, last + 1 + high - low + 1)]


def record_them_as_created(prefix: str = PREFIX) -> None:
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
		lambda query: query.from_(opportunity).where(opportunity.name.like(f"{prefix}%")),
	)
