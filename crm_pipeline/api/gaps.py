"""What is missing from the opportunities, so that cards, charts and reports say less than they could."""

from typing import NamedTuple

import frappe
from frappe import _
from frappe.query_builder.functions import Count
from pypika.terms import Criterion

from crm_pipeline.crm_pipeline.report.changes import count_of
from crm_pipeline.history.as_of import opportunity
from crm_pipeline.permissions.field_levels import is_readable
from crm_pipeline.permissions.switch import require_reading
from crm_pipeline.permissions.visibility import visible
from crm_pipeline.rules import status

SALES_TEAM = "Sales Team"


class Gap(NamedTuple):
	"""A field that opportunities in play may lack: for whom this holds, how a list finds them, and what follows."""

	field: str
	is_empty: Criterion
	listed: list
	text: str


@frappe.whitelist(methods=["GET"])
def get_gaps() -> list[dict]:
	"""Return what the numbers of the workspaces lack, of what the user may see, the most important first.

	Returns: rows of `key`, `text`, and where to mend it: `route`, with `route_options` of a list, and the `count` that it shows.
		Nothing about fields that the user may not read.

	Raises:
		OpportunitiesSwitchedOff, frappe.PermissionError
	"""
	require_reading()
	if not _is_any(opportunity.name.isnotnull()):
		text = _("There are no opportunities yet. With the first one, cards and charts begin to fill.")
		return [_row("none", text, ["List", "Opportunity"])]
	return [*_empty_fields(), *_undecided(), *_without_teams()]


def _gaps() -> list[Gap]:
	"""Return the fields on which numbers depend and that the user may read."""
	gaps = [
		Gap(
			"base_opportunity_amount",
			opportunity.base_opportunity_amount == 0,
			["=", 0],
			_("In play without an amount: they add nothing to any value"),
		),
		Gap(
			"expected_closing",
			opportunity.expected_closing.isnull(),
			["is", "not set"],
			_("In play without an expected closing: the forecast does not know when"),
		),
		Gap(
			"opportunity_owner",
			opportunity.opportunity_owner.isnull() | (opportunity.opportunity_owner == ""),
			["is", "not set"],
			_("In play without an owner: they count for nobody"),
		),
	]
	return [gap for gap in gaps if is_readable("Opportunity", gap.field)]


def _empty_fields() -> list[dict]:
	"""Return a row for each field that opportunities in play lack, counted with one statement."""
	if not is_readable("Opportunity", "status"):
		return []
	gaps, playing = _gaps(), sorted(status.IN_PLAY)
	query = frappe.qb.from_(opportunity).where(visible("Opportunity") & opportunity.status.isin(playing))
	(counts,) = query.select(Count("*"), *(count_of(gap.is_empty) for gap in gaps)).run()
	if not counts[0]:
		return [
			_row(
				"nothing_in_play",
				_("Nothing is in play: all that there is has ended."),
				["List", "Opportunity"],
			)
		]
	return [
		_row(
			gap.field,
			gap.text,
			["List", "Opportunity"],
			int(count),
			{"status": ["in", playing], gap.field: gap.listed},
		)
		for gap, count in zip(gaps, counts[1:], strict=True)
		if count
	]


def _undecided() -> list[dict]:
	"""Return a row if nothing was won or lost yet."""
	if not is_readable("Opportunity", "status") or _is_any(
		opportunity.status.isin([status.CONVERTED, status.LOST])
	):
		return []
	text = _("Nothing was won or lost yet: rates, conversion and the check of probabilities begin with that.")
	return [_row("undecided", text)]


def _without_teams() -> list[dict]:
	"""Return a row if there are no teams, for whom may make one."""
	if not frappe.has_permission(SALES_TEAM, "create") or frappe.get_all(SALES_TEAM, limit=1):
		return []
	text = _("There are no sales teams yet: reports cannot be narrowed to one.")
	return [_row("no_team", text, ["List", SALES_TEAM])]


def _is_any(criterion: Criterion) -> bool:
	query = frappe.qb.from_(opportunity).select(opportunity.name)
	return bool(query.where(visible("Opportunity") & criterion).limit(1).run())


def _row(
	key: str,
	text: str,
	route: list[str] | None = None,
	count: int | None = None,
	route_options: dict | None = None,
) -> dict:
	return {"key": key, "text": text, "count": count, "route": route, "route_options": route_options}
