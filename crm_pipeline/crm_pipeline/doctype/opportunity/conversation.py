"""What mails do to an opportunity."""

from datetime import datetime

from frappe.utils import get_datetime

from crm_pipeline.controllers.history import came_in_at
from crm_pipeline.rules import response, status


class Conversation:
	def note_mail_out(self, at: datetime):
		"""We wrote: first response, last contact, and a deal in play becomes Replied."""
		if not self.first_responded_on:
			self.first_responded_on = at
			self.mins_to_first_response = response.minutes_between(came_in_at(self), at)
		self.last_contacted_on = _later(self.last_contacted_on, at)
		self.follow_mail(status.REPLIED)

	def note_mail_in(self, at: datetime):
		"""They wrote: their turn is over, and a deal that waited for them is Open again."""
		self.last_response_on = _later(self.last_response_on, at)
		self.follow_mail(status.OPEN)

	def follow_mail(self, own_status: str):
		"""Save with the status a mail asks for, where the transition table lets a mail change it."""
		self.waiting_for = response.waiting_for(self.last_contacted_on, self.last_response_on)
		if own_status != self.own_status and status.may_change(self.status, own_status, status.BY_MAIL):
			self.ask_for(own_status, status.BY_MAIL)
		else:
			self.save()


def _later(known: datetime | None, at: datetime) -> datetime:
	return max(get_datetime(known), at) if known else at
