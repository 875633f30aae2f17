"""A site with years behind it: opportunities of twenty owners with their whole history, won, lost, closed and in play."""

from datetime import date, timedelta

import frappe
from frappe.utils import getdate

from benchmarks.filling.copies import PREFIX, copy, make_owners
from benchmarks.filling.lives import IN_PLAY, LOST, WON, Life, life

SEEDS = 1000
REASONS, COMPETITORS, SOURCES, TYPES = 5, 4, 6, 3
MOST_AT_ONCE = 50  # seeds whose history is copied by one statement
PROCESS = "Standard"


def is_filled(opportunities: int, changes: int) -> bool:
	found = frappe.db.count("Opportunity", {"name": ["like", f"{PREFIX}%"]})
	return found == opportunities and changes_of_first() == changes


def changes_of_first() -> int:
	return frappe.db.count("Pipeline Change", {"opportunity": f"{PREFIX}1"})


def fill(opportunities: int, changes: int) -> None:
	"""Make so many opportunities of so many changes each, and let the database look at its tables again."""
	owners = make_owners()
	masters = make_masters()
	names = []
	for number in range(1, min(SEEDS, opportunities) + 1):
		names.append(make_seed(number, owners, masters, changes))
		if number % 100 == 0:
			frappe.db.commit()
	seeds = names[:]
	while len(names) < opportunities:
		names += copy(names[: opportunities - len(names)], len(names))
		frappe.db.commit()
	for start in range(0, len(seeds), MOST_AT_ONCE):
		copy_rows(seeds[start : start + MOST_AT_ONCE])
		frappe.db.commit()
	analyze()


def make_masters() -> dict[str, list[str]]:
	"""Make what opportunities link with; return the names by DocType."""
	return {
		doctype: [make_master(doctype, field, number) for number in range(count)]
		for doctype, field, count in (
			("Lost Reason", "lost_reason", REASONS),
			("Competitor", "competitor_name", COMPETITORS),
			("Lead Source", "source_name", SOURCES),
			("Opportunity Type", "type_name", TYPES),
		)
	}


def make_master(doctype: str, field: str, number: int) -> str:
	name = f"{PREFIX}{doctype} {number}"
	if not frappe.db.exists(doctype, name):
		frappe.get_doc({"doctype": doctype, field: name}).insert(set_name=name)
	return name


def make_seed(number: int, owners: list[str], masters: dict, changes: int) -> str:
	"""Insert one as it came in, and let it be what its life made of it, with its history."""
	from crm_pipeline.history.spans import spans_of
	from crm_pipeline.utils.bulk_sql import bulk_insert, new_row

	doc = frappe.get_doc(
		{
			"doctype": "Opportunity",
			# The number of the seed, by which copies find the history to copy.
			"title": f"{PREFIX}{number}",
			"opportunity_owner": owners[number % len(owners)],
			"sales_process": PROCESS,
			"source": masters["Lead Source"][number % SOURCES],
			"opportunity_type": masters["Opportunity Type"][number % TYPES],
		}
	).insert(set_name=f"{PREFIX}{number}")
	constant = {
		"opportunity_owner": doc.opportunity_owner,
		"sales_process": PROCESS,
		"currency": doc.currency,
		"conversion_rate": 1,
	}
	one = life(number, changes, getdate(), constant)
	values = {**one.state, **dates_of(one, number)}
	frappe.db.set_value("Opportunity", doc.name, values, update_modified=False)
	frappe.db.delete("Pipeline Change", {"opportunity": doc.name})
	spans = spans_of([(row["change"], row["at"]) for row in one.changes])
	rows = (
		{**new_row(), "opportunity": doc.name, "idx": idx, "by": doc.opportunity_owner, **row, **span}
		for idx, (row, span) in enumerate(zip(one.changes, spans, strict=True), 1)
	)
	bulk_insert("Pipeline Change", rows)
	if one.state["status"] == LOST:
		make_reasons(doc.name, number, masters)
	return doc.name


def dates_of(one: Life, number: int) -> dict:
	"""Return what follows from a life beside the state after it."""
	begin, end = one.changes[0]["at"], one.changes[-1]["at"]
	weighted = round(one.state["base_opportunity_amount"] * one.state["probability"] / 100, 2)
	minutes = number * 53 % 5000
	return {
		"own_status": one.state["status"],
		"transaction_date": begin.date(),
		"creation": begin,
		"modified": end,
		"status_since": end,
		"last_change_on": end,
		"weighted_amount": weighted,
		**outcome_of(one, end.date()),
		**(
			{"first_responded_on": begin + timedelta(minutes=minutes), "mins_to_first_response": minutes}
			if number % 4
			else {}
		),
	}


def outcome_of(one: Life, day: date) -> dict:
	status, amount = one.state["status"], one.state["opportunity_amount"]
	if status == IN_PLAY:
		return {}
	won = {"close_revenue": amount, "base_close_revenue": amount} if status == WON else {}
	return {"closed_on": day, **won}


def make_reasons(name: str, number: int, masters: dict) -> None:
	"""Give a lost one one or two reasons and, every other one, a competitor."""
	from crm_pipeline.utils.bulk_sql import bulk_insert, new_row

	parent = {"parent": name, "parenttype": "Opportunity"}
	reasons = [masters["Lost Reason"][(number // 7 + each) % REASONS] for each in range(1 + number % 2)]
	bulk_insert(
		"Lost Reason Detail",
		(
			{**new_row(), **parent, "parentfield": "lost_reasons", "idx": idx, "lost_reason": reason}
			for idx, reason in enumerate(reasons, 1)
		),
	)
	if number % 2:
		rival = masters["Competitor"][number // 11 % COMPETITORS]
		row = {**new_row(), **parent, "parentfield": "competitors", "idx": 1, "competitor": rival}
		bulk_insert("Competitor Detail", [row])


def copy_rows(seeds: list[str]) -> None:
	"""Give the copies of some seeds the history of these, and what they were lost for."""
	from crm_pipeline.utils.bulk_sql import insert_from

	opportunity = frappe.qb.DocType("Opportunity")
	for doctype, parent in {
		"Pipeline Change": "opportunity",
		"Lost Reason Detail": "parent",
		"Competitor Detail": "parent",
	}.items():
		row = frappe.qb.DocType(doctype).as_("row")
		columns = frappe.get_meta(doctype).get_valid_columns()
		values = {**{each: row[each] for each in columns if each != "name"}, parent: opportunity.name}

		def source(query, row=row, parent=parent):
			query = query.from_(opportunity).join(row).on(row[parent] == opportunity.title)
			return query.where(opportunity.title.isin(seeds) & (opportunity.name != opportunity.title))

		insert_from(doctype, values, row.name, source)


def analyze() -> None:
	"""Let MariaDB and SQLite count what is in their tables, as they do by themselves in the long run."""
	for doctype in ("Opportunity", "Pipeline Change", "Lost Reason Detail", "Competitor Detail"):
		table = "ANALYZE TABLE" if frappe.db.db_type == "mariadb" else "ANALYZE"
		frappe.db.sql(f"{table} `tab{doctype}`")
