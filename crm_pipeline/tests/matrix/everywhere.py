"""What is about no single record: reports, calendars, charts, and traces in Frappe's own DocTypes."""

from crm_pipeline.tests.matrix.judging import METHOD, Ask, get, in_days

REPORTS = (
	"Activities and Tasks",
	"Ageing Opportunities",
	"Auto-close Preview",
	"Follow-ups Due",
	"Forecast",
	"Lost Opportunity",
	"Minutes to First Response for Opportunity",
	"Opportunity Summary by Sales Stage",
	"Owner Performance",
	"Probability Check",
	"Quotation Margin",
	"Rotting Opportunities",
	"Sales Pipeline Analytics",
	"Slipping",
	"Stage Conversion and Time in Stage",
	"Supplier Response",
	"What Moved",
)
SPAN = {"start": in_days(-40), "end": in_days(40)}
REPORTED = {"filters": {"from_date": in_days(-30), "to_date": in_days(30)}}
ENTRY = {
	"start": "next_contact_date",
	"end": "next_contact_date",
	"id": "name",
	"title": "title",
	"allDay": "allDay",
}
TAG = "frappe.desk.doctype.tag.tag"
# DocTypes of Frappe in which records of ours leave traces; rows with their parent.
TRACES = {
	"Communication": None,
	"Communication Link": "Communication",
	"Comment": None,
	"ToDo": None,
	"Event": None,
	"Event Participants": "Event",
	"File": None,
	"Tag": None,
	"Tag Link": None,
	"Version": None,
	"DocShare": None,
	"Notification Log": None,
	"Kanban Board": None,
	"Kanban Board Column": "Kanban Board",
	"View Log": None,
	"Activity Log": None,
	"Access Log": None,
	"Route History": None,
	"Document Follow": None,
	"Deleted Document": None,
	"Email Queue": None,
	"Contact": None,
	"Dynamic Link": "Contact",
	"Error Log": None,
	"List Filter": None,
}
PATHS = (
	(
		"calendar.get_events",
		"frappe.desk.calendar.get_events",
		{"doctype": "Opportunity", "field_map": ENTRY, **SPAN},
	),
	("event.get_events", "frappe.desk.doctype.event.event.get_events", SPAN),
	(
		"chart",
		"frappe.desk.doctype.dashboard_chart.dashboard_chart.get",
		{"chart_name": "Pipeline by Stage", "refresh": "1"},
	),
	("get_notifications", "frappe.desk.notifications.get_notifications", {}),
	("get_tags_list_for_awesomebar", f"{TAG}.get_tags_list_for_awesomebar", {}),
	(
		"get_data_for_custom_field",
		"frappe.desk.query_report.get_data_for_custom_field",
		{"doctype": "Opportunity", "field": "campaign"},
	),
	("kanban board", "/api/resource/Kanban Board/Opportunity Status", {}),
	("workspaces", "frappe.desk.desktop.get_workspace_sidebar_items", {}),
)


def asks(tag: str) -> list[Ask]:
	"""Questions that name no record, but for a tag."""
	found = [_ask(*line) for line in PATHS]
	found.append(_ask("pipeline page", "/pipeline", {}))
	found.append(_ask("get_documents_for_tag", f"{TAG}.get_documents_for_tag", {"tag": tag}, truth=True))
	found.append(
		_ask("get_tagged_docs", f"{TAG}.get_tagged_docs", {"doctype": "Opportunity", "tag": tag}, truth=True)
	)
	for report in REPORTS:
		run = {"report_name": report, "ignore_prepared_report": "1", **REPORTED}
		found.append(_ask(f"report {report}", "frappe.desk.query_report.run", run))
		export = {"report_name": report, "file_format_type": "CSV", "visible_idx": [], **REPORTED}
		found.append(_ask(f"export of report {report}", "frappe.desk.query_report.export_query", export))
	for doctype, parent in TRACES.items():
		within = {"parent": parent} if parent else {}
		listed = {"fields": ["*"], "limit_page_length": "0", **within}
		found.append(_ask(f"list of {doctype}", f"/api/resource/{doctype}", listed))
		sheet = {"doctype": doctype, "fields": ["*"], "start": "0", "page_length": "100000"}
		if parent:
			sheet["parent_doctype"] = parent
		found.append(_ask(f"report view of {doctype}", "frappe.desk.reportview.get", sheet))
	return found


def _ask(path: str, address: str, values: dict, truth: bool = False) -> Ask:
	url = address if address.startswith("/") else METHOD + address
	return get(path, "Opportunity", url, values, truth=truth, shown=False)
