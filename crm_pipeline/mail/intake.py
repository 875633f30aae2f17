"""Taking mails in: whatever Frappe or another app objects to, the mail is there afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.core.api.file import get_max_file_size
from frappe.email.receive import InboundMail, SentEmailInInboxError
from frappe.model.document import Document
from frappe.utils import get_url
from rq.timeouts import JobTimeoutException

from crm_pipeline.mail import intake_log
from crm_pipeline.mail.intake_log import DROPPED, INCOMPLETE, JUDGE, TAKE_IN, WAITING
from crm_pipeline.mail.judging import (
	Failure,
	as_transaction,
	judge_recorded,
	notify_of_mailbox,
	notify_of_refused,
	within_transaction,
)
from crm_pipeline.mail.placing import open_opportunity_of
from crm_pipeline.mail.reading import MOST_CHARACTERS, name_of, readable, sender_of
from crm_pipeline.mail.senders import NAME_LENGTH
from crm_pipeline.permissions.switch import is_off_for_all
from crm_pipeline.rules.automated_mail import is_automatic, is_bounce, is_of_site
from crm_pipeline.utils.markup import bold

TAKING_MAIL = ("Opportunity", "Lead")
CORRESPONDING = (*TAKING_MAIL, "Customer", "Quotation", "Supplier Quotation")
AUTOMATIC = "Automated Message"


if TYPE_CHECKING:
	Mail = InboundMail
else:
	Mail = object  # it is laid over the class of each mail


class PipelineMail(Mail):
	"""What the pipeline adds to Frappe's InboundMail, for mails that lead to a record of its own."""

	of_pipeline = False
	was_cut = False  # while it waited to be taken in
	_is_placed = False
	_found: Document | None = None
	refused: list[str]

	def process(self) -> Document | None:
		"""Record the mail, then do what follows from it; returns its Communication, None if there is none.

		Raises:
			rq.timeouts.JobTimeoutException: the worker's time for the job is over. The mail waits for the next one.
		"""
		with self.kept_when_time_is_over():
			failure = as_transaction(self.find_place)
			if failure and self.appends_to() in TAKING_MAIL:
				self.keep_message(failure)
				return None
			if not self.of_pipeline:
				return super().process()
			communication = self.take_in()
		if communication and self.flags.is_new_communication:
			judge_recorded(communication.name)
			communication.reload()
		return communication

	def find_place(self) -> None:
		"""Note whether the mail would make or belongs to a record of the pipeline."""
		self.from_email = sender_of(self) or self.from_email
		known = self.reference_document()
		self.of_pipeline = self.appends_to() in TAKING_MAIL or bool(known and known.doctype in CORRESPONDING)

	def appends_to(self) -> str | None:
		"""Return the DocType that the mail makes a document of, unless it belongs to one already."""
		return self.append_to if self.email_account.get("use_imap") else self.email_account.append_to

	def reference_document(self) -> Document | None:
		"""Return the document the mail belongs to: an open opportunity rather than the party it is of."""
		if not self._is_placed:
			known = super().reference_document() or None  # Frappe has "" for none
			self._found, self._is_placed = self.open_opportunity(known) or known, True
		return self._found

	def open_opportunity(self, known: Document | None) -> Document | None:
		"""Return the opportunity of a party that writes to its lead or, in our mailboxes, as a customer.

		Args:
			known: the document that the mail belongs to as Frappe has it.
		"""
		appends_to, kind = self.appends_to(), known.doctype if known else None
		of_party = kind == "Lead" or (kind == "Customer" and appends_to in TAKING_MAIL)
		if not of_party and (known or appends_to != "Lead"):
			return None
		name = open_opportunity_of(self.from_email)
		return frappe.get_doc("Opportunity", name) if name else None

	def is_exist_in_system(self) -> Document | None:
		"""Return the Communication that the mail has already become, also through another mailbox of the pipeline.

		Frappe 16 keeps one for each mailbox; here it would be another word of the customer.
		"""
		known = super().is_exist_in_system()
		if known or not (self.of_pipeline and self.message_id):
			return known
		same = {"message_id": self.message_id, "sent_or_received": "Received"}
		name = frappe.db.get_value("Communication", {**same, "reference_doctype": ["in", CORRESPONDING]})
		return frappe.get_doc("Communication", name) if name else None

	def as_dict(self) -> dict:
		values = super().as_dict()
		if self.of_pipeline:
			values["sender"] = sender_of(self)
			name = name_of(self) or values["sender"] or self.from_email or ""
			values["sender_full_name"] = name[:NAME_LENGTH]
			for text in ("content", "text_content"):
				values[text] = values.get(text) and values[text][:MOST_CHARACTERS]
			if is_automatic(self.mail):
				values["communication_type"] = AUTOMATIC
		return values

	def take_in(self) -> Document | None:
		"""Record the mail, or keep its message where it cannot be recorded; what is dropped is counted."""
		taken: list[Document | None] = []
		failure = as_transaction(lambda: taken.append(self.record_or_drop()))
		if not failure:
			self.notify_of_refused(taken[-1])
			return taken[-1]
		if isinstance(failure.error, SentEmailInInboxError):
			as_transaction(lambda: self.drop(_("The mailbox sent it to itself")))
			return None
		self.keep_message(failure)
		return None

	def record_or_drop(self) -> Document | None:
		if not (why := self.reason_to_drop()):
			return self.record()
		self.drop(why)
		return None

	def reason_to_drop(self) -> str | None:
		"""Return why nobody misses the mail; a bounce that belongs to a record is kept there."""
		if is_of_site(self.mail, get_url()):
			return _("This site sent it")
		if is_bounce(self.mail) and not self.reference_document():
			return _("A mail server reports on a mail that is not known here")
		return None

	def drop(self, why: str) -> None:
		intake_log.write(DROPPED, why=why, **self.facts())

	def facts(self) -> dict:
		return intake_log.facts_of(self, self.appends_to())

	def record(self) -> Document | None:
		"""Let Frappe make the Communication, on the document that the mail answers; no other is made yet."""
		facts = self.facts()
		self.refused = [why] if (why := getattr(self.raw_message, "why", None)) else []
		self.refused += [intake_log.notice_of_cut()] if self.was_cut else []
		self.reference_document()
		self.message_id = self.message_id or self.id_of_content()
		self.cut_text()
		with mail_intake(), self.making_nothing():
			communication = super().process()
		if not communication:  # an app's class of mails may make none
			return None
		if self.flags.is_new_communication and not is_automatic(self.mail) and not self.is_unwanted_now():
			intake_log.write(WAITING, to_do=JUDGE, communication=communication.name, **facts)
		if self.refused:
			why = "\n".join(self.refused)
			facts.update(why=why, communication=communication.name)
			intake_log.write_with_message(INCOMPLETE, self.message_as_it_came(), **facts)
		return communication

	def id_of_content(self) -> str:
		"""Return by what a mail without Message-ID is known when a mailbox hands it out again."""
		return f"{sha256(self.message_as_it_came()).hexdigest()}@{frappe.local.site}"

	def message_as_it_came(self) -> bytes:
		return getattr(self.raw_message, "original", self.raw_message)

	def cut_text(self) -> None:
		"""Cut a text that is too long for a database; the whole message is kept beside it."""
		if len(self.content) > MOST_CHARACTERS:
			self.content = self.content[:MOST_CHARACTERS]
			self.refused.append(_("Only the beginning of its text was kept."))

	def is_unwanted_now(self) -> bool:
		"""Tell whether the mail would make an opportunity while these are off for all."""
		return not self.reference_document() and self.appends_to() == "Opportunity" and is_off_for_all()

	@contextmanager
	def making_nothing(self) -> Iterator[None]:
		"""Let Frappe make no document of the mail; the account stays as it is for others."""
		account, append_to = self.email_account, self.append_to
		self.email_account, self.append_to = copy(account), None
		self.email_account.append_to = None
		try:
			yield
		finally:
			self.email_account, self.append_to = account, append_to

	def save_attachments_in_doc(self, doc: Document) -> list:
		"""Save attachments one by one, so that one that Frappe refuses does not take the mail along."""
		if not self.of_pipeline:
			return super().save_attachments_in_doc(doc)
		every, saved = self.attachments, []
		for attachment in every:
			self.attachments = [attachment]
			failure = within_transaction(
				lambda: saved.extend(super(PipelineMail, self).save_attachments_in_doc(doc))
			)
			if failure:
				self.refused.append(f"{attachment['fname']}: {intake_log.reason_of(failure.error)}")
			elif len(attachment["fcontent"]) > get_max_file_size():  # Frappe says nothing of it
				self.refused.append(_("{0}: larger than files may be here").format(attachment["fname"]))
		self.attachments = every
		return saved

	@contextmanager
	def kept_when_time_is_over(self) -> Iterator[None]:
		"""Keep the message itself if the worker's time for the job is over before the mail is recorded."""
		try:
			yield
		except JobTimeoutException:
			if self.of_pipeline or self.appends_to() in TAKING_MAIL:
				as_transaction(self.write_message)
			raise

	def keep_message(self, failure: Failure) -> None:
		"""Keep the message itself, to be taken in by the next job.

		Raises:
			Exception: not even that is possible; Frappe goes on as with any mail.
		"""
		if as_transaction(lambda: self.write_message(failure)):
			raise failure.error

	def write_message(self, failure: Failure | None = None) -> None:
		message, facts = self.message_as_it_came(), self.facts()
		entry = intake_log.write_with_message(WAITING, message, to_do=TAKE_IN, **facts)
		if failure:
			note_failure(entry, failure)

	def notify_of_refused(self, communication: Document | None) -> None:
		if communication and self.refused:
			as_transaction(lambda: notify_of_refused(communication, self.refused))


def as_pipeline_mail(mail: InboundMail) -> PipelineMail:
	"""Return a mail of Frappe's, or of another app's, with what the pipeline adds."""
	base: type = type(mail)
	ours: PipelineMail = object.__new__(pipeline_mail_over(base))
	vars(ours).update(vars(mail))
	return ours


@cache
def pipeline_mail_over(base: type) -> type:
	"""Put the pipeline's part before a class of mails."""
	return type("PipelineInboundMail", (PipelineMail, base), {})


def retake(name: str) -> None:
	"""Take a kept message in."""
	taken: list[Document | None] = []
	failure = as_transaction(lambda: taken.append(_retake(name)))
	if failure:
		as_transaction(lambda: note_failure(frappe.get_doc(intake_log.LOG, name, for_update=True), failure))
	elif communication := taken[-1]:
		judge_recorded(communication.name)


def _retake(name: str) -> Document | None:
	entry = frappe.get_doc(intake_log.LOG, name, for_update=True)
	account = frappe.get_doc("Email Account", entry.email_account)
	message = readable(intake_log.kept_message(entry), account)
	mail = as_pipeline_mail(InboundMail(message, account, append_to=entry.append_to))
	mail.was_cut = intake_log.was_cut(entry.message)
	mail.find_place()
	communication = mail.record_or_drop()
	intake_log.settle(entry)
	return communication


def note_failure(entry: Document, failure: Failure) -> None:
	"""Keep why a mail could not be taken in, and tell whoever set the mailbox up, once."""
	why = intake_log.reason_of(failure.error)
	if entry.why != why:
		frappe.log_error(
			title=_("A mail could not be taken in; its message is kept"), message=failure.traceback
		)
	intake_log.put_off(entry, why)
	if entry.attempts == 1:
		account = entry.email_account
		notify_of_mailbox(
			account,
			lambda: _("A mail to {0} could not be taken in; it is tried again.").format(bold(account)),
			entry,
		)


@contextmanager
def mail_intake() -> Iterator[None]:
	"""Let Communications made meanwhile wait for being judged."""
	outer, frappe.flags.in_mail_intake = frappe.flags.in_mail_intake, True
	try:
		yield
	finally:
		frappe.flags.in_mail_intake = outer
