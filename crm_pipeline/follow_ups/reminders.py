"""Reminders of next contacts whose time has come: under the bell and, if the user wants it, by mail. Once each.

`follow_up_reminded_for` keeps the date that was reminded of, so that a moved date is reminded of anew, and an hour
that the clock passes twice is not.
"""

import frappe
from frappe import _
from frappe.utils import now_datetime
from pypika import Table
from pypika.queries import QueryBuilder
from pypika.terms import Criterion

from crm_pipeline.follow_ups import mails
from crm_pipeline.utils.bulk_sql import are_apart, bulk_insert, new_row, values_after
from crm_pipeline.utils.markup import bold
from crm_pipeline.utils.session import impersonate

MOST_NAMED = 50  # follow-ups in one mail


def users_due(after: str, limit: int) -> list[str]:
	"""Users, after the given one, who are to be reminded. Disabled ones are not: their pipeline is handed over."""
	opportunity, user = frappe.qb.DocType("Opportunity"), frappe.qb.DocType("User")
	query = frappe.qb.from_(opportunity).join(user).on(user.name == opportunity.next_contact_by)
	return values_after(query.where(_due(opportunity) & (user.enabled == 1)), user.name, after, limit)


def due_of(user: str) -> list[str]:
	"""Return the names of the opportunities of which the user is to be reminded now."""
	return [row[0] for row in _due_to(user).run()]


def remind(user: str) -> int:
	"""Tell a user of all that has come due, in one mail, and note that they were; return of how many."""
	names = _hold(user)
	if not names:
		return 0
	with impersonate(user):
		rows = mails.seen_by_session(names) if mails.wants_to_know(user) else []
		_ring(user, [_notification(user, row) for row in rows])
		if rows and mails.wants_mail(user):
			named = mails.described(rows[:MOST_NAMED], user)
			mails.post(user, mails.REMINDER, {"follow_ups": named, "count": len(rows)})
	_mark(names)
	return len(rows)


def _due(opportunity: Table) -> Criterion:
	is_new = are_apart(opportunity.follow_up_reminded_for, opportunity.next_contact_date)
	return mails.pending(opportunity, now_datetime()) & is_new


def _due_to(user: str) -> QueryBuilder:
	opportunity = frappe.qb.DocType("Opportunity")
	return (
		frappe.qb.from_(opportunity)
		.select(opportunity.name)
		.where(_due(opportunity) & (opportunity.next_contact_by == user))
	)


def _hold(user: str) -> list[str]:
	"""Let a second run wait here until this one has committed. A write, since SQLite locks at nothing less.

	Returns: names of what is due by then; without a lock, MariaDB would show it as it was before the wait.
	"""
	opportunity = frappe.qb.DocType("Opportunity")
	marked = opportunity.follow_up_reminded_for
	frappe.qb.update(opportunity).set(marked, marked).where(
		_due(opportunity) & (opportunity.next_contact_by == user)
	).run()
	return [row[0] for row in _due_to(user).for_update().run()]


def _mark(names: list[str]) -> None:
	opportunity = frappe.qb.DocType("Opportunity")
	query = frappe.qb.update(opportunity).set(
		opportunity.follow_up_reminded_for, opportunity.next_contact_date
	)
	query.where(opportunity.name.isin(names)).run()


def _notification(user: str, row: frappe._dict) -> dict:
	return {
		**new_row(user),
		"for_user": user,
		"from_user": user,
		"type": "Alert",
		"document_type": "Opportunity",
		"document_name": row.name,
		"subject": _("Contact {0}: it is time.").format(bold(row.title)),
	}


def _ring(user: str, notifications: list[dict]) -> None:
	"""Write all notifications with one statement, and set the bell's dot."""
	if not notifications:
		return
	bulk_insert("Notification Log", notifications)
	frappe.db.set_value("Notification Settings", user, "seen", 0, update_modified=False)
	frappe.publish_realtime("notification", after_commit=True, user=user)
