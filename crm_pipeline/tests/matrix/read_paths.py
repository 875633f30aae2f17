"""Paths to a document by its name, and to lists of its kind: REST in both versions, `frappe.client` and Desk.

Each is a line: what it is called, the address, what is sent, and how its answer tells. In what is sent, DOCTYPE, NAME,
FIELD, WORD and PARENT stand for those of the record; a GET carries them in its query.
"""

# How an answer tells.
SHOWS = "shows"  # by the record's words or name, and surely to whom may see it
MAY_SHOW = "may show"  # by these, to some of them
YES = "yes"  # by not being empty or nought, and surely
MAY_YES = "may be yes"

CLIENT = "frappe.client"
FORM = "frappe.desk.form"
VIEW = "frappe.desk.reportview"
SEARCH = "frappe.desk.search"
PRINT = "frappe.www.printview"
BOARD = "frappe.desk.doctype.kanban_board.kanban_board"

IT = {"doctype": "DOCTYPE", "name": "NAME"}
THAT = {"doctype": "DOCTYPE", "docname": "NAME"}
ALL = {"doctype": "DOCTYPE", "limit_page_length": "0"}
ITS_WORD = {"FIELD": ["like", "%WORD%"]}
MATCHING = {"doctype": "DOCTYPE", "filters": ITS_WORD}
TABLE = "`tabDOCTYPE`"
SHEET = {
	"doctype": "DOCTYPE",
	"fields": [f"{TABLE}.`name`", f"{TABLE}.`FIELD`"],
	"start": "0",
	"page_length": "100000",
	"order_by": f"{TABLE}.`name` asc",
}
STATS = {"stats": ["_user_tags", "owner"], "doctype": "DOCTYPE", "filters": []}
NEIGHBOUR = {"doctype": "DOCTYPE", "value": "NAME", "sort_order": "desc", "sort_field": "modified"}
GROUPS = {"doctype": "DOCTYPE", "current_filters": []}
EXPORT = {"doctype": "DOCTYPE", "with_data": "1", "file_type": "CSV", "export_without_column_meta": "1"}
COLUMNS = {"all_doctypes": "0", "select_columns": {"DOCTYPE": ["name", "FIELD"]}}

BY_NAME = (
	("resource", "/api/resource/DOCTYPE/NAME", {}, SHOWS),
	("v2 document", "/api/v2/document/DOCTYPE/NAME", {}, SHOWS),
	("client.get", f"{CLIENT}.get", IT, SHOWS),
	(
		"client.get by filter on name",
		f"{CLIENT}.get",
		{"doctype": "DOCTYPE", "filters": {"name": "NAME"}},
		SHOWS,
	),
	(
		"client.get_value",
		f"{CLIENT}.get_value",
		{"doctype": "DOCTYPE", "fieldname": "FIELD", "filters": "NAME"},
		YES,
	),
	(
		"client.get_count by name",
		f"{CLIENT}.get_count",
		{"doctype": "DOCTYPE", "filters": {"name": "NAME"}},
		MAY_YES,
	),
	("client.validate_link", f"{CLIENT}.validate_link", {**THAT, "fields": ["FIELD"]}, MAY_YES),
	(
		"client.validate_link_and_fetch",
		f"{CLIENT}.validate_link_and_fetch",
		{**THAT, "fields_to_fetch": ["FIELD"]},
		MAY_YES,
	),
	("client.has_permission", f"{CLIENT}.has_permission", THAT, MAY_SHOW),
	("client.get_doc_permissions", f"{CLIENT}.get_doc_permissions", THAT, MAY_SHOW),
	("client.is_document_amended", f"{CLIENT}.is_document_amended", THAT, MAY_YES),
	("v2 method of the document", "/api/v2/document/DOCTYPE/NAME/method/get_title", {}, MAY_SHOW),
	("run_method of the resource", "/api/resource/DOCTYPE/NAME", {"run_method": "get_title"}, MAY_SHOW),
	("run_doc_method", "run_doc_method", {"dt": "DOCTYPE", "dn": "NAME", "method": "get_title"}, MAY_SHOW),
	(
		"run_doc_method with docs",
		"run_doc_method",
		{"docs": {**IT, "modified": "2020-01-01"}, "method": "get_title"},
		MAY_SHOW,
	),
	("form.load.getdoc", f"{FORM}.load.getdoc", IT, SHOWS),
	("get_link_title", f"{SEARCH}.get_link_title", THAT, MAY_SHOW),
)

# What rows in a table have not.
FORMS_BY_NAME = (
	("form.load.get_docinfo", f"{FORM}.load.get_docinfo", IT, MAY_SHOW),
	("form.load.get_communications", f"{FORM}.load.get_communications", IT, MAY_SHOW),
	("form.linked_with.get", f"{FORM}.linked_with.get", THAT, MAY_SHOW),
	("get_submitted_linked_docs", f"{FORM}.linked_with.get_submitted_linked_docs", IT, MAY_SHOW),
	("form.utils.get_next", f"{FORM}.utils.get_next", {**NEIGHBOUR, "prev": "0"}, MAY_SHOW),
	("form.utils.get_next, back", f"{FORM}.utils.get_next", {**NEIGHBOUR, "prev": "1"}, MAY_SHOW),
	("get_open_count", "frappe.desk.notifications.get_open_count", IT, MAY_SHOW),
	(
		"get_follow_users",
		f"{FORM}.document_follow.get_follow_users",
		{"doctype": "DOCTYPE", "doc_name": "NAME"},
		MAY_SHOW,
	),
	("share.get_users", "frappe.share.get_users", IT, MAY_SHOW),
	("print", f"{PRINT}.get_html_and_style", {"doc": "DOCTYPE", "name": "NAME"}, MAY_SHOW),
	("raw print", f"{PRINT}.get_rendered_raw_commands", {"doc": "DOCTYPE", "name": "NAME"}, MAY_SHOW),
	("print page", "/printview", IT, MAY_SHOW),
	("workflow transitions", "frappe.model.workflow.get_transitions", {"doc": IT}, MAY_SHOW),
	(
		"mapper.make_mapped_doc",
		"frappe.model.mapper.make_mapped_doc",
		{
			"method": "crm_pipeline.crm_pipeline.doctype.opportunity.opportunity.make_quotation",
			"source_name": "NAME",
		},
		MAY_SHOW,
	),
)

LISTS = (
	("list", "/api/resource/DOCTYPE", {"fields": ["*"], "limit_page_length": "0"}, SHOWS),
	("v1 list", "/api/v1/resource/DOCTYPE", {"fields": ["name"], "limit_page_length": "0"}, SHOWS),
	("v2 list", "/api/v2/document/DOCTYPE", {"fields": ["*"], "limit": "100000"}, SHOWS),
	("client.get_list", f"{CLIENT}.get_list", {**ALL, "fields": ["*"]}, SHOWS),
	("client.get without name", f"{CLIENT}.get", {"doctype": "DOCTYPE", "filters": {}}, MAY_SHOW),
	("reportview.get", f"{VIEW}.get", SHEET, MAY_SHOW),
	("reportview.get with all fields", f"{VIEW}.get", {**SHEET, "fields": ["*"]}, MAY_SHOW),
	("reportview.get_list", f"{VIEW}.get_list", SHEET, MAY_SHOW),
	(
		"reportview.export_query",
		f"{VIEW}.export_query",
		{**SHEET, "file_format_type": "CSV", "title": "Sheet"},
		MAY_SHOW,
	),
	("reportview.get_stats", f"{VIEW}.get_stats", STATS, MAY_SHOW),
	("reportview.get_sidebar_stats", f"{VIEW}.get_sidebar_stats", STATS, MAY_SHOW),
	("export_data", "frappe.core.doctype.data_export.exporter.export_data", {**EXPORT, **COLUMNS}, MAY_SHOW),
	(
		"search_link without text",
		f"{SEARCH}.search_link",
		{"doctype": "DOCTYPE", "txt": "", "page_length": "10000"},
		MAY_SHOW,
	),
	(
		"search_link ignoring User Permissions",
		f"{SEARCH}.search_link",
		{"doctype": "DOCTYPE", "txt": "", "page_length": "10000", "ignore_user_permissions": "1"},
		MAY_SHOW,
	),
	("get_group_by_count", "frappe.desk.listview.get_group_by_count", {**GROUPS, "field": "owner"}, MAY_SHOW),
	(
		"get_group_by_count by assignee",
		"frappe.desk.listview.get_group_by_count",
		{**GROUPS, "field": "assigned_to"},
		MAY_SHOW,
	),
	("tag.get_tags", "frappe.desk.doctype.tag.tag.get_tags", {"doctype": "DOCTYPE", "txt": ""}, MAY_SHOW),
	("get_kanban_boards", f"{BOARD}.get_kanban_boards", {"doctype": "DOCTYPE"}, MAY_SHOW),
)

# Of records that have a word in a field.
BY_WORD = (
	("list by filter", "/api/resource/DOCTYPE", {"filters": ITS_WORD, "fields": ["name"]}, YES),
	("list by or_filters", f"{CLIENT}.get_list", {"doctype": "DOCTYPE", "or_filters": ITS_WORD}, YES),
	("list by order", f"{CLIENT}.get_list", {**ALL, "order_by": "FIELD desc"}, SHOWS),
	("list by group", f"{CLIENT}.get_list", {**ALL, "fields": ["FIELD"], "group_by": "FIELD"}, MAY_SHOW),
	("client.get by filter", f"{CLIENT}.get", MATCHING, YES),
	("client.get_value by filter", f"{CLIENT}.get_value", {**MATCHING, "fieldname": "name"}, YES),
	("client.get_count", f"{CLIENT}.get_count", MATCHING, MAY_YES),
	("reportview.get_count", f"{VIEW}.get_count", MATCHING, MAY_YES),
	(
		"reportview.get by filter",
		f"{VIEW}.get",
		{**SHEET, "filters": [["DOCTYPE", "FIELD", "like", "%WORD%"]]},
		MAY_YES,
	),
	("search_link", f"{SEARCH}.search_link", {"doctype": "DOCTYPE", "txt": "WORD"}, MAY_YES),
	("search_link by filter", f"{SEARCH}.search_link", {**MATCHING, "txt": ""}, MAY_YES),
	("search_widget", f"{SEARCH}.search_widget", {"doctype": "DOCTYPE", "txt": "WORD"}, MAY_YES),
	("global search", "frappe.utils.global_search.search", {"text": "WORD"}, MAY_YES),
	("web search", "frappe.utils.global_search.web_search", {"text": "WORD"}, MAY_YES),
	(
		"get_group_by_count by filter",
		"frappe.desk.listview.get_group_by_count",
		{"doctype": "DOCTYPE", "current_filters": [["DOCTYPE", "FIELD", "like", "%WORD%"]], "field": "owner"},
		MAY_YES,
	),
)

# DOCTYPE is one with a link `opportunity`, FIELD and WORD are of the opportunity.
BY_LINK = (
	(
		"list of DOCTYPE with opportunity.FIELD",
		"/api/resource/DOCTYPE",
		{"fields": ["name", "opportunity.FIELD"], "limit_page_length": "0"},
		MAY_SHOW,
	),
	(
		"client.get_value of DOCTYPE with opportunity.FIELD",
		f"{CLIENT}.get_value",
		{"doctype": "DOCTYPE", "fieldname": "opportunity.FIELD", "filters": [["name", "is", "set"]]},
		MAY_SHOW,
	),
)

# DOCTYPE has rows of the DocType ROW in the field TABLE; FIELD and WORD are of a row.
BY_ROW = (
	(
		"list of DOCTYPE with TABLE.FIELD",
		"/api/resource/DOCTYPE",
		{"fields": ["name", "TABLE.FIELD"], "limit_page_length": "0"},
		MAY_SHOW,
	),
	(
		"list of DOCTYPE by filter on ROW",
		f"{CLIENT}.get_list",
		{"doctype": "DOCTYPE", "filters": [["ROW", "FIELD", "like", "%WORD%"]]},
		MAY_YES,
	),
	(
		"count of DOCTYPE by filter on ROW",
		f"{CLIENT}.get_count",
		{"doctype": "DOCTYPE", "filters": [["ROW", "FIELD", "like", "%WORD%"]]},
		MAY_YES,
	),
)
