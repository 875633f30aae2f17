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
from crm_pipeline.mail.contacts import contact_of, is_conversation, is_on_quotation
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


def judge_at_once(communication: Document) -> None:
	"""Judge a mail or call within the transaction that records it, which no failure may undo.

	Raises:
		rq.timeouts.JobTimeoutException: the worker's time for the job is over.
		Exception: the database has ended the transaction, or not even the failure could be noted.
	"""
	if failure := _judge(communication.name, within_transaction):
		raise failure.error


def judge_recorded(name: str) -> None:
	"""Judge a recorded mail, or try again to, and commit what that leads to.

	Raises:
		rq.timeouts.JobTimeoutException: the worker's time for the job is over. The mail waits for the next one.
	"""
	if failure := _judge(name, as_transaction):
		as_transaction(lambda: _log(name, failure))


def _judge(name: str, attempt: Attempt) -> Failure | None:
	"""Judge; return the failure that could not even be noted."""
	failure = attempt(lambda: _act(name))
	if not failure:
		return None
	attempt(lambda: _act_barely(name))
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


def _act(name: str) -> None:
	"""Do all that is still to be done with a mail."""
	entry = intake_log.waiting_entry(name)
	if frappe.db.exists("Communication", name):
		communication = frappe.get_doc("Communication", name)
		if entry and entry.to_do == SAVE:
			save_opportunity(communication)
		else:
			if entry and not communication.reference_name:
				place(communication, entry.append_to)
			follow(communication)
	if entry:
		intake_log.settle(entry)


def _act_barely(name: str) -> None:
	"""Write what a mail says of its opportunity, and leave the save for later."""
	entry = intake_log.waiting_entry(name) or _new_entry(name)
	communication = frappe.get_doc("Communication", name)
	if entry.to_do == JUDGE and is_conversation(communication):
		follow(communication, barely=True)
		entry.to_do = SAVE
		entry.save(ignore_permissions=True)  # the software's own record


def follow(communication: Document, barely: bool = False) -> None:
	"""Let a mail or call move its opportunity: contact times, whose turn it is, status; or say that a quotation is answered."""
	if is_conversation(communication) and (contact := contact_of(communication)):
		_hold_opportunity(communication).follow_contact(contact, barely)
	elif is_on_quotation(communication) and (contact := contact_of(communication)):
		if contact.is_mail and not contact.from_us:
			frappe.get_doc("Quotation", communication.reference_name, for_update=True).follow_answer()


def save_opportunity(communication: Document) -> None:
	"""Save the opportunity of a mail, so that all hears of it that hears of saves."""
	if is_conversation(communication):
		_hold_opportunity(communication).save()


def _hold_opportunity(communication: Document) -> Document:
	opportunity = frappe.get_doc("Opportunity", communication.reference_name, for_update=True)
	# Mail is the software's business: its sender need not be allowed to write the opportunity.
	return act_as_software(opportunity)


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
	if entry.attempts > 1:
		return
	communication = frappe.get_doc("Communication", name)
	why = escaped(entry.why)
	if is_conversation(communication):
		opportunity = frappe.get_doc("Opportunity", communication.reference_name)
		notify_owner(
			opportunity,
			lambda: _(
				"A mail or call on {0} is kept, but not all could follow it. It is tried again. {1}"
			).format(bold(opportunity.title), why),
		)
	else:
		notify_of_mailbox(
			communication.email_account,
			lambda: _("A mail is kept, but belongs to nothing yet. {0}").format(why),
			entry,
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
