"""Opportunities that somebody is to contact, their entries in the calendar, and what users are told of them."""

from email import message_from_string
from email.header import decode_header, make_header

import frappe
from frappe.utils import add_to_date, get_datetime, now_datetime

from crm_pipeline.tasks import send_follow_up_reminders
from crm_pipeline.tests.base import TestCase, begun
from crm_pipeline.tests.factories import make_opportunity, make_user
from crm_pipeline.tests.mail import make_outgoing_account

MORNING = get_datetime("2031-05-14 07:00:00")
NOON = get_datetime("2031-05-14 12:00:00")


def in_hours(hours: int):
	"""That many hours from the full minute in which the test began, so that none passes in between.

	A test that moves the clock counts from the minute of its own clock.
	"""
	now = now_datetime().replace(second=0, microsecond=0)
	since = begun["at"]
	return add_to_date(since if 0 <= (now - since).total_seconds() < 600 else now, hours=hours)


class FollowUpCase(TestCase):
	def setUp(self):
		super().setUp()
		self.user = make_user("Sales User")

	def opportunity(self, hours: int = 48, **fields):
		"""An opportunity that the user is to contact in so many hours."""
		return make_opportunity(
			**{"next_contact_by": self.user, "next_contact_date": in_hours(hours), **fields}
		)

	def events(self, opportunity) -> list:
		"""All Events in which the opportunity takes part."""
		names = frappe.get_all(
			"Event Participants",
			{
				"reference_doctype": "Opportunity",
				"reference_docname": opportunity.name,
				"parenttype": "Event",
			},
			pluck="parent",
		)
		fields = [
			"name", "owner", "subject", "description", "starts_on", "ends_on", "event_type", "status",
			"send_reminder",
		]  # fmt: skip
		return frappe.get_all("Event", {"name": ["in", names or [""]]}, fields, order_by="creation")

	def event(self, opportunity):
		"""The one Event of the opportunity, as a document."""
		(row,) = self.events(opportunity)
		return frappe.get_doc("Event", row.name)

	def said(self, opportunity) -> list[str]:
		filters = {
			"reference_doctype": "Opportunity",
			"reference_name": opportunity.name,
			"comment_type": "Comment",
		}
		return frappe.get_all("Comment", filters, pluck="content")


class ReminderCase(TestCase):
	def setUp(self):
		super().setUp()
		make_outgoing_account()
		self.addCleanup(setattr, frappe.local, "outgoing_email_account", {})
		self.user = make_user("Sales User")

	def opportunity(self, due="2031-05-14 11:00:00", **fields):
		"""An opportunity that the user is to contact at a moment."""
		return make_opportunity(**{"next_contact_by": self.user, "next_contact_date": due, **fields})

	def lose_all_roles(self):
		"""The user works in sales no more."""
		frappe.db.delete("Has Role", {"parent": self.user, "parenttype": "User"})
		frappe.clear_cache(user=self.user)

	def run_at(self, moment, job=send_follow_up_reminders):
		with self.at(moment):
			job()

	def notes(self, opportunity) -> list:
		filters = {"document_type": "Opportunity", "document_name": opportunity.name}
		return frappe.get_all("Notification Log", filters, ["for_user", "subject", "type"])

	def mails(self, user: str | None = None) -> list:
		"""What waits for a user in the Email Queue, as mails with `subject` and `text`."""
		rows = frappe.get_all("Email Queue Recipient", {"recipient": user or self.user}, pluck="parent")
		stored = frappe.get_all(
			"Email Queue", {"name": ["in", rows or [""]]}, ["message"], order_by="creation"
		)
		return [self.read(row.message) for row in stored]

	def read(self, message: str):
		mail = message_from_string(message)
		parts = [part for part in mail.walk() if part.get_content_type() == "text/html"]
		text = parts[0].get_payload(decode=True).decode()
		return frappe._dict(subject=str(make_header(decode_header(mail["Subject"]))), text=text)

	def switch_off(self, field: str):
		if not frappe.db.exists("Notification Settings", self.user):
			frappe.get_doc({"doctype": "Notification Settings", "name": self.user}).insert()
		frappe.db.set_value("Notification Settings", self.user, field, 0)
