"""What the scheduler does. Each task chooses what is due, so that running it again does nothing.

What a task writes on records is in the site's language, what it says to one user in that user's.

`progress`, where a task takes it, is told how many records were just done with.
"""

from collections.abc import Callable

from frappe.utils import getdate, today

from crm_pipeline.assignment import reassignment
from crm_pipeline.auto_close.closing import close_what_is_due
from crm_pipeline.auto_close.lock import exclusive_run
from crm_pipeline.auto_close.notices import warn_of_closing
from crm_pipeline.board import requests
from crm_pipeline.checks.nightly import log_what_does_not_add_up
from crm_pipeline.crm_pipeline.doctype.opportunity.pausing import resume_paused
from crm_pipeline.crm_pipeline.doctype.quotation.expiry import expire_quotations_on
from crm_pipeline.follow_ups import calendar_bulk, digest, reminders
from crm_pipeline.mail.retrying import retry_due
from crm_pipeline.money.revaluation import rates_of_today, revalue
from crm_pipeline.permissions.switch import is_off_for_all
from crm_pipeline.quoting import request_reminders
from crm_pipeline.utils.batches import Due, Progress, no_progress, one_by_one, run_in_batches
from crm_pipeline.utils.session import in_site_language


@in_site_language()
def auto_close_opportunities(progress: Progress = no_progress) -> list[str]:
	"""Close the opportunities without contact for as long as Selling Settings say, and warn of the next ones.

	Returns: names of the Auto Close Batches that were finished; none if another run is under way.
	"""
	if is_off_for_all():
		return []
	with exclusive_run() as acquired:
		if not acquired:
			return []
		batches = close_what_is_due(progress)
		warn_of_closing()
		return batches


@in_site_language()
def retry_mails(progress: Progress = no_progress) -> int:
	"""Try again what failed with mails: to take them in, or what was to follow from them.

	Returns: how many mails were tried.
	"""
	return retry_due(progress)


@in_site_language()
def revalue_open_opportunities() -> None:
	"""Let the rates that hold from today on value the open opportunities, one currency after the other."""
	rates = rates_of_today()
	one_by_one(rates, lambda currency: revalue(currency, rates[currency]))


@in_site_language()
def wake_paused_opportunities(progress: Progress = no_progress) -> None:
	"""Resume the opportunities whose pause is over, and give their owners a ToDo."""
	if not is_off_for_all():
		resume_paused(getdate(today()), progress)


@in_site_language()
def expire_quotations(progress: Progress = no_progress) -> None:
	"""Mark quotations past their last valid day as expired; their opportunities say Quotation no longer."""
	expire_quotations_on(getdate(today()), progress)


@in_site_language()
def follow_requests(progress: Progress = no_progress) -> int:
	"""Mark requests to suppliers whose last day is past as late, and remind suppliers before that day, once.

	Returns: of how many requests suppliers were reminded.
	"""
	request_reminders.mark_late(getdate(today()), progress)
	return 0 if is_off_for_all() else request_reminders.remind(getdate(today()), progress)


@in_site_language()
def send_follow_up_reminders(progress: Progress = no_progress) -> int:
	"""Tell users of the next contacts whose time has come: once each, user by user, one mail for all of theirs.

	Returns: how many users were reminded.
	"""
	return _for_users(reminders.users_due, reminders.remind, progress)


@in_site_language()
def send_follow_up_digest(progress: Progress = no_progress, at_any_hour: bool = False) -> int:
	"""Send the morning's list of missed and coming next contacts: once a day to each user who wants it.

	Args:
		at_any_hour: also to those who have no morning now.

	Returns: how many users were mailed.
	"""
	users = digest.users_to_tell if at_any_hour else digest.users_in_the_morning
	return _for_users(users, digest.send, progress)


@in_site_language()
def restore_follow_up_events(progress: Progress = no_progress) -> None:
	"""Make the calendar entries of next contacts anew that somebody deleted."""
	run_in_batches(calendar_bulk.without_event, calendar_bulk.restore_events, progress=progress)


def reassign_from_leavers() -> None:
	"""Reassign what disabled users still own, as far as a rule is for it: a job may have been lost with its queue."""
	if not is_off_for_all():
		for user in reassignment.leavers():
			reassignment.reassign(user)


def forget_old_writes() -> None:
	"""Delete what was kept to undo moves of the pipeline page, and to answer requests that come twice."""
	requests.forget_old_writes()


@in_site_language()
def check_histories() -> list[str]:
	"""Look whether the history of each opportunity adds up to what it is now; what does not goes to the Error Log.

	Returns: names of the first of those for which it does not; nobody is asked while opportunities are off for all.
	"""
	if is_off_for_all():
		return []
	return log_what_does_not_add_up()


def _for_users(due: Due, act: Callable[[str], object], progress: Progress) -> int:
	"""Do something for each user and commit it; one for whom it fails is logged, the others go on.

	Returns: for how many users something was done; 0 while opportunities are off for all.
	"""
	if is_off_for_all():
		return 0
	count = 0

	def act_on_one(users: list[str]) -> None:
		nonlocal count
		count += bool(act(users[0]))

	run_in_batches(due, act_on_one, progress=progress, size=1)
	return count
