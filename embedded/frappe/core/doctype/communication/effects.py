"""What a communication changes on the document it refers to."""

import itertools

import frappe
from frappe.core.utils import get_parent_doc
from frappe.utils import time_diff_in_seconds
from frappe.utils.user import is_system_user


def update_parent_document_on_communication(doc) -> None:
	"""Reopen a replied document for a received message, take response times, and tell the document."""
	parent = get_parent_doc(doc)
	if not parent or doc.communication_type == "Comment":
		return
	if is_reopened_by(doc, parent):
		parent.db_set("status", "Open")
		parent.run_method("handle_hold_time", "Replied")
	update_first_response_time(parent, doc)
	set_avg_response_time(parent, doc)
	parent.run_method("notify_communication", doc)


def is_reopened_by(doc, parent) -> bool:
	status = parent.meta.get_field("status")
	can_be_open = status and "Open" in (status.options or "").splitlines()
	if not can_be_open or doc.sent_or_received != "Received":
		return False
	return parent.status == "Replied" or parent.doctype == "Issue"


def update_first_response_time(parent, communication) -> None:
	"""Take the seconds from the document's creation to the first message sent by one of us."""
	if not parent.meta.has_field("first_response_time") or parent.get("first_response_time"):
		return
	if (communication.sent_or_received, communication.communication_type) != ("Sent", "Communication"):
		return
	user_type = frappe.get_cached_value("User", frappe.session.user, "user_type")
	if user_type != "System User" and not is_system_user(communication.sender):
		return
	if parent.meta.has_field("first_responded_on"):
		parent.db_set("first_responded_on", communication.creation)
	seconds = round(time_diff_in_seconds(communication.creation, parent.creation), 2)
	parent.db_set("first_response_time", seconds)


def set_avg_response_time(parent, communication) -> None:
	"""Take the average seconds from a received message to the sent one that follows it."""
	if not parent.meta.has_field("avg_response_time") or communication.sent_or_received != "Sent":
		return
	messages = frappe.get_all(
		"Communication",
		filters={"reference_doctype": parent.doctype, "reference_name": parent.name},
		fields=["sent_or_received", "creation"],
		order_by="creation",
	)
	times = [
		round(time_diff_in_seconds(answer.creation, question.creation), 2)
		for question, answer in itertools.pairwise(messages)
		if (question.sent_or_received, answer.sent_or_received) == ("Received", "Sent")
	]
	times = [seconds for seconds in times if seconds > 0]
	if times:
		parent.db_set("avg_response_time", sum(times) / len(times))
