"""Where Frappe's own functions tell more than its lists do, they are asked through these.

`frappe.client.get_count` looks at no permission, connections and assignee counts count everything, and charts are kept
from one user to the next. For search see `desk_search.py`.
"""

import inspect
from typing import Any

import frappe
from frappe import _

from crm_pipeline.permissions.field_levels import is_readable, refuse_hidden_filters
from crm_pipeline.permissions.listed import is_session_limited, listed, listed_or_nothing, parent_of
from crm_pipeline.permissions.switch import is_switched_off
from crm_pipeline.permissions.visibility import (
	ATTACHED,
	OPPORTUNITIES_ONLY,
	PIPELINE_DOCTYPES,
	ROWS,
)
from crm_pipeline.processes.sales_processes import stages_in_order
from crm_pipeline.utils.bulk_sql import NO_NAME, in_list
from crm_pipeline.utils.confidential import require_record

WORKSPACE = "CRM Pipeline"
WORKSPACES = (WORKSPACE, "Pipeline Management")
CHART = "Pipeline by Stage"
COUNTED = frozenset((*PIPELINE_DOCTYPES, *OPPORTUNITIES_ONLY, *ROWS, *ATTACHED, "Comment", "ToDo", "Version"))
READING = ["GET", "POST"]
MOST_COUNTED = 100


@frappe.whitelist(methods=READING)
def get_count(doctype: str, filters: dict | list | str | None = None, **options: Any) -> int:
	"""Count as `frappe.client.get_count`, but only what the user's lists show, of any DocType.

	Frappe 15 counts whatever anybody signed in asks for, by any condition.

	Raises:
		frappe.PermissionError, FieldOutOfReach
	"""
	filters = frappe.parse_json(filters) or None
	parent = parent_of(doctype) or options.get("parent_doctype") or options.get("parent")
	if frappe.get_meta(doctype).get("is_virtual"):
		from frappe.client import get_count

		frappe.has_permission(doctype, "read", throw=True)
		return frappe.call(get_count, doctype, filters=filters)
	refuse_hidden_filters(doctype, filters, parent)
	return _count(doctype, filters, parent)


@frappe.whitelist(methods=READING)
def get(
	doctype: str,
	name: str | int | None = None,
	filters: dict | list | str | None = None,
	parent: str | None = None,
) -> dict:
	"""Return a document as `frappe.client.get`, by filters only one that lists show: else each answer tells a field."""
	from frappe.client import get

	meta = frappe.get_meta(doctype)
	filters = frappe.parse_json(filters)
	if name or filters is None or meta.issingle or meta.get("is_virtual"):
		return get(doctype, name, filters, parent)
	parent = parent or parent_of(doctype)
	refuse_hidden_filters(doctype, filters, parent)
	found = frappe.get_list(doctype, filters=filters, pluck="name", limit=1, parent_doctype=parent)
	return get(doctype, found[0] if found else NO_NAME, None, parent)


@frappe.whitelist(methods=READING)
def get_tagged_docs(doctype: str, tag: str) -> list:
	"""Return the names that `frappe.desk.doctype.tag.tag.get_tagged_docs` does, of what lists show."""
	from frappe.desk.doctype.tag.tag import get_tagged_docs

	found = [row[0] for row in get_tagged_docs(doctype, tag)]
	shown = set(listed_or_nothing(doctype, {"name": ["in", in_list(found)]}))
	return [(name,) for name in found if name in shown]


@frappe.whitelist(methods=READING)
def get_open_count(doctype: str, name: str, items: list | str | None = None) -> dict:
	"""Count as `frappe.desk.notifications.get_open_count`, but only connections to what the user sees."""
	from frappe.desk.notifications import get_open_count

	require_record(doctype, name)
	answer = get_open_count(doctype, name, items)
	if is_session_limited() and isinstance(answer["count"], dict):
		links = frappe.get_meta(doctype).get_dashboard_data()
		for entry in answer["count"]["external_links_found"]:
			if entry["doctype"] in COUNTED:
				entry.update(count=_connections(entry["doctype"], name, links), open_count=0)
	return answer


@frappe.whitelist(methods=READING)
def get_chart(
	chart_name: str | None = None,
	chart: dict | str | None = None,
	no_cache: int | str | None = None,
	filters: dict | list | str | None = None,
	from_date: str | None = None,
	to_date: str | None = None,
	timespan: str | None = None,
	time_interval: str | None = None,
	heatmap_year: int | str | None = None,
	refresh: int | str | None = None,
) -> dict | None:
	"""`dashboard_chart.get`, which for a user who does not see all neither reads nor fills the common cache.

	Our own chart has the stages in their order, with their names translated, as Desk shows them elsewhere.
	"""
	if not _may_draw(chart_name, chart, filters):
		return None
	from frappe.desk.doctype.dashboard_chart.dashboard_chart import get as get_cached

	draw = inspect.unwrap(get_cached) if is_session_limited() else get_cached
	shown = draw(
		chart_name=chart_name,
		chart=chart,
		no_cache=no_cache,
		filters=filters,
		from_date=from_date,
		to_date=to_date,
		timespan=timespan,
		time_interval=time_interval,
		heatmap_year=heatmap_year,
		refresh=refresh,
	)
	if shown and chart_name == CHART:
		return by_stage(shown)
	return shown


def by_stage(shown: dict) -> dict:
	"""Return a chart by stage in the order of the sales processes, the default one first, with the names translated."""
	order = stages_in_order()
	last = len(order)
	labels = shown["labels"]
	places = sorted(
		range(len(labels)), key=lambda place: order.index(labels[place]) if labels[place] in order else last
	)
	datasets = [{**each, "values": [each["values"][place] for place in places]} for each in shown["datasets"]]
	return {**shown, "labels": [_(labels[place]) for place in places], "datasets": datasets}


@frappe.whitelist(methods=READING)
def get_card_result(
	doc: dict | str, filters: dict | list | str | None = None, to_date: str | None = None
) -> float | None:
	"""Return what a number card shows, as `number_card.get_result`; None if it adds up what is out of reach."""
	card = frappe._dict(frappe.parse_json(doc))
	if card.document_type in (*PIPELINE_DOCTYPES, *ROWS):
		parent = card.parent_document_type
		refuse_hidden_filters(card.document_type, frappe.parse_json(filters), parent)
		summed = card.aggregate_function_based_on
		if card.function != "Count" and not is_readable(card.document_type, summed, parent_doctype=parent):
			return None
	from frappe.desk.doctype.number_card.number_card import get_result

	return get_result(doc, filters, to_date)


@frappe.whitelist(methods=READING)
def get_group_by_count(doctype: str, current_filters: list | dict | str, field: str) -> list[dict]:
	"""`frappe.desk.listview.get_group_by_count`, whose counts by assignee ignore who may see what."""
	from frappe.desk.listview import get_group_by_count

	refuse_hidden_filters(doctype, frappe.parse_json(current_filters))
	refuse_hidden_filters(doctype, {field: None})
	if doctype not in PIPELINE_DOCTYPES or field != "assigned_to" or not is_session_limited():
		return get_group_by_count(doctype, current_filters, field)
	filters = {
		"reference_type": doctype,
		"reference_name": ["in", in_list(listed(doctype, frappe.parse_json(current_filters)))],
		"status": ["!=", "Cancelled"],
	}
	counts: dict[str, int] = {}
	for user in frappe.get_all("ToDo", filters=filters, pluck="allocated_to"):
		counts[user] = counts.get(user, 0) + 1
	return [
		{"name": user, "count": counts[user]} for user in sorted(counts, key=counts.__getitem__, reverse=True)
	]


# Leaves out from what Frappe's function lets the user see.
# nosemgrep: whitelisted-permission
@frappe.whitelist(methods=READING)
def get_workspace_sidebar_items() -> dict:
	"""`frappe.desk.desktop.get_workspace_sidebar_items`, without our workspaces where opportunities are off."""
	from frappe.desk.desktop import get_workspace_sidebar_items

	answer = get_workspace_sidebar_items()
	answer["pages"] = shown_workspaces(answer["pages"])
	return answer


def shown_workspaces(pages: list[dict]) -> list[dict]:
	"""Workspaces to offer to the session's user."""
	if not is_switched_off(frappe.session.user):
		return pages
	return [page for page in pages if page["name"] not in WORKSPACES]


def _may_draw(
	chart_name: str | None, chart: dict | str | None, filters: dict | list | str | None = None
) -> bool:
	"""Return whether a chart is of fields only that the user may read.

	Raises:
		FieldOutOfReach: a condition is on one that they may not.
	"""
	drawn = (
		frappe.get_doc("Dashboard Chart", chart_name)
		if chart_name
		else frappe._dict(frappe.parse_json(chart) or {})
	)
	doctype = drawn.get("document_type")
	if doctype not in (*PIPELINE_DOCTYPES, *ROWS):
		return True
	parent = drawn.get("parent_document_type")
	for conditions in (filters, drawn.get("filters_json")):
		refuse_hidden_filters(doctype, frappe.parse_json(conditions), parent)
	fields = ("value_based_on", "aggregate_function_based_on", "group_by_based_on", "based_on")
	shown = (field for name in fields if (field := drawn.get(name)))
	return is_readable(doctype, *shown, parent_doctype=parent)


def _connections(doctype: str, name: str, links: dict) -> int:
	"""Return how many documents name this one, as the dashboard of its DocType describes their fields."""
	field = links.get("non_standard_fieldnames", {}).get(doctype, links.get("fieldname"))
	filters: dict = {field: name}
	value, kind = links.get("dynamic_links", {}).get(field) or (None, None)
	if kind and frappe.get_meta(doctype).has_field(kind):
		filters[kind] = value
	return len(listed_or_nothing(doctype, filters, limit_page_length=MOST_COUNTED))


def _count(doctype: str, filters: dict | list | None, parent_doctype: str | None = None) -> int:
	"""Return how many the session's user sees: by the query of the lists, since others understand filters otherwise.

	Whoever may only select records gets no aggregates, so theirs are counted here.
	"""
	from frappe.model.db_query import DatabaseQuery

	if isinstance(filters, list) and any(isinstance(part, str) for part in filters):
		return len(listed(doctype, filters))  # [a, "or", b], which that query does not understand
	counted = DatabaseQuery(doctype).execute(
		fields=[f"count(`tab{doctype}`.`name`) as total"],
		filters=filters,
		order_by=None,
		parent_doctype=parent_doctype,
	)
	return counted[0]["total"] if counted else len(listed(doctype, filters))
