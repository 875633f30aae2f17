"""Mails about next contacts: who wants them, what they say, and that they are sent from the company's templates.

Their texts are Email Templates that the company edits. One that it deletes is not sent any more.
"""

from datetime import datetime, time
from typing import Any

import frappe
from frappe import _
from frappe.desk.doctype.notification_settings.notification_settings import (
	is_email_notifications_enabled_for_type,
	is_notifications_enabled,
)
from frappe.utils import format_date, get_datetime, get_url_to_form, now_datetime
from pypika import Table
from pypika.terms import Criterion

from crm_pipeline.follow_ups.calendar import as_text
from crm_pipeline.permissions.visibility import visible
from crm_pipeline.rules import status, time_zones
from crm_pipeline.utils.batches import INFRASTRUCTURE_ERRORS
from crm_pipeline.utils.bulk_sql import in_list
from crm_pipeline.utils.locking import undo_to
from crm_pipeline.utils.time_zones import zones_of

REMINDER = "Follow-up Reminder"
DIGEST = "Follow-ups of the Day"
LONG_AGO = "2000-01-01"  # before any next contact
SWITCH = "Event Reminders"  # the user's own, in Notification Settings
FIELDS = (
	"name",
	"title",
	"customer_name",
	"contact_email",
	"contact_mobile",
	"next_contact_date",
	"to_discuss",
)


def wants_to_know(user: str) -> bool:
	"""Return whether the user has notifications on, without which Frappe mails nothing either."""
	return bool(is_notifications_enabled(user))


def wants_mail(user: str) -> bool:
	"""Return whether the user has an address and wants mails of this kind."""
	address = frappe.db.get_value("User", user, "email")
	return bool(address and wants_to_know(user) and is_email_notifications_enabled_for_type(user, SWITCH))


def pending(opportunity: Table, until: datetime) -> Criterion:
	"""Match opportunities in play whose next contact is due by a moment."""
	return opportunity.status.isin(sorted(status.IN_PLAY)) & (opportunity.next_contact_date <= until)


def whole_minute(moment: datetime) -> datetime:
	"""Return the begin of a moment's minute: Desk's filters drop what is finer, or the whole filter for a fraction of a second."""
	return moment.replace(second=0, microsecond=0)


def pending_in_lists(until: datetime) -> dict:
	"""Return what `pending` says as filters of Desk's lists.

	Args:
		until: a `whole_minute`.
	"""
	return {
		"status": ["in", sorted(status.IN_PLAY)],
		# Frappe's lists take a missing date for the earliest one, and PostgreSQL has no date that "is set".
		"next_contact_date": [frappe.as_json([">", LONG_AGO]), frappe.as_json(["<=", str(until)])],
	}


def seen_by_session(names: list[str]) -> list[frappe._dict]:
	"""Of these opportunities, in the order of their dates, those that the session's user may see."""
	opportunity = frappe.qb.DocType("Opportunity")
	try:
		condition = visible("Opportunity")
	except frappe.PermissionError:  # opportunities are off for them, or they have lost the role
		return []
	query = frappe.qb.from_(opportunity).select(*(opportunity[field] for field in FIELDS)).where(condition)
	query = query.where(opportunity.name.isin(in_list(names))).orderby(
		opportunity.next_contact_date, opportunity.name
	)
	rows = query.run(as_dict=True)
	for row in rows:
		row.next_contact_date = get_datetime(row.next_contact_date)  # SQLite gives text
	return rows


def described(rows: list[frappe._dict], user: str) -> list[dict]:
	"""Return what templates get of each opportunity: text without markup, and the time as the user's clock shows it."""
	site, own = zones_of(user)
	return [
		{
			**row,
			"to_discuss": as_text(row.to_discuss),
			"at": _day_and_time(time_zones.in_zone(row.next_contact_date, site, own)),
			"days_overdue": max((now_datetime() - row.next_contact_date).days, 0),
			"url": get_url_to_form("Opportunity", row.name),
		}
		for row in rows
	]


def _day_and_time(moment: datetime) -> str:
	return f"{format_date(moment)} {moment:%H:%M}"


def post(user: str, template: str, context: dict, **options: Any) -> bool:
	"""Queue a mail to a user, in the language of the session; returns whether there is one.

	Without it the user still has the bell and the lists, so that no failure may stop more than the mail. It is kept
	in the Error Log, once a day for each reason.
	"""
	frappe.db.savepoint("mail_of_follow_ups")
	try:
		mail = _letter(template, user, context)
		if mail:
			frappe.sendmail(recipients=[frappe.db.get_value("User", user, "email")], **mail, **options)
		return bool(mail)
	except INFRASTRUCTURE_ERRORS:
		raise
	except Exception as error:  # a template's mistake, a wrong address, no mail account
		undo_to("mail_of_follow_ups")
		_log_once_a_day(_("No mail about follow-ups: {0}").format(type(error).__name__))
		return False


def _letter(template: str, user: str, context: dict) -> dict | None:
	"""`subject` and `message`; None if the company deleted the template."""
	if not frappe.db.exists("Email Template", template):
		return None
	text = frappe.get_cached_doc("Email Template", template)
	context = {**context, "full_name": frappe.db.get_value("User", user, "full_name")}
	return text.get_formatted_email(context)


def _log_once_a_day(title: str) -> None:
	midnight = datetime.combine(now_datetime().date(), time())
	if not frappe.db.exists("Error Log", {"method": title, "creation": [">=", midnight]}):
		frappe.log_error(title=title)
