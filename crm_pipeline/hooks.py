from frappe.model import base_document

from crm_pipeline.utils import search_index

app_name = "crm_pipeline"
app_title = "CRM Pipeline"
app_publisher = "CRM Pipeline contributors"
app_description = "Sales opportunities from first hint to won or lost, for any site on the Frappe Framework"
app_email = "crm-pipeline@example.com"
app_license = "mit"
app_home = "/pipeline"

export_python_type_annotations = True
require_type_annotated_api_methods = True

add_to_apps_screen = [
	{
		"name": app_name,
		"logo": "/assets/crm_pipeline/pipeline/icon.svg",
		"title": app_title,
		"route": "/app/crm-pipeline",
		"has_permission": "crm_pipeline.permissions.switch.is_offered",
	}
]

before_install = "crm_pipeline.install.before_install"
before_app_install = "crm_pipeline.install.before_app_install"
after_install = "crm_pipeline.install.after_install"
after_migrate = "crm_pipeline.permissions.core_grants.follow_core"
before_uninstall = "crm_pipeline.uninstall.before_uninstall"
after_uninstall = "crm_pipeline.uninstall.after_uninstall"
setup_wizard_complete = [
	"crm_pipeline.money.site_currency.follow_wizard",
	"crm_pipeline.utils.scheduler.follow_wizard",
]

fixtures = [{"dt": "Custom Field", "filters": [["module", "=", "CRM Pipeline"]]}]

extend_bootinfo = "crm_pipeline.boot.add_to_boot"

app_include_js = ["numbers.bundle.js", "charts.bundle.js", "setup_warnings.bundle.js"]

doctype_js = {
	"Opportunity": [
		"public/js/create_menu.js",
		"public/js/amounts.js",
		"public/js/pick_rows.js",
		"public/js/outcome.js",
		"public/js/stages.js",
		"public/js/follow_up_dialogs.js",
		"public/js/follow_up.js",
		"public/js/party_history.js",
		"public/js/supplier_requests.js",
		"public/js/margin.js",
		"public/js/supplier_rates.js",
	],
	"Quotation": [
		"public/js/create_menu.js",
		"public/js/amounts.js",
		"public/js/totals.js",
		"public/js/pick_rows.js",
		"public/js/outcome.js",
		"public/js/quotation_warnings.js",
	],
	"Supplier Quotation": [
		"public/js/create_menu.js",
		"public/js/amounts.js",
		"public/js/supplier_requests.js",
		"public/js/margin.js",
	],
	"Lead": ["public/js/create_menu.js", "public/js/party_history.js"],
	"Customer": [
		"public/js/create_menu.js",
		"public/js/party_history.js",
		"public/js/same_name.js",
		"public/js/write_to_contact.js",
	],
	"Supplier": ["public/js/same_name.js", "public/js/write_to_contact.js"],
	"Contact": ["public/js/create_menu.js", "public/js/contact.js"],
	"Selling Settings": ["public/js/handover.js", "public/js/assignment.js", "public/js/auto_close.js"],
	"User": "public/js/handover.js",
}

calendars = ["Opportunity"]

# Other apps have a class for Email Accounts too: see crm_pipeline.overrides.email_account.
if hasattr(base_document, "_get_extended_class"):
	extend_doctype_class = {"Email Account": "crm_pipeline.overrides.email_account.PipelineMailbox"}
else:
	override_doctype_class = {"Email Account": "crm_pipeline.overrides.email_account.EmailAccount"}
	before_request = ["crm_pipeline.overrides.email_account.stand_before_other_apps"]
	before_job = ["crm_pipeline.overrides.email_account.stand_before_other_apps"]

override_whitelisted_methods = {
	# Where it was before; clients may call it there.
	"crm_pipeline.controllers.currencies.get_conversion_rate": "crm_pipeline.api.currency.get_conversion_rate",
	"frappe.desk.like.toggle_like": "crm_pipeline.permissions.desk_actions.toggle_like",
	"frappe.desk.form.assign_to.add": "crm_pipeline.permissions.desk_actions.add",
	"frappe.desk.form.assign_to.add_multiple": "crm_pipeline.permissions.desk_actions.add_multiple",
	"frappe.core.doctype.data_export.exporter.export_data": "crm_pipeline.permissions.exports.export_data",
	"frappe.core.doctype.data_import.data_import.download_template": (
		"crm_pipeline.permissions.exports.download_template"
	),
	"frappe.client.get": "crm_pipeline.permissions.desk_overrides.get",
	"frappe.client.get_count": "crm_pipeline.permissions.desk_overrides.get_count",
	"frappe.client.validate_link": "crm_pipeline.permissions.desk_search.validate_link",
	"frappe.desk.doctype.tag.tag.get_tagged_docs": "crm_pipeline.permissions.desk_overrides.get_tagged_docs",
	"frappe.desk.doctype.bulk_update.bulk_update.submit_cancel_or_update_docs": (
		"crm_pipeline.overrides.bulk_actions.submit_cancel_or_update_docs"
	),
	"frappe.desk.doctype.kanban_board.kanban_board.update_order": (
		"crm_pipeline.overrides.kanban_board.update_order"
	),
	"frappe.desk.doctype.kanban_board.kanban_board.update_order_for_single_card": (
		"crm_pipeline.overrides.kanban_board.update_order_for_single_card"
	),
	"frappe.desk.desktop.get_workspace_sidebar_items": (
		"crm_pipeline.permissions.desk_overrides.get_workspace_sidebar_items"
	),
	"frappe.desk.doctype.dashboard_chart.dashboard_chart.get": "crm_pipeline.permissions.desk_overrides.get_chart",
	"frappe.desk.doctype.number_card.number_card.get_result": (
		"crm_pipeline.permissions.desk_overrides.get_card_result"
	),
	"frappe.desk.listview.get_group_by_count": "crm_pipeline.permissions.desk_overrides.get_group_by_count",
	"frappe.desk.notifications.get_open_count": "crm_pipeline.permissions.desk_overrides.get_open_count",
	"frappe.email.relink": "crm_pipeline.overrides.communication.relink",
	"frappe.desk.search.get_link_title": "crm_pipeline.permissions.desk_search.get_link_title",
	"frappe.desk.search.search_link": "crm_pipeline.permissions.desk_search.search_link",
	"frappe.desk.search.search_widget": "crm_pipeline.permissions.desk_search.search_widget",
	"frappe.utils.global_search.search": "crm_pipeline.permissions.desk_search.search_everywhere",
}

global_search_doctypes = {"Default": [{"doctype": doctype} for doctype in search_index.DOCTYPES]}

permission_query_conditions = {
	"Opportunity": "crm_pipeline.permissions.visibility.query_conditions",
	"Opportunity Item": "crm_pipeline.permissions.visibility.query_conditions",
	"Quotation": "crm_pipeline.permissions.visibility.query_conditions",
	"Quotation Item": "crm_pipeline.permissions.visibility.query_conditions",
	"Supplier Quotation": "crm_pipeline.permissions.visibility.query_conditions",
	"Supplier Quotation Item": "crm_pipeline.permissions.visibility.query_conditions",
	"Lost Reason Detail": "crm_pipeline.permissions.visibility.query_conditions",
	"Competitor Detail": "crm_pipeline.permissions.visibility.query_conditions",
	"Sales Taxes and Charges": "crm_pipeline.permissions.visibility.query_conditions",
	"Pipeline Change": "crm_pipeline.permissions.visibility.query_conditions",
	"Auto Closed Opportunity": "crm_pipeline.permissions.visibility.query_conditions",
	"Auto Close Batch": "crm_pipeline.permissions.visibility.query_conditions",
	"Pipeline View": "crm_pipeline.crm_pipeline.doctype.pipeline_view.pipeline_view.query_conditions",
	"Communication": "crm_pipeline.permissions.visibility.query_conditions",
	"Communication Link": "crm_pipeline.permissions.visibility.query_conditions",
	"Event Participants": "crm_pipeline.permissions.visibility.query_conditions",
	"Kanban Board Column": "crm_pipeline.permissions.visibility.query_conditions",
	"File": "crm_pipeline.permissions.visibility.query_conditions",
	"Tag Link": "crm_pipeline.permissions.visibility.query_conditions",
}

has_permission = {
	"Communication": "crm_pipeline.permissions.attached.has_permission",
	"File": "crm_pipeline.permissions.attached.has_permission",
	"Opportunity": "crm_pipeline.permissions.visibility.has_permission",
	"Quotation": "crm_pipeline.permissions.visibility.has_permission",
	"Supplier Quotation": "crm_pipeline.permissions.visibility.has_permission",
	"Pipeline Change": "crm_pipeline.permissions.visibility.has_permission",
	"Auto Closed Opportunity": "crm_pipeline.permissions.visibility.has_permission",
	"Auto Close Batch": "crm_pipeline.permissions.visibility.has_permission",
	"Pipeline View": "crm_pipeline.crm_pipeline.doctype.pipeline_view.pipeline_view.has_permission",
	"Notification Log": "crm_pipeline.permissions.visibility.is_for_user",
	"Number Card": "crm_pipeline.permissions.landing_page.has_permission",
	"Dashboard Chart": "crm_pipeline.permissions.landing_page.has_permission",
	"Tag Link": "crm_pipeline.permissions.visibility.has_permission",
}

doc_events = {
	"ToDo": {
		"before_insert": "crm_pipeline.assignment.owner.hold_record",
		"before_validate": "crm_pipeline.assignment.owner.keep_finished",
		"validate": [
			"crm_pipeline.permissions.references.refuse_hidden_references",
			"crm_pipeline.permissions.assigning.refuse_own_assignment",
		],
		"after_insert": "crm_pipeline.assignment.owner.fill_owner",
	},
	"Communication": {
		"validate": "crm_pipeline.overrides.communication.refuse_reference",
		"after_insert": "crm_pipeline.overrides.communication.judge_new",
		"on_update": "crm_pipeline.overrides.communication.judge_linked",
	},
	"Data Import": {
		"before_change": "crm_pipeline.overrides.data_import.read_as_written",
		"before_validate": "crm_pipeline.overrides.data_import.read_as_written",
	},
	"Event": {
		"validate": "crm_pipeline.permissions.references.refuse_hidden_references",
		"on_update": "crm_pipeline.overrides.event.follow_calendar",
		"on_trash": "crm_pipeline.overrides.event.forget_event",
	},
	"File": {"validate": "crm_pipeline.permissions.references.refuse_hidden_references"},
	"System Settings": {
		"on_update": [
			"crm_pipeline.money.site_currency.follow_system_settings",
			"crm_pipeline.utils.scheduler.follow_system_settings",
		]
	},
	"User": {
		"on_update": [
			"crm_pipeline.overrides.user.reassign_work",
			"crm_pipeline.overrides.user.mention_what_is_left",
		]
	},
	"Assignment Rule": {"validate": "crm_pipeline.assignment.rules.check_rule"},
	"Version": {"before_insert": "crm_pipeline.permissions.version_levels.leave_out_costs"},
	"Workflow": {"validate": "crm_pipeline.processes.status_workflows.check_workflow"},
}

# What it tells of may be deleted.
ignore_links_on_delete = ["Mail Intake Log"]

default_log_clearing_doctypes = {"Mail Intake Log": 90}

additional_timeline_content = {
	doctype: ["crm_pipeline.api.activities.timeline_content"]
	for doctype in ("Opportunity", "Quotation", "Supplier Quotation", "Lead", "Customer")
}

scheduler_events = {
	"cron": {
		"*/15 * * * *": [
			"crm_pipeline.tasks.retry_mails",
			"crm_pipeline.tasks.send_follow_up_reminders",
			"crm_pipeline.tasks.send_follow_up_digest",
		],
	},
	"daily_long": [
		"crm_pipeline.tasks.restore_follow_up_events",
		"crm_pipeline.tasks.expire_quotations",
		"crm_pipeline.tasks.revalue_open_opportunities",
		"crm_pipeline.tasks.wake_paused_opportunities",
		"crm_pipeline.tasks.auto_close_opportunities",
		"crm_pipeline.tasks.follow_requests",
		"crm_pipeline.tasks.reassign_from_leavers",
		"crm_pipeline.tasks.forget_old_writes",
		"crm_pipeline.tasks.check_histories",
	],
}

after_request = [
	"crm_pipeline.www.pipeline.add_security_headers",
	"crm_pipeline.www.supplier_request.protect",
]
