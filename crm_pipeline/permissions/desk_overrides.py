"""Where Frappe's own functions tell more than its lists do, they are asked through these.

`frappe.client.get_count` looks at no permission, link search and titles at none or few, connections and
assignee counts count everything, and charts are kept from one user to the next.
"""

import inspect

import frappe
from frappe import _

from crm_pipeline.permissions.switch import is_switched_off
from crm_pipeline.permissions.visibility import ATTACHED, DEALS, OPPORTUNITIES_ONLY, ROWS, is_limited

WORKSPACE = "CRM Pipeline"
CHART = "Pipeline by Stage"
COUNTED = frozenset((*DEALS, *OPPORTUNITIES_ONLY, *ROWS, *ATTACHED, "Comment", "ToDo", "Version"))
READING = ["GET", "POST"]
MOST_COUNTED = 100


@frappe.whitelist(methods=READING)
def get_count(doctype: str, filters: dict | list | str | None = None, **options) -> int:
	"""`frappe.client.get_count`, which for a user who does not see all counts what his lists show."""
	from frappe.client import get_count

	if doctype not in COUNTED or not _limited():
		return frappe.call(get_count, doctype, filters=filters, **options)
	return _count(doctype, frappe.parse_json(filters) or None)


@frappe.whitelist(methods=READING)
def search_link(doctype: str, txt: str = "", **options) -> list:
	"""`frappe.desk.search.search_link`, which never ignores permissions on deals."""
	from frappe.desk.search import search_link

	return frappe.call(search_link, doctype, txt, **_obedient(doctype, options))


@frappe.whitelist(methods=READING)
def search_widget(doctype: str, txt: str = "", **options) -> list:
	"""`frappe.desk.search.search_widget`, which never ignores permissions on deals."""
	from frappe.desk.search import search_widget

	return frappe.call(search_widget, doctype, txt, **_obedient(doctype, options))


@frappe.whitelist(methods=READING)
def get_link_title(doctype: str, docname: str) -> str | None:
	"""`frappe.desk.search.get_link_title`, which names a deal out of sight by its number only."""
	from frappe.desk.search import get_link_title

	if doctype in DEALS and _limited() and not _list(doctype, {"name": docname}):
		return docname
	return get_link_title(doctype, docname)


@frappe.whitelist(methods=READING)
def search_everywhere(text: str, start: int = 0, limit: int = 20, doctype: str = "") -> list[dict]:
	"""`frappe.utils.global_search.search` without deals that are out of sight."""
	from frappe.utils.global_search import search

	return keep_visible(search(text, start, limit, doctype))


@frappe.whitelist(methods=READING)
def get_open_count(doctype: str, name: str, items: list | str | None = None) -> dict:
	"""`frappe.desk.notifications.get_open_count`, with connections to deals that the user sees."""
	from frappe.desk.notifications import get_open_count

	answer = get_open_count(doctype, name, items)
	if _limited() and isinstance(answer["count"], dict):
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

	Our own chart has the names of stages translated, as Desk shows them elsewhere.
	"""
	from frappe.desk.doctype.dashboard_chart import dashboard_chart

	get = inspect.unwrap(dashboard_chart.get) if _limited() else dashboard_chart.get
	shown = get(
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
		shown = {**shown, "labels": [_(stage) for stage in shown["labels"]]}
	return shown


@frappe.whitelist(methods=READING)
def get_group_by_count(doctype: str, current_filters: list | dict | str, field: str) -> list[dict]:
	"""`frappe.desk.listview.get_group_by_count`, whose counts by assignee ignore who may see what."""
	from frappe.desk.listview import get_group_by_count

	if doctype not in DEALS or field != "assigned_to" or not _limited():
		return get_group_by_count(doctype, current_filters, field)
	filters = {
		"reference_type": doctype,
		"reference_name": ["in", _list(doctype, frappe.parse_json(current_filters)) or [""]],
		"status": ["!=", "Cancelled"],
	}
	counts: dict[str, int] = {}
	for user in frappe.get_all("ToDo", filters=filters, pluck="allocated_to"):
		counts[user] = counts.get(user, 0) + 1
	return [{"name": user, "count": counts[user]} for user in sorted(counts, key=counts.get, reverse=True)]


@frappe.whitelist(methods=READING)
def get_workspace_sidebar_items() -> dict:
	"""`frappe.desk.desktop.get_workspace_sidebar_items`, without our workspace where opportunities are off."""
	from frappe.desk.desktop import get_workspace_sidebar_items

	answer = get_workspace_sidebar_items()
	answer["pages"] = shown_workspaces(answer["pages"])
	return answer


def shown_workspaces(pages: list[dict]) -> list[dict]:
	"""Workspaces to offer to the session's user."""
	if not is_switched_off(frappe.session.user):
		return pages
	return [page for page in pages if page["name"] != WORKSPACE]


def keep_visible(results: list[dict]) -> list[dict]:
	"""Search results (`doctype`, `name`) without the deals that are out of the session user's sight."""
	if not _limited():
		return results
	shown = {doctype: _shown(doctype, results) for doctype in DEALS}
	return [row for row in results if row["doctype"] not in shown or row["name"] in shown[row["doctype"]]]


def _shown(doctype: str, results: list[dict]) -> set[str]:
	names = [row["name"] for row in results if row["doctype"] == doctype]
	return set(_list_or_nothing(doctype, {"name": ["in", names]})) if names else set()


def _connections(doctype: str, name: str, links: dict) -> int:
	"""How many documents name this one, as the dashboard of its DocType describes their fields."""
	field = links.get("non_standard_fieldnames", {}).get(doctype, links.get("fieldname"))
	filters = {field: name}
	value, kind = links.get("dynamic_links", {}).get(field) or (None, None)
	if kind and frappe.get_meta(doctype).has_field(kind):
		filters[kind] = value
	return len(_list_or_nothing(doctype, filters, limit_page_length=MOST_COUNTED))


def _limited() -> bool:
	return is_limited(frappe.session.user)


def _obedient(doctype: str, options: dict) -> dict:
	return {**options, "ignore_user_permissions": 0} if doctype in COUNTED else options


def _list(doctype: str, filters: dict | list | None, **options) -> list[str]:
	"""Names of what the session's user sees."""
	return frappe.get_list(doctype, filters=filters, pluck="name", parent_doctype=_parent(doctype), **options)


def _count(doctype: str, filters: dict | list | None) -> int:
	"""How many the session's user sees: by the query of the lists, since others understand filters otherwise.

	Whoever may only select records gets no aggregates, so his are counted here.
	"""
	from frappe.model.db_query import DatabaseQuery

	if isinstance(filters, list) and any(isinstance(part, str) for part in filters):
		return len(_list(doctype, filters))  # [a, "or", b], which that query does not understand
	counted = DatabaseQuery(doctype).execute(
		fields=[f"count(`tab{doctype}`.`name`) as total"],
		filters=filters,
		order_by=None,
		parent_doctype=_parent(doctype),
	)
	return counted[0]["total"] if counted else len(_list(doctype, filters))


def _parent(doctype: str) -> str | None:
	return ROWS[doctype][0] if doctype in ROWS else None


def _list_or_nothing(doctype: str, filters: dict, **options) -> list[str]:
	"""As `_list`; nothing where the user may not read that DocType at all."""
	if not frappe.has_permission(doctype, "read") or (
		doctype in OPPORTUNITIES_ONLY and is_switched_off(frappe.session.user)
	):
		return []
	return _list(doctype, filters, **options)
