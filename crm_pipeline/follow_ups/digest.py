"""One mail in the morning to everybody who has missed next contacts or has some today.

Morning and today are the user's own, by the time zone in their settings. That the mail went out is known from the
Email Queue itself: its Message-ID names user and day.
"""

from datetime import timedelta
from hashlib import sha256

import frappe
from frappe.utils import now_datetime
from pypika.queries import QueryBuilder

from crm_pipeline.follow_ups import mails
from crm_pipeline.rules import time_zones
from crm_pipeline.utils.bulk_sql import values_after
from crm_pipeline.utils.session import impersonate
from crm_pipeline.utils.time_zones import today_of, whose_clock_shows, zones_of

MORNING = 7  # the hour in which the mail goes out
MOST_NAMED = 50  # of each kind
ANYWHERE = timedelta(hours=50)  # within which today is over in every time zone


def users_to_tell(after: str, limit: int) -> list[str]:
	"""Enabled users, after the given one, who have something due until the end of today."""
	return values_after(users_due(), frappe.qb.DocType("User").name, after, limit)


def users_in_the_morning(after: str, limit: int) -> list[str]:
	"""Of these users, those who have the hour of the mail now."""
	user = frappe.qb.DocType("User")
	return values_after(users_due().where(whose_clock_shows(MORNING, user)), user.name, after, limit)


def users_due() -> QueryBuilder:
	"""Query the enabled users who have something due until the end of today, wherever they are."""
	opportunity, user = frappe.qb.DocType("Opportunity"), frappe.qb.DocType("User")
	query = frappe.qb.from_(opportunity).join(user).on(user.name == opportunity.next_contact_by)
	return query.where(mails.pending(opportunity, now_datetime() + ANYWHERE) & (user.enabled == 1))


def will_get(user: str) -> bool:
	"""Return whether a user wants the mail, the company has not deleted its text, and today's was not sent yet."""
	return _is_wanted(user) and not _sent_to(user).run()


def send(user: str) -> bool:
	"""Send a user the mail of today, unless they have it, do not want it, or nothing is due. Returns whether."""
	_hold(user)
	if not _is_wanted(user) or _was_sent(user):
		return False
	missed, today = due_of(user)
	if not missed and not today:
		return False
	with impersonate(user):
		context = {
			"overdue": mails.described(missed[:MOST_NAMED], user),
			"today": mails.described(today[:MOST_NAMED], user),
			"overdue_count": len(missed),
			"today_count": len(today),
		}
		return mails.post(user, mails.DIGEST, context, message_id=_message_id(user))


def due_of(user: str) -> tuple[list[frappe._dict], list[frappe._dict]]:
	"""Return what the user has missed, and what is still to come on their day, as far as they see it."""
	opportunity, now = frappe.qb.DocType("Opportunity"), now_datetime()
	until = time_zones.end_of_day(now, *zones_of(user))
	query = frappe.qb.from_(opportunity).select(opportunity.name).where(mails.pending(opportunity, until))
	names = [row[0] for row in query.where(opportunity.next_contact_by == user).run()]
	with impersonate(user):
		rows = mails.seen_by_session(names)
	missed = [row for row in rows if row.next_contact_date < now]
	return missed, rows[len(missed) :]


def _hold(user: str) -> None:
	"""Let a second run wait here until this one has committed."""
	table = frappe.qb.DocType("User")
	frappe.qb.update(table).set(table.modified, table.modified).where(table.name == user).run()


def _is_wanted(user: str) -> bool:
	return mails.wants_mail(user) and bool(frappe.db.exists("Email Template", mails.DIGEST))


def _was_sent(user: str) -> bool:
	"""Asked with a lock, which on MariaDB shows what another run wrote while this one waited."""
	return bool(_sent_to(user).for_update().run())


def _sent_to(user: str) -> QueryBuilder:
	"""Return the query for the mail of today in the Email Queue."""
	queue = frappe.qb.DocType("Email Queue")
	return frappe.qb.from_(queue).select(queue.name).where(queue.message_id == _message_id(user))


def _message_id(user: str) -> str:
	return f"follow-ups-{today_of(user)}-{sha256(user.encode()).hexdigest()[:16]}@{frappe.local.site}"
