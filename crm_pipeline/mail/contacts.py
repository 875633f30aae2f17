"""Who spoke to whom when in the mails and calls of an opportunity."""

from collections.abc import Iterable
from email.utils import getaddresses

import frappe
from frappe.model.document import Document
from frappe.utils import get_datetime

from crm_pipeline.mail.senders import own_addresses_among
from crm_pipeline.rules.conversation import Contact
from crm_pipeline.utils.bulk_sql import in_list

MEDIA = ("Email", "Phone")
FIELDS = (
	"communication_date",
	"creation",
	"communication_medium",
	"sent_or_received",
	"sender",
	"recipients",
	"cc",
	"bcc",
)


def is_conversation(communication: Document, doctype: str = "Opportunity") -> bool:
	"""Tell whether a Communication is a mail or call by somebody, on a record of a DocType that is still there."""
	return bool(
		communication.reference_doctype == doctype
		and communication.communication_type == "Communication"
		and communication.communication_medium in MEDIA
		and frappe.db.exists(doctype, communication.reference_name)
	)


def contacts_on(opportunity: str, quotations: Iterable[str] = ()) -> list[Contact]:
	"""Return all mails and calls with somebody outside on an opportunity and on its quotations to the customer."""
	filters = {"communication_type": "Communication", "communication_medium": ["in", MEDIA]}
	rows = []
	for doctype, names in (("Opportunity", [opportunity]), ("Quotation", in_list(quotations))):
		on_these = {"reference_doctype": doctype, "reference_name": ["in", names]}
		rows += frappe.get_all("Communication", {**filters, **on_these}, list(FIELDS))
	addresses = {each for row in rows for each in addresses_in(row.sender, row.recipients, row.cc, row.bcc)}
	ours = own_addresses_among(addresses)
	return [contact for row in rows if (contact := contact_of(row, ours))]


def contact_of(communication: Document | frappe._dict, ours: set[str] | None = None) -> Contact | None:
	"""Return the contact that a Communication was; None among ourselves.

	Args:
		ours: those of its addresses that are ours, if known already.
	"""
	from_us = direction(communication, ours)
	if from_us is None:
		return None
	at = get_datetime(communication.communication_date or communication.creation)
	return Contact(at, from_us, communication.communication_medium != "Phone")


def direction(communication: Document | frappe._dict, ours: set[str] | None = None) -> bool | None:
	"""Return whether we spoke to somebody outside (True) or they to us (False); None among ourselves."""
	received = communication.sent_or_received == "Received"
	if communication.communication_medium == "Phone":
		return not received
	sender = addresses_in(communication.sender)
	others = addresses_in(communication.recipients, communication.cc, communication.bcc)
	if ours is None:
		ours = own_addresses_among(sender | others)
	if received and not sender & ours:
		return False
	return True if others - ours else None


def addresses_in(*headers: str | None) -> set[str]:
	pairs = getaddresses(header for header in headers if header)
	return {address.lower() for _name, address in pairs if address}
