"""Takes the demo away again."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

import frappe
import frappe.defaults
from frappe import _
from frappe.model.document import Document
from frappe.utils import strip_html

from crm_pipeline.demo.requirements import REQUIREMENT, take_off
from crm_pipeline.utils.deletion import delete_for_good, numbers_kept
from crm_pipeline.utils.locking import undo_to

TASK = "ToDo"
PARTIES = ("Customer", "Supplier")  # which take contacts and addresses with them


class Record(NamedTuple):
	"""One that the demo made; `entry` is the name of its Demo Record."""

	doctype: str
	name: str
	entry: str


def remove(progress: Callable[[list], Iterable] = iter) -> list[tuple[str, str, str]]:
	"""Delete every record that the demo made, edited or not; the caller commits.

	Nothing is left for a job to do, and no name is given to another record by a series. Records that others, made
	since, are linked with must stay; they are still known as the demo's, so that a later call can take them away.

	Returns: DocType, name and reason of each record left.
	"""
	entries = frappe.get_all(
		"Demo Record", fields=["reference_doctype", "reference_name", "name"], order_by="idx desc"
	)
	records = [Record(*entry.values()) for entry in entries]
	with numbers_kept():
		refused = [record for record in progress(records) if refusal_of(record)]
		# Once more: what these were linked with may have gone after them.
		left = {record: reason for record in refused if (reason := refusal_of(record))}
	return [(record.doctype, record.name, reason) for record, reason in left.items()]


def refusal_of(record: Record) -> str | None:
	"""Delete one record, unless something refuses it; returns what, or None when it is gone."""
	frappe.db.savepoint("demo_record")
	try:
		delete(record.doctype, record.name)
	except frappe.ValidationError as refusal:
		undo_to("demo_record")
		frappe.clear_last_message()
		return strip_html(str(refusal)) or _("Refused")
	frappe.db.delete("Demo Record", {"name": record.entry})
	frappe.db.release_savepoint("demo_record")
	return None


def delete(doctype: str, name: str) -> None:
	"""Cancel if submitted, and delete for good; nothing happens if a user deleted the record before."""
	if not frappe.db.exists(doctype, name):
		return
	if doctype == REQUIREMENT:
		return take_off(name)
	doc = frappe.get_doc(doctype, name)
	if doctype == "User":
		refuse_if_assigned(name)
	if doc.docstatus.is_submitted():
		doc.cancel()
	for part in parts_of(doc):
		delete_for_good(part)
	delete_for_good(doc)
	if doctype == "User":
		frappe.defaults.clear_default(parent=name)  # Frappe keeps what it knew of the user


def refuse_if_assigned(user: str) -> None:
	"""Refuse to delete a user whose tasks would go with them; those of the demo's own records are gone by now.

	Raises:
		frappe.LinkExistsError: naming the record of such a task.
	"""
	fields = ["name", "reference_type", "reference_name"]
	for task in frappe.get_all(TASK, {"allocated_to": user}, fields, limit=1):
		doctype, name = task.reference_type or TASK, task.reference_name or task.name
		frappe.throw(_("{0} {1} is assigned to {2}.").format(_(doctype), name, user), frappe.LinkExistsError)


def parts_of(doc: Document) -> list[Document]:
	"""Return what goes with a record, and would be left to a job if the record's own deletion came to it first."""
	if doc.doctype == "User":
		# Frappe makes a contact for each new user, and leaves it behind.
		return [*all_of("Contact", {"user": doc.name}), *all_of("Notification Settings", {"name": doc.name})]
	if doc.doctype in PARTIES:
		return [each for kind in ("Contact", "Address") for each in only_linked_with(doc, kind)]
	return []


def all_of(doctype: str, filters: dict) -> list[Document]:
	return [frappe.get_doc(doctype, name) for name in frappe.get_all(doctype, filters, pluck="name")]


def only_linked_with(party: Document, doctype: str) -> list[Document]:
	"""Contacts or addresses of this party alone."""
	link = {"parenttype": doctype, "link_doctype": party.doctype, "link_name": party.name}
	names = frappe.get_all("Dynamic Link", link, pluck="parent", distinct=True)
	docs = [frappe.get_doc(doctype, name) for name in names]
	return [doc for doc in docs if len(doc.links) == 1]
