"""What users are told of under the bell of Desk, each in their language."""

from collections.abc import Callable

import frappe
from frappe.desk.doctype.notification_log.notification_log import (
	enqueue_create_notification,
	make_notification_logs,
)
from frappe.model.document import Document

from crm_pipeline.utils.session import in_language_of

Text = Callable[[], str]


def notify(user: str | None, text: Text, *, at_once: bool = False, **reference: str | None) -> None:
	"""Notify a user, if there is one with an address.

	Args:
		text: gives the words, as HTML; called while the user's language is spoken.
		at_once: within this transaction, else in a job after it.
		reference: `document_type` and `document_name`, or `link`.
	"""
	email = frappe.db.get_value("User", user, "email") if user else None
	if not (user and email):
		return
	with in_language_of(user):
		note = frappe._dict(type="Alert", subject=text(), **reference)
	if at_once:
		make_notification_logs(note, [email])
	else:
		enqueue_create_notification([email], note)


def notify_owner(opportunity: Document, text: Text) -> None:
	"""Notify the owner of an opportunity, or else whoever entered it."""
	user = opportunity.opportunity_owner or opportunity.owner
	notify(user, text, document_type=opportunity.doctype, document_name=opportunity.name)
