"""What the scheduler does. Each task chooses what is due, so that running it again does nothing.

What a task writes on records is in the site's language, what it says to one user in that user's.

`progress`, where a task takes it, is told how many records were just done with.
"""

from collections.abc import Callable

from frappe.utils import getdate, today

from crm_pipeline.auto_close.closing import close_what_is_due
from crm_pipeline.auto_close.lock import take_turn
from crm_pipeline.auto_close.notices import warn_of_closing
from crm_pipeline.crm_pipeline.doctype.opportunity.pausing import wake_on
from crm_pipeline.crm_pipeline.doctype.quotation.expiry import expire_quotations_on
from crm_pipeline.follow_ups import calendar_bulk, digest, reminders
from crm_pipeline.mail.retrying import retry_due
from crm_pipeline.money.revaluation import rates_of_today, revalue
from crm_pipeline.permissions.switch import is_off_for_all
from crm_pipeline.utils.batches import Due, Progress, in_portions, one_by_one, unwatched
from crm_pipeline.utils.session import speaking_to_all


@speaking_to_all()
def auto_close_opportunities(progress: Progress = unwatched) -> list[str]:
	"""Close the opportunities on which nobody spoke for as long as Selling Settings say, and warn of the next ones.

	Returns: names of the Auto Close Batches that were finished; none if another run is under way.
	"""
	if is_off_for_all():
		return []
	with take_turn() as is_ours:
		if not is_ours:
			return []
		batches = close_what_is_due(progress)
		warn_of_closing()
		return batches


@speaking_to_all()
def retry_mails(progress: Progress = unwatched) -> int:
	"""Try again what failed with mails: to take them in, or what was to follow from them.

	Returns: how many mails were tried.
	"""
	return retry_due(progress)


@speaking_to_all()
def revalue_open_opportunities() -> None:
	"""Let the rates that hold from today on value the open opportunities, one currency after the other."""
	rates = rates_of_today()
	one_by_one(rates, lambda currency: revalue(currency, rates[currency]))


@speaking_to_all()
def wake_paused_opportunities(progress: Progress = unwatched) -> None:
	"""Take up the opportunities whose pause is over, and tell their owners in a ToDo."""
	if not is_off_for_all():
		wake_on(getdate(today()), progress)


@speaking_to_all()
def expire_quotations(progress: Progress = unwatched) -> None:
	"""Mark quotations past their last valid day as expired; their opportunities say Quotation no longer."""
	expire_quotations_on(getdate(today()), progress)


@speaking_to_all()
def send_follow_up_reminders(progress: Progress = unwatched) -> int:
	"""Tell users of the next contacts whose time has come: once each, user by user, one mail for all of his.

	Returns: how many users were reminded.
	"""
	return _for_users(reminders.users_due, reminders.remind, progress)


@speaking_to_all()
def send_follow_up_digest(progress: Progress = unwatched, at_any_hour: bool = False) -> int:
	"""Send the morning's list of missed and coming next contacts: once a day to each user who wants it.

	Args:
		at_any_hour: also to those who have no morning now.

	Returns: how many users were mailed.
	"""
	users = digest.users_to_tell if at_any_hour else digest.users_in_the_morning
	return _for_users(users, digest.send, progress)


@speaking_to_all()
def restore_follow_up_events(progress: Progress = unwatched) -> None:
	"""Make the calendar entries of next contacts anew that somebody deleted."""
	in_portions(calendar_bulk.without_event, calendar_bulk.restore_events, progress=progress)


def _for_users(due: Due, act: Callable[[str], object], progress: Progress) -> int:
	"""Do something for each user and commit it; one for whom it fails is logged, the others go on.

	Returns: for how many users something was done; 0 while opportunities are off for all.
	"""
	if is_off_for_all():
		return 0
	count = 0

	def act_on_one(users: list[str]):
		nonlocal count
		count += bool(act(users[0]))

	in_portions(due, act_on_one, progress=progress, size=1)
	return count
