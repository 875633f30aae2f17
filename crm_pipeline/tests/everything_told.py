"""All that lists, board, panel and reports tell a user, to be compared before and after something that must leave no trace."""

from collections.abc import Callable, Iterator

import frappe
from frappe.desk.query_report import run

from crm_pipeline.api import gaps, history, number_cards
from crm_pipeline.api.activities import activities
from crm_pipeline.api.activity_list import get_activities
from crm_pipeline.api.charts import get_weighted_trend
from crm_pipeline.api.my_day import get_my_day
from crm_pipeline.api.panel import get_panel, get_timeline
from crm_pipeline.api.pipeline import (
	count_overdue,
	count_rotting,
	get_board,
	get_forecast,
	get_list,
	get_postponed,
)
from crm_pipeline.history.as_of import change
from crm_pipeline.history.rotting import idle_since
from crm_pipeline.tests.invariants import contradictions

# What says when a record was written and by whom, and what the clock says.
STAMPS = {"modified", "modified_by", "now", "execution_time", "report_summary"}
# Ways to ask for the same report, beside what it tells unasked.
WAYS: dict[str, list[dict]] = {
	"Ageing Opportunities": [{"age_of": age} for age in ("In Stage", "Since Created", "Without Activity")],
	"Lost Opportunity": [
		{"group_by": each} for each in ("Lost Reason", "Competitor", "Owner", "Sales Stage")
	],
	"Slipping": [{"group_by": "Opportunity"}],
	"Activities and Tasks": [{"state": "All"}, {"state": "Done"}],
}


def told_of(name: str, process: str, reader: str) -> dict:
	"""Return by what tells it all that a user is told of an opportunity, and of the process and the people that it is of."""
	former = frappe.session.user
	frappe.set_user(reader)
	try:
		return {key: bare(tell()) for key, tell in tellers(name, process)}
	finally:
		frappe.set_user(former)


def tellers(name: str, process: str) -> Iterator[tuple[str, Callable[[], object]]]:
	yield "record", lambda: frappe.get_doc("Opportunity", name).as_dict()
	yield "row", lambda: row_of(name)
	yield "idle since", lambda: idle_since([name])
	yield "invariants", lambda: contradictions(name)
	yield "history that counts", lambda: [*changes(name, change.change != "Undone")]
	yield "board", lambda: get_board(process)
	yield "forecast of the page", lambda: get_forecast(process)
	yield "list", lambda: get_list({"scope": "all"}, process)
	yield "postponed", lambda: get_postponed({"scope": "all"}, process)
	yield "my day", lambda: get_my_day("all")
	yield "overdue", count_overdue
	yield "rotting", count_rotting
	yield "activities of all", lambda: get_activities({"scope": "all"}, limit=200)
	yield "activities", lambda: activities("Opportunity", name)
	yield "panel", lambda: get_panel(name)
	yield "timeline", lambda: get_timeline(name, limit=200)
	yield "progress", lambda: history.get_progress(name)
	yield "cards", lambda: (number_cards.count_my_open(), number_cards.count_past_closing())
	yield "gaps", gaps.get_gaps
	yield "trend", get_weighted_trend
	for report in frappe.get_all("Report", {"module": "CRM Pipeline"}, pluck="name", order_by="name"):
		for way in ({}, *WAYS.get(report, ())):
			yield f"{report} {way or ''}", lambda report=report, way=way: figures(report, way)


def row_of(name: str) -> dict:
	"""Return what is stored of an opportunity, with the columns that Frappe keeps beside it; an empty text or list is none."""
	(row,) = frappe.get_all("Opportunity", {"name": name}, ["*"])
	return {key: None if value in ("", "[]") else value for key, value in row.items()}


def figures(report: str, filters: dict) -> dict:
	answer = run(report, filters=filters)
	return {key: answer.get(key) for key in ("result", "chart", "message")}


def changes(name: str, criterion) -> Iterator[dict]:
	"""Yield the changes of an opportunity for which a criterion holds, whole, as text."""
	query = frappe.qb.from_(change).select("*").where((change.opportunity == name) & criterion)
	for row in query.orderby(change.idx).run(as_dict=True):
		yield {key: str(value) for key, value in row.items() if key not in STAMPS}


def bare(told: object) -> object:
	"""Return what is told without stamps, as values of JSON."""
	return _without_stamps(frappe.parse_json(frappe.as_json(told)))


def _without_stamps(told: object) -> object:
	if isinstance(told, dict):
		return {key: _without_stamps(value) for key, value in told.items() if key not in STAMPS}
	return [_without_stamps(each) for each in told] if isinstance(told, list) else told
