"""What the scheduler does every day. Each task chooses what is due, so that running it again does nothing."""

from collections.abc import Callable, Iterable

import frappe
from frappe import _
from frappe.utils import escape_html, today
from frappe.utils.file_lock import LockTimeoutError
from frappe.utils.synchronization import filelock

from crm_pipeline.auto_close import LOCK
from crm_pipeline.auto_close.closing import close_what_is_due
from crm_pipeline.auto_close.notices import warn_of_closing
from crm_pipeline.controllers.job_runs import in_portions
from crm_pipeline.controllers.quotations import (
	expire_quotations_before,
	opportunities_without_open_quotation,
	refresh_opportunity,
)
from crm_pipeline.follow_ups import calendar_of_many, digest, reminders
from crm_pipeline.rules import status


def auto_close_opportunities(progress: Callable[[int], None] = lambda done: None) -> list[str]:
	"""Close the opportunities on which nobody spoke for as long as Selling Settings say, and warn of the next ones.

	Args:
		progress: told how many opportunities were just done with.

	Returns: names of the Auto Close Batches that were finished; none if another run is under way.
	"""
	try:
		with filelock(LOCK, timeout=0):
			batches = close_what_is_due(progress)
			warn_of_closing()
			return batches
	except LockTimeoutError:
		return []


def wake_paused_opportunities() -> None:
	"""Take up the opportunities whose pause is over, and tell their owners in a ToDo."""
	due = frappe.get_all(
		"Opportunity",
		filters={"status": status.PAUSED, "paused_until": ["<=", today()]},
		order_by="paused_until, name",
		pluck="name",
	)
	_for_each(due, wake, _("Opportunity {0} could not be woken"))


def expire_quotations() -> None:
	"""Mark quotations past their last valid day as expired; their opportunities say Quotation no longer."""
	expire_quotations_before(today())
	_for_each(
		opportunities_without_open_quotation(),
		refresh_opportunity,
		_("Opportunity {0} could not follow its expired quotation"),
	)


def send_follow_up_reminders() -> int:
	"""Tell users of the next contacts whose time has come: once each, user by user, one mail for all of his.

	Returns: how many users were reminded.
	"""
	return _for_users(reminders.users_due, reminders.remind)


def send_follow_up_digest() -> int:
	"""Send the morning's list of missed and coming next contacts: once a day to each user who wants it.

	Returns: how many users were mailed.
	"""
	return _for_users(digest.users_to_tell, digest.send)


def restore_follow_up_events() -> None:
	"""Make the calendar entries of next contacts anew that somebody deleted."""
	in_portions(
		calendar_of_many.without_event,
		calendar_of_many.restore_events,
		lambda name, error: None,
	)


def wake(name: str) -> None:
	"""End the pause of one opportunity."""
	opportunity = frappe.get_doc("Opportunity", name, for_update=True)
	if opportunity.status != status.PAUSED:
		return
	reason = opportunity.pause_reason
	# The job acts for the system, whoever it runs as; an unrelated broken link must not keep a deal asleep.
	opportunity.flags.update(
		ignore_permissions=True, ignore_links=True, ignore_mandatory=True, by_software=True
	)
	opportunity.ask_for(opportunity.status_after_pause(), status.BY_JOB)
	if opportunity.opportunity_owner:
		remind_owner(opportunity, reason)


def remind_owner(opportunity, reason: str | None) -> None:
	"""A ToDo for the owner of an opportunity that was paused for `reason`."""
	text = _("The pause of {0} is over.").format(opportunity.title)
	todo = frappe.get_doc(
		{
			"doctype": "ToDo",
			"description": escape_html(f"{text} {reason or ''}".strip()),
			"date": today(),
			"allocated_to": opportunity.opportunity_owner,
			"reference_type": opportunity.doctype,
			"reference_name": opportunity.name,
		}
	)
	todo.flags.ignore_permissions = True  # the system's reminder, not anybody's entry
	todo.insert()


def _for_each(names: Iterable[str], act: Callable[[str], None], failure: str) -> None:
	"""Do something to each opportunity; one that refuses is logged and left as it was, the others go on."""
	for name in names:
		frappe.db.savepoint("one_of_many")
		try:
			act(name)
		except Exception:
			frappe.db.rollback(save_point="one_of_many")
			frappe.log_error(title=failure.format(name), reference_doctype="Opportunity", reference_name=name)


def _for_users(due: Callable[[str, int], list[str]], act: Callable[[str], object]) -> int:
	"""Do something for each user and commit it; one for whom it fails is logged, the others go on.

	Returns: for how many users something was done.
	"""
	done = []
	in_portions(
		lambda after, limit: due(after, 1),
		lambda users: done.append(bool(act(users[0]))),
		lambda user, error: None,
	)
	return sum(done)
