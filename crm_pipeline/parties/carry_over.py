"""Open tasks and appointments go along when a lead becomes an opportunity or customer; mails survive a deletion."""

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import now_datetime

from crm_pipeline.parties.contact_details import party_display_name
from crm_pipeline.parties.related_documents import parties_of
from crm_pipeline.parties.titles import retitle_quotations
from crm_pipeline.rules import quotation_status
from crm_pipeline.utils.bulk_sql import in_list, literal_list, update_where
from crm_pipeline.utils.markup import bold, escaped
from crm_pipeline.utils.search_index import index_later


def carry_over(doctype: str, name: str, target: Document) -> None:
	"""Give the open tasks of a document to its target, and let the target take part in its open events."""
	move_open_tasks(doctype, name, target)
	for event in events_of(doctype, name, status="Open"):
		if not any(row.reference_doctype == target.doctype for row in event.event_participants):
			event.add_participant(target.doctype, target.name)
			save_event(event)


def move_open_tasks(doctype: str, name: str, target: Document) -> None:
	"""Move tasks, since one belongs to one document; each stays with the person it was given to."""
	filters = {"reference_type": doctype, "reference_name": name, "status": "Open"}
	tasks = frappe.get_all("ToDo", filters=filters, pluck="name", order_by="creation")
	for task in tasks:
		todo = frappe.get_doc("ToDo", task)
		todo.reference_type, todo.reference_name = target.doctype, target.name
		todo.flags.ignore_permissions = True  # converting needs no right on the tasks of colleagues
		todo.save()
	if tasks:
		frappe.db.set_value(doctype, name, "_assign", None, update_modified=False)


def pass_on_quotations(lead: str, customer: Document) -> None:
	"""Address the drafts and open quotations of a lead to the customer that it became; a line in each says so.

	What is decided stays as it went out: a lead and its customer are the same business.
	"""
	passing = ["in", (quotation_status.DRAFT, *quotation_status.IN_PLAY)]
	of_lead = {"quotation_to": "Lead", "party_name": lead, "status": passing}
	names = frappe.get_all("Quotation", of_lead, pluck="name")
	if not names:
		return
	quotation = frappe.qb.DocType("Quotation")
	passed = quotation.name.isin(literal_list(names))
	values = {
		"quotation_to": customer.doctype,
		"party_name": customer.name,
		"customer_name": customer.customer_name,
		"company_name": None,
		"modified": now_datetime(),
		"modified_by": frappe.session.user,
	}
	update_where(quotation, passed, values)
	retitle_quotations(passed)
	frappe.clear_document_cache("Quotation")
	index_later("Quotation", {"name": ["in", names]})
	line = _("Passed on from lead {0} to customer {1}.").format(
		escaped(party_display_name("Lead", lead)), bold(customer.customer_name)
	)
	for name in names:
		frappe.get_doc("Quotation", name).add_comment("Info", line)


def give_back_conversation(opportunity: Document) -> None:
	"""Before an opportunity goes: its mails and calls pass to its party, its events forget it."""
	if opportunity.party_name:
		frappe.db.set_value(
			"Communication",
			{"reference_doctype": opportunity.doctype, "reference_name": opportunity.name},
			{"reference_doctype": opportunity.opportunity_from, "reference_name": opportunity.party_name},
			update_modified=False,
		)
	for event in events_of(opportunity.doctype, opportunity.name):
		leave_event(event, opportunity)


def leave_event(event: Document, opportunity: Document) -> None:
	"""Let the party take the place of the opportunity in an event, unless it takes part already."""
	party_type, party = opportunity.opportunity_from, opportunity.party_name
	rows = [(row.reference_doctype, row.reference_docname) for row in event.event_participants]
	known = parties_of(party_type, party)
	present = any(name in known.get(doctype, ()) for doctype, name in rows)
	event.event_participants = [
		row
		for row in event.event_participants
		if (row.reference_doctype, row.reference_docname) != (opportunity.doctype, opportunity.name)
	]
	if party and not present:
		event.add_participant(party_type, party)
	save_event(event)


def events_of(doctype: str, name: str, **filters: Any) -> list[Document]:
	"""Return the events in which a document takes part."""
	rows = frappe.get_all(
		"Event Participants",
		filters={"reference_doctype": doctype, "reference_docname": name, "parenttype": "Event"},
		pluck="parent",
		distinct=True,
	)
	events = frappe.get_all("Event", filters={"name": ["in", in_list(rows)], **filters}, pluck="name")
	return [frappe.get_doc("Event", event) for event in events]


def save_event(event: Document) -> None:
	"""Save a calendar entry that may be a colleague's: whoever converts or deletes an opportunity need not own it."""
	# The user may convert or delete what the event is about.
	event.flags.update(ignore_permissions=True, ignore_links=True)
	event.save()
