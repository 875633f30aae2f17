"""The same lives of opportunities on a site that has ERPNext, by statements of MariaDB."""

import json
from datetime import date

import frappe
from frappe.utils import getdate

from benchmarks.filling.copies import PREFIX
from benchmarks.filling.lives import ENDS, LOST, STAGES, Life, life
from benchmarks.filling.people import OWNERS, ROLES, owner
from benchmarks.filling.sites import foreign_records

SEEDS, REASONS, SOURCES, TYPES = 1000, 5, 6, 3


class NotReady(Exception):
	"""A site that ERPNext is not on, or whose setup wizard nobody has answered."""


def check() -> dict[str, int]:
	"""Return how many records of others the site has, by DocType.

	Raises:
		NotReady
	"""
	if "erpnext" not in frappe.get_installed_apps():
		raise NotReady("ERPNext is not installed there.")
	if not frappe.db.count("Company"):
		raise NotReady("it has no company yet; answer its setup wizard.")
	return foreign_records()


def company() -> str:
	return frappe.get_all("Company", pluck="name", limit=1)[0]


def fill(opportunities: int, changes: int) -> None:
	"""Make so many, or as many more as are missing: a thousand from their lives, the others as copies of these."""
	there = frappe.db.count("Opportunity", {"name": ["like", f"{PREFIX}%"]})
	make_masters()
	if there == opportunities:
		frappe.db.commit()
		return
	if not SEEDS <= there < opportunities:
		remove()
		there = 0
	if not there:
		there = min(SEEDS, opportunities)
		rows = [seed(number, changes, getdate()) for number in range(1, there + 1)]
		frappe.db.bulk_insert("Opportunity", list(rows[0]), [tuple(row.values()) for row in rows])
	done = there
	while done < opportunities:
		done += copy(min(done, opportunities - done), done)
		frappe.db.commit()
	frappe.db.delete("Opportunity Lost Reason Detail", {"parent": ["like", f"{PREFIX}%"]})
	reasons()
	frappe.db.commit()
	for doctype in ("Opportunity", "Opportunity Lost Reason Detail"):
		frappe.db.sql(f"ANALYZE TABLE `tab{doctype}`")


def make_masters() -> None:
	"""Make what opportunities link with, and let two of the owners work, unless they are there."""
	for doctype, values in masters().items():
		for value in values:
			if not frappe.db.exists(doctype, value["name"]):
				row = frappe.get_doc({"doctype": doctype, **value})
				row.flags.no_welcome_mail = True
				row.insert(set_name=value["name"])
	for user, role in ROLES.items():
		frappe.get_doc("User", user).add_roles(role)


def masters() -> dict[str, list[dict]]:
	stages = (*STAGES, *(stage for stage, _probability in ENDS.values()))
	return {
		"User": [
			{"name": owner(each), "email": owner(each), "first_name": "Bench", "send_welcome_email": 0}
			for each in range(OWNERS)
		],
		"Sales Stage": [{"name": stage, "stage_name": stage} for stage in stages],
		"Lead": [{"name": f"{PREFIX}Lead", "first_name": f"{PREFIX}Lead"}],
		"Lead Source": [
			{"name": f"{PREFIX}Source {each}", "source_name": f"{PREFIX}Source {each}"}
			for each in range(SOURCES)
		],
		"Opportunity Type": [{"name": f"{PREFIX}Type {each}"} for each in range(TYPES)],
		"Opportunity Lost Reason": [
			{"name": f"{PREFIX}Reason {each}", "lost_reason": f"{PREFIX}Reason {each}"}
			for each in range(REASONS)
		],
	}


def seed(number: int, changes: int, today: date) -> dict:
	"""Return the columns of one as its life left it."""
	one: Life = life(number, changes, today, {})
	begin, end = one.changes[0]["at"], one.changes[-1]["at"]
	return {
		"name": f"{PREFIX}{number}",
		"creation": begin,
		"modified": end,
		"owner": owner(number),
		"modified_by": owner(number),
		"naming_series": "CRM-OPP-.YYYY.-",
		# The number of the seed, by which copies find what they were lost for.
		"title": f"{PREFIX}{number}",
		"opportunity_from": "Lead",
		"party_name": f"{PREFIX}Lead",
		"customer_name": f"{PREFIX}Lead",
		"company": company(),
		"status": one.state["status"],
		"sales_stage": one.state["sales_stage"],
		"probability": one.state["probability"],
		"expected_closing": one.state["expected_closing"],
		"transaction_date": begin.date(),
		"currency": "USD",
		"conversion_rate": 1,
		"opportunity_amount": one.state["opportunity_amount"],
		"base_opportunity_amount": one.state["base_opportunity_amount"],
		"opportunity_owner": owner(number),
		"_assign": json.dumps([owner(number)]),
		"source": f"{PREFIX}Source {number % SOURCES}",
		"opportunity_type": f"{PREFIX}Type {number % TYPES}",
		"first_response_time": number * 53 % 5000 * 60 if number % 4 else None,
	}


def copy(count: int, last: int) -> int:
	"""Copy the first so many under the next numbers, with one statement."""
	columns = [each for each in frappe.db.get_table_columns("Opportunity") if each != "name"]
	quoted = ", ".join(f"`{each}`" for each in columns)
	number = f"CAST(SUBSTRING(name, {len(PREFIX) + 1}) AS INT)"
	frappe.db.sql(
		f"INSERT INTO `tabOpportunity` (name, {quoted}) SELECT CONCAT('{PREFIX}', {number} + %s), {quoted}"
		f" FROM `tabOpportunity` WHERE name LIKE '{PREFIX}%%' AND {number} <= %s",
		(last, count),
	)
	return count


def reasons() -> None:
	"""Give every lost one one or two reasons, as ours have them."""
	seed_number = f"CAST(SUBSTRING(title, {len(PREFIX) + 1}) AS INT)"
	for idx in (1, 2):
		frappe.db.sql(
			"INSERT INTO `tabOpportunity Lost Reason Detail`"
			" (name, creation, modified, owner, modified_by, parent, parenttype, parentfield, idx, lost_reason)"
			f" SELECT CONCAT(name, '-', {idx}), creation, modified, owner, owner, name, 'Opportunity', 'lost_reasons', {idx},"
			f" CONCAT('{PREFIX}Reason ', ({seed_number} DIV 7 + {idx - 1}) %% {REASONS})"
			f" FROM `tabOpportunity` WHERE status = %s AND {seed_number} %% 2 >= {idx - 1}",
			LOST,
		)


def remove() -> None:
	for doctype, field in (("Opportunity Lost Reason Detail", "parent"), ("Opportunity", "name")):
		frappe.db.delete(doctype, {field: ["like", f"{PREFIX}%"]})
		frappe.db.commit()
