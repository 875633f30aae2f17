"""The mails of the demo, written all at once: a bench takes half a second to insert one, and there are a thousand."""

from datetime import datetime

import frappe
from frappe.model.document import Document
from frappe.utils import get_fullname

from crm_pipeline.demo import texts
from crm_pipeline.demo.ledger import Ledger
from crm_pipeline.rules.conversation import Contact
from crm_pipeline.utils.bulk_sql import bulk_insert
from crm_pipeline.utils.guarded_document import act_as_software
from crm_pipeline.utils.markup import escaped

MAIL, LINK = "Communication", "Communication Link"
SENT, RECEIVED = "Sent", "Received"


class Correspondence:
	"""Collects mails while opportunities follow them, as they follow those that Frappe inserts."""

	def __init__(self, ledger: Ledger) -> None:
		self.ledger = ledger
		self.mails: list[dict] = []
		self.links: list[dict] = []

	def add(self, opportunity: Document, direction: str, position: int, at: datetime, owner: str) -> None:
		"""Write a mail between an opportunity's contact and one of us.

		Args:
			position: how many mails went that way before.
			owner: who of us wrote it or got it.
		"""
		outside = opportunity.contact_email
		sender, recipient = (owner, outside) if direction == SENT else (outside, owner)
		begins = position == 0 and direction == RECEIVED and not opportunity.contacted_out
		mail = {
			**row(at, owner),
			"communication_type": MAIL,
			"communication_medium": "Email",
			"sent_or_received": direction,
			"status": "Linked",
			"subject": opportunity.title if begins else f"Re: {opportunity.title}",
			"content": letter(direction, position, begins, opportunity, owner),
			"sender": sender,
			"sender_full_name": get_fullname(owner) if direction == SENT else name_of(outside),
			"recipients": recipient,
			"communication_date": at,
			"reference_doctype": opportunity.doctype,
			"reference_name": opportunity.name,
			"reference_owner": opportunity.owner,
			"user": frappe.session.user,
			"seen": 1,
		}
		self.mails.append(mail)
		self.ledger.records.append((MAIL, mail["name"]))
		self.link(mail, opportunity)
		act_as_software(opportunity)
		opportunity.follow_contact(Contact(at, direction == SENT, True), barely=True)

	def link(self, mail: dict, opportunity: Document) -> None:
		"""Show a mail with the contact and their party, too; a lead has no contact."""
		if not opportunity.contact_person:
			return
		named = (
			("Contact", opportunity.contact_person),
			(opportunity.opportunity_from, opportunity.party_name),
		)
		for position, (doctype, name) in enumerate(named, 1):
			parent = {"parent": mail["name"], "parenttype": MAIL, "parentfield": "timeline_links"}
			what = {"link_doctype": doctype, "link_name": name, "idx": position}
			self.links.append({**row(mail["creation"], mail["owner"]), **parent, **what})

	def close(self) -> None:
		"""Store it all."""
		bulk_insert(MAIL, self.mails)
		bulk_insert(LINK, self.links)


def row(at: datetime, owner: str) -> dict:
	"""Return the standard columns of a record made at a moment."""
	name = frappe.generate_hash(length=10)
	return {"name": name, "creation": at, "modified": at, "owner": owner, "modified_by": owner}


def name_of(address: str) -> str:
	return address.split("@")[0].replace(".", " ").title()


def letter(direction: str, position: int, begins: bool, opportunity: Document, owner: str) -> str:
	choice = texts.ANSWERS if direction == SENT else texts.REPLIES
	text = texts.REQUEST if begins else choice[position % len(choice)]
	contact = name_of(opportunity.contact_email)
	names = {"title": opportunity.title, "owner": get_fullname(owner), "contact": contact}
	paragraphs = text.format(**names).split("\n\n")
	return "".join(f"<p>{escaped(paragraph)}</p>" for paragraph in paragraphs).replace("\n", "<br>")
