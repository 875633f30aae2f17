"""Attempts to change a record, or to hang something on it: written as in `read_paths.py`, all of them POST or named."""

import json

CLIENT = "frappe.client"
FORM = "frappe.desk.form"
IT = {"doctype": "DOCTYPE", "name": "NAME"}
CHANGED = {"FIELD": "changed"}
BULK = '[{"doctype": "DOCTYPE", "docname": "NAME", "FIELD": "changed"}]'  # Frappe wants it as JSON
ABOUT_IT = {"reference_doctype": "DOCTYPE", "reference_name": "NAME"}
TAG = {"tag": "changed", "dt": "DOCTYPE", "dn": "NAME"}
SELF = "SELF"  # whoever asks

CHANGES = (
	("PUT resource", "/api/resource/DOCTYPE/NAME", CHANGED, "PUT"),
	("PUT v2 document", "/api/v2/document/DOCTYPE/NAME", CHANGED, "PUT"),
	("client.set_value", f"{CLIENT}.set_value", {**IT, "fieldname": CHANGED}, "POST"),
	("client.save", f"{CLIENT}.save", {"doc": {**IT, **CHANGED}}, "POST"),
	(
		"client.bulk_update",
		f"{CLIENT}.bulk_update",
		{"docs": BULK},
		"POST",
	),
	(
		"client.rename_doc",
		f"{CLIENT}.rename_doc",
		{"doctype": "DOCTYPE", "old_name": "NAME", "new_name": "NAME renamed"},
		"POST",
	),
	("client.submit", f"{CLIENT}.submit", {"doc": {**IT, **CHANGED}}, "POST"),
	("client.cancel", f"{CLIENT}.cancel", IT, "POST"),
	("client.delete", f"{CLIENT}.delete", IT, "POST"),
	("DELETE resource", "/api/resource/DOCTYPE/NAME", {}, "DELETE"),
	(
		"form.save.savedocs",
		f"{FORM}.save.savedocs",
		{"doc": json.dumps({**IT, **CHANGED}), "action": "Save"},
		"POST",
	),
	("form.save.cancel", f"{FORM}.save.cancel", IT, "POST"),
	(
		"reportview.delete_items",
		"frappe.desk.reportview.delete_items",
		{"doctype": "DOCTYPE", "items": '["NAME"]'},
		"POST",
	),
	(
		"bulk_update",
		"frappe.desk.doctype.bulk_update.bulk_update.submit_cancel_or_update_docs",
		{"doctype": "DOCTYPE", "docnames": ["NAME"], "action": "update", "data": CHANGED},
		"POST",
	),
)

# What rows in a table have not.
HANGING = (
	("share.add", "frappe.share.add", {**IT, "user": SELF}, "POST"),
	(
		"share.set_permission",
		"frappe.share.set_permission",
		{**IT, "user": SELF, "permission_to": "write"},
		"POST",
	),
	("assign_to.add", f"{FORM}.assign_to.add", {**IT, "assign_to": [SELF]}, "POST"),
	("tag.add_tag", "frappe.desk.doctype.tag.tag.add_tag", TAG, "POST"),
	("tag.remove_tag", "frappe.desk.doctype.tag.tag.remove_tag", TAG, "POST"),
	("like.toggle_like", "frappe.desk.like.toggle_like", {**IT, "add": "Yes"}, "POST"),
	(
		"add_comment",
		f"{FORM}.utils.add_comment",
		{**ABOUT_IT, "content": "changed", "comment_email": SELF, "comment_by": SELF},
		"POST",
	),
	(
		"communication.email.make",
		"frappe.core.doctype.communication.email.make",
		{**IT, "content": "changed", "subject": "changed", "recipients": "a@example.com"},
		"POST",
	),
	(
		"update_follow",
		f"{FORM}.document_follow.update_follow",
		{"doctype": "DOCTYPE", "doc_name": "NAME", "following": 1},
		"POST",
	),
	(
		"client.attach_file",
		f"{CLIENT}.attach_file",
		{"filename": "changed.txt", "filedata": "changed", "doctype": "DOCTYPE", "docname": "NAME"},
		"POST",
	),
)

# Records of Frappe's that would hang on it.
INSERTED = {
	"ToDo": {
		"description": "changed",
		"allocated_to": SELF,
		"reference_type": "DOCTYPE",
		"reference_name": "NAME",
	},
	"DocShare": {"share_doctype": "DOCTYPE", "share_name": "NAME", "user": SELF, "read": 1, "write": 1},
	"Comment": {"comment_type": "Comment", "content": "changed", **ABOUT_IT},
	"Communication": {"subject": "changed", "content": "changed", **ABOUT_IT},
	"Event": {
		"subject": "changed",
		"event_type": "Private",
		"starts_on": "2030-01-01 09:00:00",
		"event_participants": [{"reference_doctype": "DOCTYPE", "reference_docname": "NAME"}],
	},
	"File": {
		"file_url": "https://example.com/changed",
		"attached_to_doctype": "DOCTYPE",
		"attached_to_name": "NAME",
	},
	"Tag Link": {"tag": "changed", "document_type": "DOCTYPE", "document_name": "NAME"},
}
# What a reader may do in Frappe with what they read: it changes nothing in the record and gives nobody a right.
LEFT_TO_READERS = frozenset(
	(
		"like.toggle_like",
		"crm_pipeline.permissions.desk_actions.toggle_like",
		"add_comment",
		"communication.email.make",
		"update_follow",
		"insert of a Comment",
		"insert of a Communication",
		"insert of a Event",
	)
)
