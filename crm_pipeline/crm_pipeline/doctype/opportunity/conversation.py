"""What mails and calls do to an opportunity."""

from datetime import datetime

import frappe
from frappe.utils import get_datetime, now_datetime

from crm_pipeline.controllers.history import came_in_at
from crm_pipeline.controllers.notices import tell_of_mail
from crm_pipeline.controllers.senders import find_or_make_sender
from crm_pipeline.rules import response, status


class Conversation:
	def set_party_from_mail(self):
		"""A deal that an incoming mail makes is its sender's, known or new; Frappe puts his name in customer_name."""
		if not (frappe.flags.in_mail_intake and self.contact_email) or self.party_name:
			return
		allowed = [row.party_type for row in frappe.get_cached_doc("Selling Settings").party_types]
		sender = find_or_make_sender(self.contact_email, self.customer_name, allowed)
		self.customer_name = None
		if sender:
			self.opportunity_from, self.party_name, self.contact_person = sender

	def on_communication_update(self, communication):
		"""Keeps Frappe from reopening a replied deal for a colleague's mail; `events` decides what mails do."""

	def note_mail_out(self, at: datetime):
		"""We wrote: first response, last contact, and a deal in play becomes Replied."""
		if not self.first_responded_on:
			self.first_responded_on = at
			self.mins_to_first_response = response.minutes_between(came_in_at(self), at)
		self.count_contact(at, from_us=True)
		self.follow_mail(status.REPLIED)

	def note_mail_in(self, at: datetime):
		"""They wrote: a deal that waited for them is Open again; of an ended one, which stays, its owner is told."""
		self.count_contact(at, from_us=False)
		if self.status in status.ENDED and not self.auto_closed:
			tell_of_mail(self)
		self.follow_mail(status.OPEN)

	def note_call(self, at: datetime, from_us: bool):
		"""We spoke: a contact, but no first response and no reason to change the status."""
		self.count_contact(at, from_us)
		self.save()

	def count_contact(self, at: datetime, from_us: bool):
		if from_us:
			self.contacted_out = (self.contacted_out or 0) + 1
			self.last_contacted_on = _later(self.last_contacted_on, at)
		else:
			self.contacted_in = (self.contacted_in or 0) + 1
			self.last_response_on = _later(self.last_response_on, at)
		turn = response.waiting_for(self.last_contacted_on, self.last_response_on)
		if self.status in status.ENDED and turn == response.THEM:
			turn = response.NOBODY
		self.set_turn(turn, at)

	def set_turn(self, turn: str, since: datetime):
		if turn != self.waiting_for:
			self.waiting_for = turn
			self.waiting_since = None if turn == response.NOBODY else since

	def follow_mail(self, own_status: str):
		"""Save with the status a mail asks for, where the transition table lets a mail change it."""
		closed = bool(self.auto_closed)
		if own_status != self.own_status and status.may_change(
			self.status, own_status, status.BY_MAIL, closed
		):
			self.ask_for(own_status, status.BY_MAIL)
		else:
			self.save()

	def follow_end(self):
		"""On a deal that just ended nobody waits; on one taken up again, whoever did not speak last is awaited."""
		before = self.get_doc_before_save()
		ended = self.status in status.ENDED
		if before and ended != (before.status in status.ENDED):
			turn = response.waiting_for(self.last_contacted_on, self.last_response_on)
			self.set_turn(response.NOBODY if ended else turn, now_datetime())


def _later(known: datetime | None, at: datetime) -> datetime:
	return max(get_datetime(known), at) if known else at
