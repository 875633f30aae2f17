"""Who wrote a mail: a customer, a lead, one of us, or somebody new."""

from typing import Any, NamedTuple

import frappe
from frappe.utils import strip_html
from pypika.functions import Lower

from crm_pipeline.utils.bulk_sql import in_list
from crm_pipeline.utils.guarded_document import act_as_software
from crm_pipeline.utils.locking import undo_to

PARTY_TYPES = ("Customer", "Lead")
NAME_LENGTH = 140
NO_MARKUP = str.maketrans("", "", "<>")


class Sender(NamedTuple):
	"""A known sender: party type and name, and the contact it was found through, if any."""

	party_type: str
	party: str
	contact: str | None


def find_sender(address: str) -> Sender | None:
	"""Return the customer, else the lead, with this e-mail address in whatever letter case; None if unknown."""
	address = address.strip().lower()
	linked = _linked_to_contacts(address)
	for party_type in PARTY_TYPES:
		for row in linked:
			if row.link_doctype == party_type:
				return _as_customer(Sender(party_type, row.link_name, row.parent))
	lead = lead_with(address)
	return _as_customer(Sender("Lead", lead, None)) if lead else None


def find_or_make_sender(address: str, name: str | None, party_types: list[str]) -> Sender | None:
	"""As `find_sender`; somebody new becomes a lead, one of our own people or mailboxes does not.

	Args:
		name: what the sender is called, if known.
		party_types: those that opportunities may come from on this site.
	"""
	if is_own_address(address):
		return None
	sender = find_sender(address)
	if not sender and "Lead" in party_types:
		return Sender("Lead", make_lead(address, name), None)
	return sender if sender and sender.party_type in party_types else None


def is_own_address(address: str) -> bool:
	"""Return whether a Desk user or a mailbox of this site has the address."""
	return bool(own_addresses_among({address.strip().lower()}))


def own_addresses_among(addresses: set[str]) -> set[str]:
	"""Return those of the addresses (lower case) that belong to Desk users or mailboxes of this site."""
	user, mailbox = frappe.qb.DocType("User"), frappe.qb.DocType("Email Account")
	colleagues = frappe.qb.from_(user).select(Lower(user.email)).where(user.user_type == "System User")
	mailboxes = frappe.qb.from_(mailbox).select(Lower(mailbox.email_id))
	wanted = in_list(addresses)
	rows = colleagues.where(Lower(user.email).isin(wanted)).run()
	rows += mailboxes.where(Lower(mailbox.email_id).isin(wanted)).run()
	return {row[0] for row in rows}


def written_name(name: str | None) -> str | None:
	"""Return what a mail calls its sender, fit for a name field; None if that is only the address again."""
	text = strip_html(name or "").translate(NO_MARKUP).strip()[:NAME_LENGTH]
	return text if text and "@" not in text else None


def make_lead(address: str, name: str | None, **fields: Any) -> str:
	"""Insert a lead for a sender; returns its name, which a site that names leads by persons may have given already."""
	values = {"doctype": "Lead", "email_id": address, "first_name": written_name(name), **fields}
	frappe.db.savepoint("lead_of_sender")
	try:
		return _insert_lead(values)
	except frappe.DuplicateEntryError:
		undo_to("lead_of_sender")
		frappe.clear_last_message()
		return _insert_lead(values, f"{values['first_name'] or ''} {address}".strip()[:NAME_LENGTH])


def _insert_lead(values: dict, name: str | None = None) -> str:
	lead = frappe.get_doc(values)
	# Whoever fetches the mail acts for the sender, who cannot fill what people must fill.
	return act_as_software(lead, ignore_links=False).insert(set_name=name).name


def _linked_to_contacts(address: str) -> list:
	"""Links of the contacts who have the address, the oldest contact first."""
	email, link = frappe.qb.DocType("Contact Email"), frappe.qb.DocType("Dynamic Link")
	return (
		frappe.qb.from_(email)
		.join(link)
		.on((link.parent == email.parent) & (link.parenttype == "Contact"))
		.select(link.link_doctype, link.link_name, link.parent)
		.where(Lower(email.email_id) == address)
		.where(link.link_doctype.isin(PARTY_TYPES))
		.orderby(email.creation)
		.orderby(link.idx)
	).run(as_dict=True)


def lead_with(address: str) -> str | None:
	"""Return the oldest lead with an e-mail address (lower case), whatever contacts have it too."""
	lead = frappe.qb.DocType("Lead")
	rows = (
		frappe.qb.from_(lead)
		.select(lead.name)
		.where(Lower(lead.email_id) == address)
		.orderby(lead.creation)
		.limit(1)
	).run()
	return rows[0][0] if rows else None


def _as_customer(sender: Sender) -> Sender:
	"""Return the customer that a lead has become."""
	if sender.party_type == "Lead" and (
		customer := frappe.db.get_value("Customer", {"lead_name": sender.party})
	):
		return sender._replace(party_type="Customer", party=customer)
	return sender
