"""What mails and calls do to an opportunity."""

from datetime import date, datetime
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_datetime, now_datetime

from crm_pipeline.history.changes import opened_at, record_changes
from crm_pipeline.mail.contacts import contacts_on
from crm_pipeline.mail.senders import find_or_make_sender
from crm_pipeline.money.priced_document import PricedDocument
from crm_pipeline.quoting.quotations import quotations_naming, quotations_of
from crm_pipeline.rules import response, status
from crm_pipeline.rules.conversation import Contact, is_late, status_asked, waiting_began
from crm_pipeline.utils.markup import bold
from crm_pipeline.utils.notifications import notify_owner

# What follows from mails and calls.
STORED = (
	"contacted_out",
	"contacted_in",
	"last_contacted_on",
	"last_response_on",
	"first_responded_on",
	"mins_to_first_response",
	"waiting_for",
	"waiting_since",
	"own_status",
	"status",
	"status_since",
	"paused_until",
	"pause_reason",
	"auto_closed",
	"closed_on",
	"close_revenue",
	"close_revenue_currency",
	"base_close_revenue",
)


class Conversation(PricedDocument):
	# Fields that it writes.
	opportunity_from: str | None
	party_name: str | None
	contact_person: str | None
	contacted_out: int | None
	contacted_in: int | None
	last_contacted_on: datetime | None
	last_response_on: datetime | None
	first_responded_on: datetime | None
	mins_to_first_response: float
	waiting_for: str
	waiting_since: datetime | None
	own_status: Any
	status_since: datetime | None
	paused_until: str | date | None
	pause_reason: str | None
	auto_closed: int
	closed_on: str | date | None
	close_revenue: float | None
	close_revenue_currency: Any
	base_close_revenue: float

	def set_party_of_web_form(self) -> None:
		"""Give an opportunity from a Web Form to whoever entered it, as if they had written a mail."""
		if frappe.flags.in_web_form:
			self.take_party_from_mail(self.customer_name)

	def take_party_from_mail(self, name: str | None) -> None:
		"""Let the opportunity be of whoever has the contact's address, known or new.

		Args:
			name: what they are called, if known.
		"""
		if self.party_name or not self.contact_email:
			return
		allowed = frappe.get_cached_doc("Selling Settings").allowed_party_types()
		sender = find_or_make_sender(self.contact_email, name, allowed)
		if sender:
			self.opportunity_from, self.party_name, self.contact_person = sender

	def on_communication_update(self, communication: Document) -> None:
		"""Keep Frappe from reopening a replied opportunity for a colleague's mail; `mail.judging` decides what mails do."""

	def follow_contact(self, contact: Contact, barely: bool = False) -> None:
		"""Count a mail or call; a mail may move the status too, and the owner of an ended opportunity is notified.

		Args:
			barely: write only what follows from the contact, where the opportunity cannot be saved today.
		"""
		stays_ended = self.status in status.ENDED and not self.auto_closed
		asked = self.count_contact(contact)
		if barely:
			self.store_contact(asked)
		elif asked:
			self.request_status(*asked)
		else:
			self.save()
		if stays_ended and contact.is_mail and not contact.from_us:
			notify_of_mail(self)

	def count_contact(self, contact: Contact) -> status.StatusRequest | None:
		"""Set contact times and who is waited for; return the status that this asks for, and the cause."""
		late = is_late(contact.at, self.last_contacted_on, self.last_response_on)
		if contact.from_us:
			self.contacted_out = (self.contacted_out or 0) + 1
			self.last_contacted_on = _later(self.last_contacted_on, contact.at)
		else:
			self.contacted_in = (self.contacted_in or 0) + 1
			self.last_response_on = _later(self.last_response_on, contact.at)
		self.note_first_response(contact)
		waiting_for = response.waiting_for(self.last_contacted_on, self.last_response_on)
		asked = self.status_asked_by(contact, waiting_for)
		if self.status in status.ENDED and waiting_for == response.THEM and not asked:
			self.set_waiting_for(response.NOBODY, contact.at)
		elif late or waiting_for != self.waiting_for:
			self.waiting_for = waiting_for
			self.waiting_since = self.waiting_began(waiting_for) if late else contact.at
		return asked

	def waiting_began(self, waiting_for: str) -> datetime | None:
		contacts = contacts_on(self.name, quotations_naming(self.name, ("Quotation",)))
		return waiting_began(contacts, waiting_for)

	def note_first_response(self, contact: Contact) -> None:
		"""Note our first mail since the opportunity came in, whenever it becomes known."""
		came_in = opened_at(self)
		# Mails tell whole seconds.
		counts = contact.is_mail and contact.from_us and contact.at >= came_in.replace(microsecond=0)
		if counts and not (self.first_responded_on and get_datetime(self.first_responded_on) <= contact.at):
			self.first_responded_on = contact.at
			self.mins_to_first_response = response.minutes_between(came_in, contact.at)

	def status_asked_by(self, contact: Contact, waiting_for: str) -> status.StatusRequest | None:
		"""Return the status that a mail asks for, where the transition table lets a mail change it."""
		asked = status_asked(contact, waiting_for, self.status_since) if contact.is_mail else None
		if not asked or asked.status == self.own_status:
			return None
		return asked if status.may_change(self.status, *asked, bool(self.auto_closed)) else None

	def store_contact(self, asked: status.StatusRequest | None) -> None:
		"""Write contact times, status and who is waited for alone, and the history of it."""
		if asked:
			self.apply_mail_status(asked.status)
		frappe.db.set_value("Opportunity", self.name, {field: self.get(field) for field in STORED})
		record_changes(self)

	def apply_mail_status(self, own_status: str) -> None:
		"""Set the status, and what a mail ends with it: a pause, or the closing by a job."""
		former = self.status
		self.own_status = own_status
		self.status = status.derive(own_status, [quotation.state for quotation in quotations_of(self.name)])
		self.paused_until = self.pause_reason = None
		if self.status != former:
			self.status_since = now_datetime()
		if former in status.ENDED and self.status not in status.ENDED:
			self.auto_closed = self.close_revenue = self.base_close_revenue = 0
			self.closed_on = self.close_revenue_currency = None

	def set_waiting_for(self, waiting_for: str, since: datetime) -> None:
		if waiting_for != self.waiting_for:
			self.waiting_for = waiting_for
			self.waiting_since = None if waiting_for == response.NOBODY else since

	def reset_waiting_for(self) -> None:
		"""Let nobody wait on an opportunity that just ended; on one reopened, whoever did not speak last is awaited."""
		before = self.get_doc_before_save()
		ended = self.status in status.ENDED
		if before and ended != (before.status in status.ENDED):
			waiting_for = response.waiting_for(self.last_contacted_on, self.last_response_on)
			self.set_waiting_for(response.NOBODY if ended else waiting_for, now_datetime())


def notify_of_mail(opportunity: Document) -> None:
	"""Notify the owner that somebody wrote on an opportunity that is over, which stays so."""
	title = bold(opportunity.title)
	notify_owner(
		opportunity,
		lambda: _("New mail on {0}, which is {1}.").format(
			title, _(opportunity.status, context="Opportunity")
		),
	)


def _later(known: datetime | None, at: datetime) -> datetime:
	return max(get_datetime(known), at) if known else at
