"""Where mail comes in: what machines wrote never reaches the pipeline, and senders are recognized.

While opportunities are off for all, no mail makes one: it comes in as a Communication that belongs to nothing.

Other apps have classes of their own for Email Accounts. A Frappe that can extend a class puts ours before theirs. On any
other, ours is laid over theirs: by the usual override where our app comes last, else before each request and job.
"""

from contextlib import contextmanager
from copy import copy
from functools import cache

import frappe
from frappe.model.base_document import get_controller
from frappe.utils import add_to_date, get_url, now_datetime

from crm_pipeline.controllers.senders import NAME_LENGTH
from crm_pipeline.permissions.switch import is_off_for_all
from crm_pipeline.rules.automatic_mail import is_automatic

DOCTYPE = "Email Account"
FRAPPES = "frappe.email.doctype.email_account.email_account.EmailAccount"
TAKING_MAIL = ("Opportunity", "Lead")
CORRESPONDING = (*TAKING_MAIL, "Customer", "Quotation", "Supplier Quotation")
AUTO_REPLY_PAUSE_HOURS = 24


class PipelineMailbox:
	"""What the pipeline adds to an account's class, for mails that lead to a record of its own."""

	def receive(self):
		with mail_intake():
			super().receive()

	def get_inbound_mails(self) -> list:
		mails = wanted(super().get_inbound_mails())
		begin_anew()
		return mails

	def send_auto_reply(self, communication, email):
		"""Answer a sender once a day at most, so that two machines cannot keep each other busy."""
		ours = communication.reference_doctype in CORRESPONDING or email.flags.without_opportunity
		if not ours or not wrote_lately(communication):
			super().send_auto_reply(communication, email)

	def __reduce__(self):
		"""Let Frappe keep an account in its cache, although its class is in no module."""
		return new_account, (), self.__getstate__()


def new_account():
	"""Make an account of the site's class, with nothing in it."""
	controller = get_controller(DOCTYPE)
	return controller.__new__(controller)


def __getattr__(name: str) -> type:
	"""Find the class for `override_doctype_class`: ours over that of the app before."""
	if name != "EmailAccount":
		raise AttributeError(name)
	paths = frappe.get_hooks("override_doctype_class", {}).get(DOCTYPE, [])
	others = [path for path in paths if not path.startswith(f"{__name__}.")]
	return laid_over(frappe.get_attr(others[-1] if others else FRAPPES))


@cache
def laid_over(base: type) -> type:
	"""Put the pipeline's part before a class of accounts, unless that has it."""
	return base if issubclass(base, PipelineMailbox) else type("EmailAccount", (PipelineMailbox, base), {})


def stand_before_other_apps(*args, **kwargs) -> None:
	"""Lay our class over that of an app that came later; hook of requests and jobs where Frappe extends no classes."""
	controllers = frappe.controllers.setdefault(frappe.local.site, {})
	controllers[DOCTYPE] = laid_over(get_controller(DOCTYPE))


@contextmanager
def mail_intake():
	"""Let documents made meanwhile know that a mail makes them."""
	frappe.flags.in_mail_intake = True
	try:
		yield
	finally:
		frappe.flags.in_mail_intake = False


def begin_anew() -> None:
	"""Let what was fetched meet deals as they are by now, since fetching took its time.

	PostgreSQL would refuse to lock a deal that was changed meanwhile, and Frappe drops the mail then.
	"""
	if not frappe.flags.in_test:
		frappe.db.commit()


def wanted(mails: list) -> list:
	"""Those of Frappe's InboundMails that may come in; a sender's name that no field can hold is cut."""
	chosen = [mail for mail in mails if not is_unwanted(mail)]
	for mail in chosen:
		mail.from_real_name = (mail.from_real_name or "")[:NAME_LENGTH]
		if would_make_opportunity(mail) and is_off_for_all():
			take_in_plainly(mail)
	return chosen


def is_unwanted(mail) -> bool:
	"""Whether an incoming mail is automatic and would land in the pipeline.

	Args:
		mail: Frappe's InboundMail, not yet processed.
	"""
	if not is_automatic(mail.mail, get_url()):
		return False
	known = mail.reference_document()
	return append_to(mail) in TAKING_MAIL or bool(known and known.doctype in CORRESPONDING)


def append_to(mail) -> str | None:
	"""The DocType that a mail makes a document of, unless it belongs to one already."""
	account = mail.email_account
	return mail.append_to if account.get("use_imap") else account.append_to


def would_make_opportunity(mail) -> bool:
	"""Whether a mail comes to a mailbox of opportunities and belongs to nothing that is there."""
	return append_to(mail) == "Opportunity" and not mail.reference_document()


def take_in_plainly(mail) -> None:
	"""Let a mail make no document; the account it came to stays as it is for others."""
	mail.email_account, mail.append_to = copy(mail.email_account), None
	mail.email_account.append_to = None
	mail.flags.without_opportunity = True


def wrote_lately(communication) -> bool:
	"""Whether the sender wrote before this mail, within the hours for which one automatic answer is enough."""
	return bool(
		frappe.db.exists(
			"Communication",
			{
				"name": ["!=", communication.name],
				"sender": communication.sender,
				"sent_or_received": "Received",
				"communication_medium": "Email",
				"creation": [">", add_to_date(now_datetime(), hours=-AUTO_REPLY_PAUSE_HOURS)],
			},
		)
	)
