"""What a mail or call says of an opportunity, whatever order they become known in."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from crm_pipeline.rules import response, status
from crm_pipeline.rules.status import StatusRequest


class Contact(NamedTuple):
	"""A mail or call: when it was sent or took place, and whether we wrote or spoke to them."""

	at: datetime
	from_us: bool
	is_mail: bool = True


def waiting_began(contacts: Iterable[Contact], waiting_for: str) -> datetime | None:
	"""Return when those who spoke last began to, after the last word of the others.

	Args:
		waiting_for: whose turn it is after all the contacts, as `response.waiting_for` says.
	"""
	contacts = list(contacts)
	we_spoke = waiting_for == response.THEM
	others = max((each.at for each in contacts if each.from_us != we_spoke), default=None)
	words = [each.at for each in contacts if each.from_us == we_spoke]
	since = [at for at in words if others is None or at > others or (we_spoke and at == others)]
	return min(since, default=None)


def is_late(at: datetime, *known: datetime | None) -> bool:
	"""Tell whether a contact comes to be known after a newer one."""
	return any(moment and at < moment for moment in known)


def status_asked(contact: Contact, waiting_for: str, status_since: datetime | None) -> StatusRequest | None:
	"""Return the status that a mail asks for, and by what cause; None if it asks for none.

	A mail of theirs that we answered before it arrived asks for what the two together would have led to, if it was
	written in the present status: a pause is over, and what a job had closed is open.

	Args:
		waiting_for: whose turn it is once the mail counts.
		status_since: since when the opportunity is in its present status.
	"""
	if contact.from_us:
		return StatusRequest(status.REPLIED, status.BY_MAIL) if waiting_for == response.THEM else None
	if waiting_for == response.US:
		return StatusRequest(status.OPEN, status.BY_MAIL)
	# Mails tell whole seconds.
	if status_since and contact.at < status_since.replace(microsecond=0):
		return None
	return StatusRequest(status.REPLIED, status.BY_ANSWERED_MAIL)
