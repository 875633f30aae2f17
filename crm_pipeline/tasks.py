"""What the scheduler does. Each task chooses what is due, so that running it again does nothing.

`progress`, where a task takes it, is told how many records were just done with.
"""

from collections.abc import Callable

from frappe.utils import getdate, today
from frappe.utils.file_lock import LockTimeoutError
from frappe.utils.synchronization import filelock

from crm_pipeline.auto_close import LOCK
from crm_pipeline.auto_close.closing import close_what_is_due
from crm_pipeline.auto_close.notices import warn_of_closing
from crm_pipeline.controllers.due_statuses import expire_quotations_on, wake_on
from crm_pipeline.controllers.job_runs import Due, Progress, as_a_whole, in_portions, unwatched
from crm_pipeline.controllers.revaluation import rates_of_today, revalue
from crm_pipeline.follow_ups import calendar_of_many, digest, reminders
from crm_pipeline.permissions import is_off_for_all


def auto_close_opportunities(progress: Progress = unwatched) -> list[str]:
	"""Close the opportunities on which nobody spoke for as long as Selling Settings say, and warn of the next ones.

	Returns: names of the Auto Close Batches that were finished; none if another run is under way.
	"""
	if is_off_for_all():
		return []
	try:
		with filelock(LOCK, timeout=0):
			batches = close_what_is_due(progress)
			warn_of_closing()
			return batches
	except LockTimeoutError:
		return []


def revalue_open_opportunities() -> None:
	"""Let the rates that hold from today on value the open opportunities, one currency after the other."""
	for currency, rate in rates_of_today().items():
		with as_a_whole():
			revalue(currency, rate)


def wake_paused_opportunities(progress: Progress = unwatched) -> None:
	"""Take up the opportunities whose pause is over, and tell their owners in a ToDo."""
	if not is_off_for_all():
		wake_on(getdate(today()), progress)


def expire_quotations(progress: Progress = unwatched) -> None:
	"""Mark quotations past their last valid day as expired; their opportunities say Quotation no longer."""
	expire_quotations_on(getdate(today()), progress)


def send_follow_up_reminders(progress: Progress = unwatched) -> int:
	"""Tell users of the next contacts whose time has come: once each, user by user, one mail for all of his.

	Returns: how many users were reminded.
	"""
	return _for_users(reminders.users_due, reminders.remind, progress)


def send_follow_up_digest(progress: Progress = unwatched) -> int:
	"""Send the morning's list of missed and coming next contacts: once a day to each user who wants it.

	Returns: how many users were mailed.
	"""
	return _for_users(digest.users_to_tell, digest.send, progress)


def restore_follow_up_events(progress: Progress = unwatched) -> None:
	"""Make the calendar entries of next contacts anew that somebody deleted."""
	in_portions(calendar_of_many.without_event, calendar_of_many.restore_events, progress=progress)


def _for_users(due: Due, act: Callable[[str], object], progress: Progress) -> int:
	"""Do something for each user and commit it; one for whom it fails is logged, the others go on.

	Returns: for how many users something was done; 0 while opportunities are off for all.
	"""
	done = []
	if is_off_for_all():
		return 0
	in_portions(
		lambda after, limit: due(after, 1),
		lambda users: done.append(bool(act(users[0]))),
		progress=progress,
	)
	return sum(done)
