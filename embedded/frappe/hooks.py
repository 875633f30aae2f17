app_name = "frappe"
app_title = "Frappe (embedded host)"

_assign = "frappe.automation.doctype.assignment_rule.assignment_rule.apply"
_update_due_date = "frappe.automation.doctype.assignment_rule.assignment_rule.update_due_date"
_refuse = "frappe.runtime.missing.refuse_event"
doc_events = {
	"*": {
		"on_update": [_assign, _update_due_date],
		"on_cancel": _assign,
		"on_update_after_submit": [_assign, _update_due_date],
	},
	"Custom Field": {"validate": _refuse},
	"DocType": {"validate": _refuse},
	"Role": {"before_rename": _refuse},
	"User": {"before_rename": _refuse},
}

permission_query_conditions = {
	"Communication": "frappe.core.doctype.communication.communication.get_permission_query_conditions_for_communication",
	"Event": "frappe.desk.doctype.event.event.get_permission_query_conditions",
	"File": "frappe.core.doctype.file.file.get_permission_query_conditions",
	"Kanban Board": "frappe.desk.doctype.kanban_board.kanban_board.get_permission_query_conditions",
	"Notification Settings": "frappe.desk.doctype.notification_settings.notification_settings.get_permission_query_conditions",
	"Notification Log": "frappe.desk.doctype.notification_log.notification_log.get_permission_query_conditions",
	"ToDo": "frappe.desk.doctype.todo.todo.get_permission_query_conditions",
	"User": "frappe.core.doctype.user.user.get_permission_query_conditions",
}
has_permission = {
	"Communication": "frappe.core.doctype.communication.communication.has_permission",
	"Event": "frappe.desk.doctype.event.event.has_permission",
	"File": "frappe.core.doctype.file.file.has_permission",
	"Kanban Board": "frappe.desk.doctype.kanban_board.kanban_board.has_permission",
	"Notification Settings": "frappe.desk.doctype.notification_settings.notification_settings.has_permission",
	"ToDo": "frappe.desk.doctype.todo.todo.has_permission",
	"User": "frappe.core.doctype.user.user.has_permission",
}

after_install = "frappe.utils.install.after_install"

# records that only tell about another one: they never keep it from being deleted
ignore_links_on_delete = [
	"Activity Log",
	"Comment",
	"Communication",
	"DocShare",
	"Email Queue",
	"Error Log",
	"File",
	"Notification Log",
	"ToDo",
	"Version",
	"Workspace",
]
