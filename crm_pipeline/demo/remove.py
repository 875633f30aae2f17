"""Takes the demo away again."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple

import frappe
from frappe import _
from frappe.utils import now_datetime, strip_html

from crm_pipeline.utils.bulk_sql import in_list


class Record(NamedTuple):
	"""One that the demo made; `entry` is the name of its Demo Record, if it has one."""

	doctype: str
	name: str
	entry: str | None


def remove(progress: Callable[[list], Iterable] = iter) -> list[tuple[str, str, str]]:
	"""Delete every record that the demo made, edited or not; the caller commits.

	Records that others, made since, are linked with must stay; they are still known as the demo's, so that a
	later call can take them away.

	Returns: DocType, name and reason of each record left.
	"""
	entries = frappe.get_all(
		"Demo Record", fields=["reference_doctype", "reference_name", "name"], order_by="idx desc"
	)
	records = [Record(*entry.values()) for entry in entries]
	names = defaultdict(list)
	for record in records:
		names[record.doctype].append(record.name)
	records = contacts_of_users(names["User"]) + events_of_opportunities(names["Opportunity"]) + records
	start = now_datetime()
	refused = [record for record in progress(records) if refusal_of(record)]
	# Once more: what these were linked with may have gone after them.
	left = {record: reason for record in refused if (reason := refusal_of(record))}
	forget_traces(set(records) - left.keys(), start)
	return [(record.doctype, record.name, reason) for record, reason in left.items()]


def contacts_of_users(users: list[str]) -> list[Record]:
	"""Contacts that Frappe made for new users, and would leave behind when the users go."""
	names = frappe.get_all("Contact", filters={"user": ["in", in_list(users)]}, pluck="name")
	return [Record("Contact", name, None) for name in names]


def events_of_opportunities(opportunities: list[str]) -> list[Record]:
	"""Calendar entries of the next contacts."""
	filters = {"name": ["in", in_list(opportunities)], "follow_up_event": ["is", "set"]}
	events = frappe.get_all("Opportunity", filters=filters, pluck="follow_up_event")
	return [Record("Event", event, None) for event in events]


def refusal_of(record: Record) -> str | None:
	"""Delete one record, unless something refuses it; returns what, or None when it is gone."""
	frappe.db.savepoint("demo_record")
	try:
		delete(record.doctype, record.name)
	except frappe.ValidationError as refusal:
		frappe.db.rollback(save_point="demo_record")
		frappe.clear_last_message()
		return strip_html(str(refusal)) or _("Refused")
	if record.entry:
		frappe.db.delete("Demo Record", {"name": record.entry})
	frappe.db.release_savepoint("demo_record")
	return None


def delete(doctype: str, name: str) -> None:
	"""Cancel if submitted, and delete for good; nothing happens if a user deleted the record before."""
	if not frappe.db.exists(doctype, name):
		return
	doc = frappe.get_doc(doctype, name)
	if doc.docstatus == 1:
		doc.cancel()
	frappe.delete_doc(doctype, name, delete_permanently=True)


def forget_traces(records: Iterable[Record], start: datetime) -> None:
	"""Remove what Frappe noted about the changes of the demo's records and, from `start` on, their deletion."""
	names = defaultdict(list)
	for record in records:
		names[record.doctype].append(record.name)
	if users := names.get("User"):
		names["Notification Settings"] = users  # Frappe deletes them with the user
	for doctype, gone in names.items():
		frappe.db.delete("Version", {"ref_doctype": doctype, "docname": ["in", gone]})
		subjects = [f"{_(doctype)} {name}" for name in gone]
		feed = {"comment_type": "Deleted", "reference_doctype": doctype, "subject": ["in", subjects]}
		frappe.db.delete("Comment", {**feed, "creation": [">=", start]})
