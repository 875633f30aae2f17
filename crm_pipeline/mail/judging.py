"""What a recorded mail does: it finds its document, and an opportunity follows it.

A mail does not depend on whether its opportunity could be saved today. Where it cannot, status and turn are written
alone, and the entry in the Mail Intake Log waits for the save.
"""

from collections.abc import Callable
from typing import NamedTuple

import frappe
from frappe import _
from frappe.model.document import Document
from rq.timeouts import JobTimeoutException

from crm_pipeline.mail import intake_log
from crm_pipeline.mail.contacts import contact_of, is_conversation
from crm_pipeline.mail.intake_log import JUDGE, SAVE, WAITING
from crm_pipeline.mail.placing import place
from crm_pipeline.utils.batches import with_retries
from crm_pipeline.utils.guarded_document import act_as_software
from crm_pipeline.utils.locking import is_serialization_failure, undo_to
from crm_pipeline.utils.markup import bold, escaped
from crm_pipeline.utils.messages import Messages
from crm_pipeline.utils.notifications import notify, notify_owner


class Failure(NamedTuple):
	error: Exception
	traceback: str


Attempt = Callable[[Callable[[], object]], Failure | None]


def judge_at_once(communication: Document, heard: frozenset[str] = frozenset()) -> None:
	"""Judge a mail or call within the transaction that records it, which no failure may undo.

	Args:
		heard: the opportunities that it has moved already, from where it was before.

	Raises:
		rq.timeouts.JobTimeoutException: the worker's time for the job is over.
		Exception: the database has ended the transaction, or not even the failure could be noted.
	"""
	if failure := _judge(communication.name, within_transaction, heard):
		raise failure.error


def judge_recorded(name: str) -> None:
	"""Judge a recorded mail, or try again to, and commit what that leads to.

	Raises:
		rq.timeouts.JobTimeoutException: the worker's time for the job is over. The mail waits for the next one.
	"""
	if failure := _judge(name, as_transaction):
		as_transaction(lambda: _log(name, failure))


def _judge(name: str, attempt: Attempt, heard: frozenset[str] = frozenset()) -> Failure | None:
	"""Judge; return the failure that could not even be noted."""
	failure = attempt(lambda: _act(name, heard))
	if not failure:
		return None
	attempt(lambda: _act_barely(name, heard))
	if attempt(lambda: _note(name, failure)):
		return failure
	attempt(lambda: _tell(name))
	return None


def within_transaction(act: Callable[[], object]) -> Failure | None:
	"""Do something within the present transaction; if it fails, undo that alone and return the failure.

	Raises:
		rq.timeouts.JobTimeoutException: the worker's time for the job is over, which is no failure of a mail.
		Exception: the database has ended the transaction.
	"""
	messages = Messages()
	frappe.db.savepoint("judging_mail")
	try:
		act()
	except (JobTimeoutException, frappe.QueryDeadlockError):
		raise
	except Exception as error:
		if is_serialization_failure(error):
			raise
		failure = Failure(error, frappe.get_traceback())
		undo_to("judging_mail")
		messages.take_back()
		return failure
	return None


def as_transaction(act: Callable[[], object]) -> Failure | None:
	"""Do something and commit it; if it fails, undo it and return the failure.

	Raises:
		rq.timeouts.JobTimeoutException: the worker's time for the job is over. It is undone, and no failure of a mail.
	"""
	messages = Messages()
	try:
		with_retries(act)
	except JobTimeoutException:
		raise
	except Exception as error:
		messages.take_back()
		return Failure(error, frappe.get_traceback())
	return None


def _act(name: str, heard: frozenset[str]) -> None:
	"""Do all that is still to be done with a mail."""
	entry = intake_log.waiting_entry(name)
	if frappe.db.exists("Communication", name):
		communication = frappe.get_doc("Communication", name)
		if entry and entry.to_do == SAVE:
			save_opportunity(communication)
		else:
			if entry and not communication.reference_name:
				place(communication, entry.append_to)
			follow(communication, heard=heard)
	if entry:
		intake_log.settle(entry)


def _act_barely(name: str, heard: frozenset[str]) -> None:
	"""Write what a mail says of its opportunity, and leave the save for later."""
	entry = intake_log.waiting_entry(name) or _new_entry(name)
	communication = frappe.get_doc("Communication", name)
	on_pipeline = is_conversation(communication) or is_conversation(communication, "Quotation")
	if entry.to_do == JUDGE and on_pipeline:
		follow(communication, barely=True, heard=heard)
		entry.to_do = SAVE
		entry.save(ignore_permissions=True)  # the software's own record


def follow(communication: Document, barely: bool = False, heard: frozenset[str] = frozenset()) -> None:
	"""Let a mail or call move its opportunity: contact times, whose turn it is, status; on a quotation, all that it names.

	Args:
		barely: write only what follows from it, where an opportunity cannot be saved today.
		heard: the opportunities that it has moved already, from where it was before.
	"""
	if is_conversation(communication) and (contact := contact_of(communication)):
		if communication.reference_name not in heard:
			_hold_opportunity(communication).follow_contact(contact, barely)
	elif is_conversation(communication, "Quotation") and (contact := contact_of(communication)):
		quotation = frappe.get_doc("Quotation", communication.reference_name)
		quotation.follow_contact(contact, barely, heard)


def save_opportunity(communication: Document) -> None:
	"""Save the opportunity of a mail, or those of its quotation, so that all hears of it that hears of saves."""
	if is_conversation(communication):
		_hold_opportunity(communication).save()
	elif is_conversation(communication, "Quotation") and (contact := contact_of(communication)):
		frappe.get_doc("Quotation", communication.reference_name).save_followers(contact)


def _hold_opportunity(communication: Document) -> Document:
	opportunity = frappe.get_doc("Opportunity", communication.reference_name, for_update=True)
	# Mail is the software's business: its sender need not be allowed to write the opportunity.
	return act_as_software(opportunity)


def moved_by_mails_on(doctype: str | None, name: str | None) -> frozenset[str]:
	"""Return the names of the opportunities that the mails on a document move."""
	if doctype == "Quotation" and frappe.db.exists(doctype, name):
		return frozenset(frappe.get_doc(doctype, name).followers())
	return frozenset([name] if doctype == "Opportunity" and name else [])


def _new_entry(name: str) -> Document:
	fields = ["sender", "subject", "email_account"]
	facts = frappe.db.get_value("Communication", name, fields, as_dict=True)
	facts = {key: (value or "")[: intake_log.LINE_LENGTH] for key, value in facts.items()}
	return intake_log.write(WAITING, to_do=JUDGE, communication=name, **facts)


def _note(name: str, failure: Failure) -> None:
	"""Keep why a mail could not be judged, and that it is to be tried again."""
	entry = intake_log.waiting_entry(name) or _new_entry(name)
	why = intake_log.reason_of(failure.error)
	if entry.why != why:
		_log(name, failure)
	intake_log.put_off(entry, why)


def _log(name: str, failure: Failure) -> None:
	frappe.log_error(
		title=_("A mail is kept, but what follows from it failed"),
		message=failure.traceback,
		reference_doctype="Communication",
		reference_name=name,
	)


def _tell(name: str) -> None:
	"""Tell the owner of the opportunity, or else of the mailbox, once."""
	entry = intake_log.waiting_entry(name)
	if not entry or entry.attempts > 1:
		return
	communication = frappe.get_doc("Communication", name)
	why = escaped(entry.why)
	moved = moved_by_mails_on(communication.reference_doctype, communication.reference_name)
	if moved and (is_conversation(communication) or is_conversation(communication, "Quotation")):
		for each in sorted(moved):
			_notify_owner_of(frappe.get_doc("Opportunity", each), why)
	else:
		notify_of_mailbox(
			communication.email_account,
			lambda: _("A mail is kept, but belongs to nothing yet. {0}").format(why),
			entry,
		)


def _notify_owner_of(opportunity: Document, why: str) -> None:
	notify_owner(
		opportunity,
		lambda: _(
			"A mail or call on {0} is kept, but not all could follow it. It is tried again. {1}"
		).format(bold(opportunity.title), why),
	)


def notify_of_mailbox(account: str | None, news: Callable[[], str], entry: Document) -> None:
	"""Tell whoever set a mailbox up."""
	user = account and frappe.db.get_value("Email Account", account, "owner")
	notify(user, news, document_type=entry.doctype, document_name=entry.name)


def notify_of_refused(communication: Document, refused: list[str]) -> None:
	"""Tell the owner of the opportunity, or else of the mailbox, what of a mail could not be kept as it came."""

	def news() -> str:
		return _("A mail could not be kept as it came; its message is in the Mail Intake Log: {0}").format(
			escaped("; ".join(refused))
		)

	if is_conversation(communication):
		notify_owner(frappe.get_doc("Opportunity", communication.reference_name), news)
	else:
		notify_of_mailbox(communication.email_account, news, communication)
