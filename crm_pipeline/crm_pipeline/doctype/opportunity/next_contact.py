"""The next contact of an opportunity: who is to contact the customer when, and what came of it."""

from datetime import datetime

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_datetime, now_datetime

from crm_pipeline.assignment.owner import is_enabled
from crm_pipeline.exceptions import (
	FollowUpChanged,
	FollowUpDone,
	FollowUpMissing,
	NextContactByUnfit,
	OutcomeMissing,
	SnoozeDatePassed,
)
from crm_pipeline.follow_ups import calendar
from crm_pipeline.history.changes import is_follow_up_done, record_follow_up
from crm_pipeline.money.priced_document import PricedDocument
from crm_pipeline.rules import status
from crm_pipeline.utils.markup import bold, lines_html
from crm_pipeline.utils.stored_record import stored_record_method
from crm_pipeline.utils.time_zones import moment_in_words
from crm_pipeline.utils.validation import read_date

SPOKEN = ("Phone", "Meeting")  # media of Communications; a call counts as contact
OF_THE_CONTACT = ("next_contact_by", "next_contact_date")


class NextContact(PricedDocument):
	# Fields that it writes.
	next_contact_by: str | None
	next_contact_date: str | datetime | None
	follow_up_event: str | None
	follow_up_reminded_for: datetime | None
	# Whether this save follows from the entry in the calendar, which needs no change then.
	follows_calendar: bool = False

	def set_follow_up(self) -> None:
		"""Give the opportunity's next contact date somebody, and an ended opportunity nobody. A date in the past is fine: it is overdue at once."""
		before = self.get_doc_before_save()
		if not before:
			self.follow_up_event = None
		if self.status in status.ENDED:
			self.next_contact_date = None
		elif self.next_contact_date and not self.next_contact_by:
			owner = self.opportunity_owner
			self.next_contact_by = owner if is_enabled(owner) else frappe.session.user
		if not before or self._differs_from(before, OF_THE_CONTACT):
			self.follow_up_reminded_for = None

	def check_follow_up(self) -> None:
		"""Refuse to give a next contact newly to somebody who will not see it. Who leaves keeps theirs until it is handed over."""
		if self.next_contact_date and self.next_contact_by and self.has_value_changed("next_contact_by"):
			self._refuse_unfit(self.next_contact_by)

	def keep_event_in_step(self) -> None:
		"""Keep one calendar entry for the opportunity's next contact, unless it is the calendar that says so."""
		if self.follows_calendar:
			return
		if not self.next_contact_date:
			if self.follow_up_event:
				calendar.remove_event(self)
		elif not self.follow_up_event or self._says_something_new():
			calendar.put_event(self)

	def finish_follow_up(
		self,
		outcome: str,
		medium: str | None = None,
		following: str | None = None,
		by: str | None = None,
		to_discuss: str | None = None,
		at: str | None = None,
	) -> Document:
		"""Leave the contact in calendar and history and its outcome in the activity; `following` is the next date.

		Args:
			at: when a call or meeting took place, now if left out.
		"""
		due = get_datetime(self.next_contact_date)
		event = calendar.complete_event(self)
		self.next_contact_date, self.next_contact_by = following or None, by if following else None
		self.to_discuss = to_discuss
		self.save()
		conversation = self._log_outcome(outcome, due, medium, at)
		record_follow_up(self, due, event, conversation)
		return self

	def _log_outcome(self, outcome: str, due: datetime, medium: str | None, at: str | None) -> str | None:
		"""Log the outcome as a call, which counts as contact with the customer, or as a meeting, and return its name; else as a comment."""
		if medium in SPOKEN:
			return self.log_conversation(medium, _("Follow-up: {0}").format(self.title), outcome, at).name
		text_html = lines_html(outcome)
		head_html = _("Follow-up of {0} done:").format(frappe.format(due, "Datetime"))
		self.add_comment("Comment", f"<b>{head_html}</b> {text_html}")
		return None

	def log_conversation(self, medium: str, subject: str, text: str, at: str | None = None) -> Document:
		"""Log a call (Phone), which counts as contact, or a Meeting with the customer.

		Args:
			text: what was said, as typed.
			at: when, in the site's time; now if left out.

		Raises:
			ImpossibleDate
		"""
		moment = read_date(at, "Datetime", _("Date")) if at else now_datetime()
		conversation = frappe.get_doc(
			{
				"doctype": "Communication",
				"communication_type": "Communication",
				"communication_medium": medium,
				"communication_date": moment,
				"sent_or_received": "Sent",
				"subject": subject,
				"content": lines_html(text),
				"sender": frappe.db.get_value("User", frappe.session.user, "email"),
				"phone_no": self.contact_mobile if medium == "Phone" else None,
				"reference_doctype": self.doctype,
				"reference_name": self.name,
				"status": "Linked",
			}
		)
		conversation.flags.ignore_permissions = (
			True  # whoever may write the opportunity may say what came of it
		)
		conversation.insert()
		self.reload()
		return conversation

	def _says_something_new(self) -> bool:
		"""Return whether the calendar must hear of this save; of an opportunity reopened the entry may be closed."""
		before = self.get_doc_before_save()
		return not before or self._differs_from(before, calendar.SHOWN) or before.status in status.ENDED

	def _differs_from(self, before: Document, fields: tuple[str, ...]) -> bool:
		return any((self.get(field) or None) != (before.get(field) or None) for field in fields)

	def _refuse_unfit(self, user: str) -> None:
		known = frappe.db.get_value("User", user, ["enabled", "user_type"])
		if known and known != (1, "System User"):
			frappe.throw(
				_(
					"{0} is disabled or does not work in Desk. Choose another user for the next contact."
				).format(bold(user)),
				NextContactByUnfit,
				title=_("Choose Another User"),
			)

	def require_follow_up(self, due: str | None = None) -> None:
		if due:
			self._require_due(read_date(due, "Datetime", _("Next Contact Date")))
		if not self.next_contact_date:
			frappe.throw(
				_("{0} has no next contact. Enter a Next Contact Date first.").format(self.name),
				FollowUpMissing,
				title=_("No Next Contact"),
			)

	def _require_due(self, due: datetime) -> None:
		"""Let a request mean the present next contact, not one that is done or was moved since it was looked at."""
		if self.next_contact_date and get_datetime(self.next_contact_date) == due:
			return
		told = moment_in_words(due)
		if is_follow_up_done(self.name, due):
			frappe.throw(
				_("The follow-up of {0} is done already. Nothing was changed.").format(told),
				FollowUpDone,
				title=_("Follow-up Done Already"),
			)
		frappe.throw(
			_(
				"There is no follow-up of {0} any more: it was postponed or called off. Nothing was changed."
			).format(told),
			FollowUpChanged,
			title=_("Changed Meanwhile"),
		)

	def _require_outcome(self, outcome: str) -> None:
		if not outcome.strip():
			frappe.throw(
				_("Enter what came of the contact, or snooze it if it did not take place."),
				OutcomeMissing,
				title=_("Outcome Missing"),
			)

	def _time_to_snooze_to(self, until: str) -> datetime:
		moment = read_date(until, "Datetime", _("Snooze Until"))
		if moment <= now_datetime():
			frappe.throw(
				_("That time is past. Snooze until a time to come."),
				SnoozeDatePassed,
				title=_("Snooze Date Passed"),
			)
		return moment

	@stored_record_method()
	def complete_follow_up(
		self,
		outcome: str,
		medium: str | None = None,
		next_contact_date: str | None = None,
		next_contact_by: str | None = None,
		to_discuss: str | None = None,
		due: str | None = None,
	) -> Document:
		"""Note that the next contact took place.

		Args:
			outcome: what came of it; it goes to the activity.
			medium: `Phone` makes the outcome a call, which counts as contact, `Meeting` a meeting; else it is a comment.
			next_contact_date: of the contact after this one, in the site's time (YYYY-MM-DD HH:MM:SS).
			next_contact_by: whose that is; the same user's if left out.
			to_discuss: what that is about.
			due: when the contact that is meant is due, as it was read; without it, the present one is meant.

		Raises:
			FollowUpMissing, FollowUpDone, FollowUpChanged, OutcomeMissing, ImpossibleDate
		"""
		self.require_follow_up(due)
		self._require_outcome(outcome)
		return self.finish_follow_up(
			outcome, medium, next_contact_date, next_contact_by or self.next_contact_by, to_discuss
		)

	@stored_record_method()
	def snooze_follow_up(self, until: str, due: str | None = None) -> Document:
		"""Put the next contact off to a time to come, in the site's time (YYYY-MM-DD HH:MM:SS).

		Args:
			due: when the contact that is meant is due, as it was read; without it, the present one is meant.

		Raises:
			FollowUpMissing, FollowUpDone, FollowUpChanged, SnoozeDatePassed, ImpossibleDate
		"""
		self.require_follow_up(due)
		self.next_contact_date = self._time_to_snooze_to(until)
		return self.save()

	@stored_record_method()
	def move_follow_up(self, to: str, due: str | None = None) -> Document:
		"""Move the next contact to any time, in the site's time (YYYY-MM-DD HH:MM:SS). In the past it is overdue.

		Args:
			due: when the contact that is meant is due, as it was read; without it, the present one is meant.

		Raises:
			FollowUpMissing, FollowUpDone, FollowUpChanged, ImpossibleDate
		"""
		self.require_follow_up(due)
		self.next_contact_date = read_date(to, "Datetime", _("Next Contact Date"))
		return self.save()
