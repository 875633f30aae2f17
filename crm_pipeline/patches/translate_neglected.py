"""The notification of neglected follow-ups speaks the language of the site and names people, where nobody edited it."""

import json

import frappe

from crm_pipeline.install import DEFAULTS

FORMER_SUBJECT = "{{ _('Follow-up overdue: {0}').format(doc.title) }}"
FORMER_CALL = ".format(doc.next_contact_by, doc.title)"


def execute() -> None:
	(record,) = json.loads((DEFAULTS / "9_notification.json").read_text())
	stored = frappe.db.get_value("Notification", record["name"], ["subject", "message"], as_dict=True)
	if stored and stored.subject == FORMER_SUBJECT and FORMER_CALL in (stored.message or ""):
		texts = {field: record[field] for field in ("subject", "message")}
		frappe.db.set_value("Notification", record["name"], texts, update_modified=False)
