"""The number cards and charts of the workspaces, each once, as they are made when nothing of them is stored."""

import json
from collections.abc import Callable, Iterator
from functools import partial

import frappe

from benchmarks.case import Act, Case, Goal
from benchmarks.cases.workspace_floors import CARDS, CHARTS
from benchmarks.host import ROOT

FOLDER = ROOT / "crm_pipeline" / "crm_pipeline" / "workspace"
CARD = Goal(milliseconds=20)


def cases() -> Iterator[Case]:
	for name in _of_workspaces("number_cards", "number_card_name"):
		yield Case(
			f"card {name}", partial(card, name), None, barely(CARDS.get(name)), goal=CARD, bench_only=True
		)
	for name in _of_workspaces("charts", "chart_name"):
		yield Case(f"chart {name}", partial(chart, name), None, barely(CHARTS.get(name)), bench_only=True)


def barely(floor: Callable[[], None] | None) -> Act | None:
	return floor and (lambda _made: floor())


def _of_workspaces(rows: str, field: str) -> list[str]:
	"""Return what the workspaces name, by their files: ERPNext's side has no such records."""
	files = sorted(FOLDER.glob("*/*.json"))
	return list(dict.fromkeys(row[field] for file in files for row in json.loads(file.read_text())[rows]))


def card(name: str, _made: object) -> str:
	from frappe.desk.doctype.number_card.number_card import get_result

	shown = frappe.get_cached_doc("Number Card", name)
	if shown.type == "Custom":
		return frappe.as_json(frappe.get_attr(shown.method)())
	return frappe.as_json(get_result(frappe.as_json(shown), shown.filters_json))


def chart(name: str, _made: object) -> str:
	"""Draw a chart; the ones of reports by these, though Frappe may have decided to prepare a slow one in the background."""
	from frappe.desk.doctype.dashboard_chart.dashboard_chart import get
	from frappe.desk.query_report import run

	from crm_pipeline.api.charts import get_weighted_trend

	shown = frappe.get_cached_doc("Dashboard Chart", name)
	if shown.chart_type == "Custom":
		return frappe.as_json(get_weighted_trend())
	if shown.chart_type == "Report":
		filters = frappe.parse_json(shown.filters_json or "{}")
		return frappe.as_json(run(shown.report_name, filters=filters, ignore_prepared_report=True)["chart"])
	return frappe.as_json(get(chart_name=name, refresh=1))
