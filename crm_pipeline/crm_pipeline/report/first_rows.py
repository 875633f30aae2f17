"""The beginning of a long list of opportunities, as a person reads it; all of it for whoever exports or sends it."""

from typing import NamedTuple

import frappe
from frappe import _
from frappe.query_builder.functions import Count
from pypika.queries import QueryBuilder, Selectable

from crm_pipeline.crm_pipeline.report.opportunity_list import MOST_ROWS
from crm_pipeline.crm_pipeline.report.utils import choice
from crm_pipeline.history.as_of import opportunity

ROWS = {"First": True, "All": False}


class Beginning(NamedTuple):
	"""The query on the first of some opportunities, nothing selected yet, and what has their names and the terms of their order."""

	query: QueryBuilder
	first: Selectable


def is_cut(filters: dict) -> bool:
	"""Return whether only the beginning is asked for, by the filter `rows`: First, unless All is chosen.

	Raises:
		frappe.ValidationError: another choice.
	"""
	return choice(filters, "rows", ROWS)


def beginning_of(query: QueryBuilder) -> Beginning:
	"""Return the first MOST_ROWS, and one more where there is one; only of these other columns are read.

	Args:
		query: on opportunities, in the order of which the first are meant, with their `name` and the terms of the order selected.
	"""
	first = query.limit(MOST_ROWS + 1).as_("first")
	return Beginning(frappe.qb.from_(first).join(opportunity).on(opportunity.name == first.name), first)


def without_empty_columns(rows: list[dict]) -> list[dict]:
	"""Return rows without what all of them lack: Frappe looks through each column of each row as long as one was empty so far.

	Args:
		rows: all that there are, alike in their columns.
	"""
	for name in [name for name in (rows[0] if rows else ()) if not any(row[name] for row in rows)]:
		for row in rows:
			del row[name]
	return rows


def cut(rows: list[dict], query: QueryBuilder) -> tuple[list[dict], str | None]:
	"""Return the rows to show of what a beginning had, and what is said where there are more.

	Args:
		rows: of the beginning, in its order.
		query: on all of them, nothing selected yet.
	"""
	if len(rows) <= MOST_ROWS:
		return rows, None
	((count,),) = query.select(Count("*")).run()
	text = _("Only the first {0} of {1} are listed. Choose All under Rows, or narrow the other filters.")
	return rows[:MOST_ROWS], text.format(frappe.format(MOST_ROWS, "Int"), frappe.format(count, "Int"))
