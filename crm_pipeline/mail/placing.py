"""Which document a mail belongs to that names none: one that is there, or one that it makes."""

import frappe
from frappe import _
from frappe.model.document import Document

from crm_pipeline.mail.senders import Sender, find_sender, is_own_address, lead_with, make_lead
from crm_pipeline.permissions.switch import is_off_for_all
from crm_pipeline.rules import response, status
from crm_pipeline.utils.guarded_document import act_as_software
from crm_pipeline.utils.markup import bold
from crm_pipeline.utils.notifications import notify

TITLE_LENGTH = 140


def place(communication: Document, append_to: str | None) -> None:
	"""Give a recorded mail the document that its mailbox makes, as Frappe would have done before recording it."""
	makers = {"Opportunity": _new_opportunity, "Lead": _lead_of}
	name = makers[append_to](communication) if append_to in makers else None
	if not name:
		return
	communication.update({"reference_doctype": append_to, "reference_name": name, "status": "Linked"})
	# Nobody is signed in while mails are fetched.
	communication.flags.update(ignore_permissions=True, in_receive=True, skip_add_signature=True, placed=True)
	communication.save()


def open_opportunity_of(address: str | None) -> str | None:
	"""Return the opportunity in play of whoever has an address: of several the newest that waits for them."""
	sender = find_sender(address) if address and not is_own_address(address) else None
	parties = _same_business(sender) if sender else []
	rows = [
		row
		for party_type, party in parties
		for row in frappe.get_all(
			"Opportunity",
			{
				"opportunity_from": party_type,
				"party_name": party,
				"status": ["in", sorted(status.IN_PLAY)],
			},
			["name", "waiting_for", "creation"],
		)
	]
	rows.sort(key=lambda row: (row.waiting_for == response.THEM, row.creation))
	return rows[-1].name if rows else None


def _same_business(sender: Sender) -> list[tuple[str, str]]:
	"""Return the party of a sender and, of a customer, the lead that it was."""
	parties = [(sender.party_type, sender.party)]
	if sender.party_type == "Customer":
		lead = frappe.db.get_value("Customer", sender.party, "lead_name")
		parties += [("Lead", lead)] if lead else []
	return parties


def _new_opportunity(communication: Document) -> str | None:
	if is_off_for_all():
		return None
	opportunity = frappe.get_doc(
		{
			"doctype": "Opportunity",
			"title": " ".join(communication.subject.split())[:TITLE_LENGTH],
			"contact_email": communication.sender,
		}
	)
	opportunity.take_party_from_mail(communication.sender_full_name)
	# Nobody is there who could fill what people must fill.
	return act_as_software(opportunity, ignore_links=False).insert().name


def _lead_of(communication: Document) -> str | None:
	"""Return the lead with the sender's address, else a new one; none of our own people."""
	address = (communication.sender or "").strip().lower()
	if not address or is_own_address(address):
		return None
	if lead := lead_with(address):
		return lead
	sender = find_sender(address)
	if sender and sender.party_type == "Lead":
		return sender.party
	lead = make_lead(address, communication.sender_full_name, notes=communication.subject)
	if sender:
		_tell_of_customer(sender.party, lead)
	return lead


def _tell_of_customer(customer: str, lead: str) -> None:
	"""Tell whoever looks after a customer that a mail of theirs made a lead."""
	known = frappe.db.get_value(
		"Customer", customer, ["account_manager", "owner", "customer_name"], as_dict=True
	)
	notify(
		known.account_manager or known.owner,
		lambda: _("{0}, who is a customer, wrote to a mailbox for leads.").format(bold(known.customer_name)),
		document_type="Lead",
		document_name=lead,
	)
