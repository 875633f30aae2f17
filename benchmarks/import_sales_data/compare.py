"""Asks the site, through lists and reports, for the numbers that were computed from the files."""

from collections.abc import Iterable

import frappe

from benchmarks.import_sales_data import reports
from benchmarks.import_sales_data.importer import CHUNK
from benchmarks.import_sales_data.plain import opportunities_of
from benchmarks.import_sales_data.sheets import STAGES, email_of
from benchmarks.import_sales_data.source import Numbers, Source

THEIR_STAGE = {ours: theirs for theirs, ours in STAGES.items()}


def differences(source: Source, expected: Numbers, rejected: Iterable[int] = ()) -> list[str]:
	"""Return every number in which lists or reports of the site differ from the files, in words.

	Args:
		expected: what lists must add up to.
		rejected: lines of the opportunities' file that were not imported.
	"""
	agents = {email_of(row["sales_agent"]): row["sales_agent"] for row in source.agents}
	found = numbers_from_lists(agents)
	answers = {f"lists, {name}": (getattr(found, name), value) for name, value in vars(expected).items()}
	answers |= reports.answers(reports.data_of(opportunities_of(source, rejected), list(agents)))
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
