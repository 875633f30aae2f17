"""Asks the site, through lists and reports, for the numbers that were computed from the files."""

import frappe
from frappe.desk.query_report import run
from frappe.utils import flt, get_last_day

from benchmarks.import_sales_data.importer import CHUNK
from benchmarks.import_sales_data.sheets import STAGES, email_of
from benchmarks.import_sales_data.source import Numbers, Source

THEIR_STAGE = {ours: theirs for theirs, ours in STAGES.items()}


def differences(source: Source, expected: Numbers) -> list[str]:
	"""Return every number in which lists or reports of the site differ from `expected`, in words."""
	agents = {email_of(row["sales_agent"]): row["sales_agent"] for row in source.agents}
	found = numbers_from_lists(agents)
	answers = {f"lists, {name}": (getattr(found, name), value) for name, value in vars(expected).items()}
	answers |= answers_of_reports(source, agents, expected)
	return [
		difference
		for name, (found_value, wanted) in answers.items()
		if (difference := difference_of(name, found_value, wanted))
	]


def difference_of(name: str, found, wanted) -> str | None:
	"""In words, what two numbers, or the first that differs of several by key, are; None if they agree."""
	if found == wanted:
		return None
	if not isinstance(found, dict):
		return f"{name}: {found} instead of {wanted}"
	keys = [key for key in {**found, **wanted} if found.get(key) != wanted.get(key)]
	first = keys[0]
	return f"{name}: {len(keys)} differ, first {first}: {found.get(first)} instead of {wanted.get(first)}"


def numbers_from_lists(agents: dict[str, str]) -> Numbers:
	"""Return what `frappe.get_all` says of the opportunities that the data set's agents own."""
	opportunities = frappe.get_all(
		"Opportunity",
		filters={"opportunity_owner": ["in", list(agents)]},
		fields=["name", "opportunity_owner", "sales_stage", "base_close_revenue"],
	)
	products = products_of([opportunity.name for opportunity in opportunities])
	numbers = Numbers()
	for opportunity in opportunities:
		stage = THEIR_STAGE.get(opportunity.sales_stage, opportunity.sales_stage)
		numbers.add(
			stage,
			agents[opportunity.opportunity_owner],
			products.get(opportunity.name),
			opportunity.base_close_revenue,
		)
	return numbers


def products_of(opportunities: list[str]) -> dict[str, str]:
	rows = []
	for start in range(0, len(opportunities), CHUNK):
		rows += frappe.get_all(
			"Opportunity Item",
			filters={"parenttype": "Opportunity", "parent": ["in", opportunities[start : start + CHUNK]]},
			fields=["parent", "item_code"],
		)
	return {row.parent: row.item_code for row in rows}


def answers_of_reports(source: Source, agents: dict[str, str], expected: Numbers) -> dict[str, tuple]:
	"""Return what the reports say and what is expected of them."""
	days = [day for row in source.opportunities for day in (row["engage_date"], row["close_date"]) if day]
	period = {
		"from_date": min(days),
		"to_date": str(get_last_day(max(days))),
		"opportunity_owner": list(agents),
	}
	summary = "Opportunity Summary by Sales Stage"
	counts = cells(report(summary, {**period, "data_based_on": "Number"}), agents)
	values = cells(report(summary, {**period, "data_based_on": "Amount"}), agents)
	lost = len(report("Lost Opportunity", period)["result"])
	won = {agent: value for (agent, stage), value in values.items() if stage == "Won"}
	return {
		f"{summary}, number per agent": (counts, dict(expected.by_agent)),
		f"{summary}, won per agent": (won, dict(expected.value_by_agent)),
		"Lost Opportunity": (lost, expected.stages["Lost"]),
	}


def report(name: str, filters: dict) -> dict:
	return run(name, filters=filters, ignore_prepared_report=True)


def cells(answer: dict, agents: dict[str, str]) -> dict[tuple[str, str], float]:
	"""Agent and stage of the files with the number in that cell, empty ones left out."""
	stages = {
		column["fieldname"]: column["label"]
		for column in answer["columns"]
		if "stage_" in column["fieldname"]
	}
	return {
		(agents[row["based_on"]], THEIR_STAGE.get(label, label)): flt(row[fieldname])
		for row in answer["result"]
		if isinstance(row, dict) and row["based_on"] in agents
		for fieldname, label in stages.items()
		if row[fieldname]
	}
