"""Where mail comes in: what an account fetches is taken in as `crm_pipeline.mail.intake` does.

Other apps have classes of their own for Email Accounts. A Frappe that can extend a class puts ours before theirs. On any
other, ours is laid over theirs: by the usual override where our app comes last, else before each request and job.
"""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

import frappe
from frappe.email import receive
from frappe.model.base_document import get_controller
from frappe.model.document import Document
from frappe.utils import add_to_date, now_datetime

from crm_pipeline.mail.fetching import as_pipeline_server
from crm_pipeline.mail.intake import AUTOMATIC, CORRESPONDING, PipelineMail, as_pipeline_mail

DOCTYPE = "Email Account"
FRAPPES = "frappe.email.doctype.email_account.email_account.EmailAccount"
AUTO_REPLY_PAUSE_HOURS = 24


if TYPE_CHECKING:
	from frappe.email.doctype.email_account.email_account import EmailAccount as Mailbox
else:
	Mailbox = object  # it is laid over the class of the site's accounts


class PipelineMailbox(Mailbox):
	"""What the pipeline adds to an account's class, for mails that lead to a record of its own."""

	def get_incoming_server(self, *args: Any, **kwargs: Any) -> "receive.EmailServer | None":
		server = super().get_incoming_server(*args, **kwargs)
		return as_pipeline_server(server, self) if server else server

	def get_inbound_mails(self) -> list:
		mails = [as_pipeline_mail(mail) for mail in super().get_inbound_mails()]
		begin_anew()
		return mails

	def send_auto_reply(self, communication: Document, email: receive.InboundMail) -> None:
		"""Answer a sender once a day at most and no machine, so that two cannot keep each other busy."""
		if communication.communication_type == AUTOMATIC:
			return
		of_pipeline = isinstance(email, PipelineMail) and email.of_pipeline
		ours = communication.reference_doctype in CORRESPONDING or of_pipeline
		if not ours or not wrote_lately(communication):
			super().send_auto_reply(communication, email)

	def __reduce__(self) -> tuple[Callable, tuple, dict]:
		"""Let Frappe keep an account in its cache, although its class is in no module."""
		return new_account, (), self.__getstate__()


def new_account() -> Document:
	"""Make an account of the site's class, with nothing in it."""
	controller: type[Document] = get_controller(DOCTYPE)
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


def stand_before_other_apps(*args: Any, **kwargs: Any) -> None:
	"""Lay our class over that of an app that came later; hook of requests and jobs where Frappe extends no classes."""
	controllers = frappe.controllers.setdefault(frappe.local.site, {})
	controllers[DOCTYPE] = laid_over(get_controller(DOCTYPE))


def begin_anew() -> None:
	"""Let what was fetched meet opportunities as they are by now, since fetching took its time.

	PostgreSQL would refuse to lock an opportunity that was changed meanwhile, and Frappe drops the mail then.
	"""
	if not frappe.flags.in_test:
		frappe.db.commit()  # nosemgrep: frappe-manual-commit


def wrote_lately(communication: Document) -> bool:
	"""Return whether the sender wrote before this mail, within the hours for which one automatic answer is enough."""
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
