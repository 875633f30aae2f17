"""What happens on Frappe's own DocTypes and concerns an opportunity."""

from email.utils import getaddresses

import frappe
from frappe.model.document import Document
from frappe.utils import get_datetime


def follow_conversation(communication: Document, method: str | None = None) -> None:
	"""Let a mail on an opportunity move its status and its response times."""
	if not is_conversation(communication):
		return
	opportunity = frappe.get_doc("Opportunity", communication.reference_name, for_update=True)
	# Mail is the software's business: its sender need not be allowed to write the deal.
	opportunity.flags.update(
		ignore_permissions=True, ignore_links=True, ignore_mandatory=True, by_software=True
	)
	at = get_datetime(communication.communication_date or communication.creation)
	if communication.sent_or_received == "Received":
		opportunity.note_mail_in(at)
	elif goes_outside(communication):
		opportunity.note_mail_out(at)


def is_conversation(communication: Document) -> bool:
	"""A mail written by somebody, on an opportunity that is still there."""
	return bool(
		communication.reference_doctype == "Opportunity"
		and communication.communication_type == "Communication"
		and communication.communication_medium == "Email"
		and frappe.db.exists("Opportunity", communication.reference_name)
	)


def goes_outside(communication: Document) -> bool:
	"""Whether any recipient is not a Desk user of this site."""
	fields = (communication.recipients, communication.cc, communication.bcc)
	addresses = {address.lower() for _name, address in getaddresses(filter(None, fields)) if address}
	if not addresses:
		return False
	colleagues = frappe.get_all(
		"User", filters={"email": ["in", list(addresses)], "user_type": "System User"}, pluck="email"
	)
	return bool(addresses - {email.lower() for email in colleagues})
