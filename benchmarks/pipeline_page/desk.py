"""What Desk asks for when its workspaces and its list of opportunities are opened, on a bench: cards, charts and pages of the list.

Each page of the list stands beside the bare statement that finds the same rows by the best index, in turns within one run.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any, NamedTuple
from unittest.mock import patch

import frappe

from benchmarks.filling import PREFIX
from benchmarks.pipeline_page.answers import TIMES, Case

WORKSPACES = ("CRM Pipeline", "Pipeline Management")
LIMITED, SEEN = "bench-limited@example.com", 500
FIELDS = ("name", "title", "status", "sales_stage", "opportunity_owner", "expected_closing", "modified")
PAGE, FAR = 20, 5000
TIMES_OF_CHART = 3  # one goes through the history, for seconds
GOAL_OF_CARD_MS, GOAL_OF_PAGE = 20, 1.2
SETTINGS, VISIBILITY = "Selling Settings", "opportunity_visibility"


class Page(NamedTuple):
	"""A page of the list: who asks for it, its filters, and how many rows are skipped."""

	name: str
	user: str
	filters: dict
	start: int = 0


class Beside(NamedTuple):
	"""Medians of a page and of the bare statement: what the database takes of it, and what Frappe makes of that."""

	name: str
	milliseconds: float
	in_statements: float
	bare: float
	rows: int

	def __str__(self) -> str:
		times = self.in_statements / self.bare
		return (
			f"{self.name:44} {self.milliseconds:8.1f} ms, {self.in_statements:7.2f} ms in statements, "
			f"bare {self.bare:7.2f} ms, {times:5.2f} times, {self.rows} rows"
		)


def cards() -> Iterator[Case]:
	"""Yield the number cards of the workspaces, each once."""
	from frappe.desk.doctype.number_card.number_card import get_result

	for name in _of_workspaces("Workspace Number Card", "number_card_name"):
		card = frappe.get_doc("Number Card", name)
		if card.type == "Custom":
			yield Case(f"card {name}", frappe.get_attr(card.method))
		else:
			asked = frappe.as_json(card)
			yield Case(f"card {name}", lambda asked=asked, card=card: get_result(asked, card.filters_json))


def charts() -> Iterator[Case]:
	"""Yield the charts of the workspaces that are of no report, each once, as they are made when nothing of them is stored.

	What reports take is measured by `benchmarks.reports`; Frappe may have decided to prepare a slow one in the background.
	"""
	from frappe.desk.doctype.dashboard_chart.dashboard_chart import get

	from crm_pipeline.api.charts import get_weighted_trend

	for name in _of_workspaces("Workspace Chart", "chart_name"):
		chart = frappe.get_doc("Dashboard Chart", name)
		if chart.chart_type == "Custom":
			yield Case(f"chart {name}", get_weighted_trend)
		elif chart.chart_type != "Report":
			yield Case(f"chart {name}", lambda name=name: get(chart_name=name, refresh=1))


def _of_workspaces(rows: str, field: str) -> list[str]:
	named = frappe.get_all(
		rows, filters={"parent": ["in", WORKSPACES]}, fields=[field], order_by="parent, idx"
	)
	return list(dict.fromkeys(row[field] for row in named))


def pages(manager: str) -> Iterator[Page]:
	yield Page("list, first page", manager, {})
	yield Page("list, first page of an owner", manager, {"opportunity_owner": "bench-3@example.com"})
	yield Page("list, first page of a stage in play", manager, {"sales_stage": _stage(), "status": "Open"})
	yield Page(f"list, rows {FAR:,} and on", manager, {}, FAR)
	yield Page(f"list, first page of who sees {SEEN}", LIMITED, {})
	yield Page(f"list, last page of who sees {SEEN}", LIMITED, {}, SEEN - PAGE)
	yield Page(f"list in play of who sees {SEEN}", LIMITED, {"status": "Open"})


def _stage() -> str:
	return frappe.get_cached_doc("Sales Process", "Standard").stages[1].sales_stage


def beside_bare(page: Page, clock: Callable[[], float]) -> Beside:
	"""Return medians, after one answer of each that warms the caches."""
	pairs = [(_listed(page, clock), _bare(page, clock)) for _time in range(TIMES + 1)][1:]
	whole = median(listed[0] for listed, _bare_alone in pairs)
	within = median(listed[1] for listed, _bare_alone in pairs)
	bare = median(alone for _whole, alone in pairs)
	return Beside(page.name, whole, within, bare, pairs[0][0][2])


def _listed(page: Page, clock: Callable[[], float]) -> tuple[float, float, int]:
	"""Return milliseconds of the list, those of its statements, and its rows."""
	frappe.set_user(page.user)
	within, start = [], clock()
	with patch.object(frappe.db, "sql", _timed(frappe.db.sql, within, clock)):
		rows = frappe.get_list(
			"Opportunity",
			filters=page.filters,
			fields=list(FIELDS),
			order_by="creation desc",
			start=page.start,
			page_length=PAGE,
		)
	whole = (clock() - start) * 1000
	frappe.set_user("Administrator")
	return whole, sum(within), len(rows)


def _timed(sql: Callable, taken: list[float], clock: Callable[[], float]) -> Callable:
	def run(*args: Any, **kwargs: Any) -> Any:
		start = clock()
		try:
			return sql(*args, **kwargs)
		finally:
			taken.append((clock() - start) * 1000)

	return run


def _bare(page: Page, clock: Callable[[], float]) -> float:
	"""Return milliseconds of the statement that knows whose the rows are, and reads only the rows of the page."""
	table = frappe.qb.DocType("Opportunity")
	names = frappe.qb.from_(table).select(table.name)
	for field, value in page.filters.items():
		names = names.where(table[field] == value)
	if page.user == LIMITED:
		names = names.where(table.opportunity_owner == LIMITED)
	names = names.orderby(table.creation, order=frappe.qb.desc).limit(PAGE).offset(page.start).as_("names")
	query = frappe.qb.from_(names).join(table).on(table.name == names.name)
	query = query.select(*(table[field] for field in FIELDS))
	start = clock()
	query.run(as_dict=True)
	return (clock() - start) * 1000


@contextmanager
def limited_user() -> Iterator[None]:
	"""Let a user see SEEN opportunities of all, while this lasts, and put everything back."""
	names = [f"{PREFIX}{number}" for number in range(1, SEEN * 200 + 1, 200)]
	former = frappe.get_all("Opportunity", {"name": ["in", names]}, ["name", "opportunity_owner"], limit=0)
	visibility = frappe.db.get_single_value(SETTINGS, VISIBILITY)
	user = frappe.get_doc(
		{"doctype": "User", "email": LIMITED, "first_name": "Bench", "send_welcome_email": 0}
	).insert()
	user.add_roles("Sales User")
	_own({row.name: LIMITED for row in former})
	_see("Own, Assigned and Shared")
	try:
		yield
	finally:
		frappe.set_user("Administrator")
		_see(visibility)
		_own({row.name: row.opportunity_owner for row in former})
		frappe.delete_doc("User", LIMITED, force=True)
		frappe.db.commit()


def _own(owners: dict[str, str]) -> None:
	table = frappe.qb.DocType("Opportunity")
	for owner in set(owners.values()):
		names = [name for name, its in owners.items() if its == owner]
		frappe.qb.update(table).set(table.opportunity_owner, owner).where(table.name.isin(names)).run()
	frappe.db.commit()


def _see(visibility: str) -> None:
	frappe.db.set_single_value(SETTINGS, VISIBILITY, visibility)
	frappe.db.commit()
	frappe.clear_document_cache(SETTINGS, SETTINGS)
