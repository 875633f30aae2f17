from typing import TYPE_CHECKING, Any, NoReturn

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import parse_addr

if TYPE_CHECKING:
	from frappe.email.receive import EmailServer, InboundMail


class EmailAccount(Document):
	"""An account of the site. This host neither sends nor fetches mails."""

	@classmethod
	def find_outgoing(
		cls,
		match_by_email: str | None = None,
		match_by_doctype: str | None = None,
		_raise_error: bool = False,
	) -> "EmailAccount | None":
		"""Return the account that a mail leaves from.

		That is the one of an address, else the one that appends to a DocType, else the default one; else one
		without a name as site_config.json has it, or where mails are muted.

		:raises frappe.OutgoingEmailError: where there is none, if asked to"""
		choices = [{"default_outgoing": 1}]
		if match_by_doctype:
			choices.insert(0, {"enable_incoming": 1, "append_to": match_by_doctype})
		if match_by_email:
			choices.insert(0, {"email_id": parse_addr(match_by_email)[1]})
		for filters in choices:
			if name := frappe.db.get_value("Email Account", {"enable_outgoing": 1, **filters}):
				return frappe.get_doc("Email Account", name)
		if frappe.conf.mail_server or frappe.are_emails_muted():
			address = frappe.conf.auto_email_id or frappe.conf.mail_login or "notifications@example.com"
			return frappe.new_doc("Email Account", email_id=address)
		if _raise_error:
			message = _("Please setup default outgoing Email Account from Tools > Email Account")
			frappe.throw(message, frappe.OutgoingEmailError)
		return None

	def receive(self) -> NoReturn:
		raise frappe.missing("Fetching mail over IMAP or POP3")

	if TYPE_CHECKING:  # of a bench

		def get_incoming_server(self, *args: Any, **kwargs: Any) -> EmailServer | None: ...

		def get_inbound_mails(self) -> list[InboundMail]: ...

		def send_auto_reply(self, communication: Document, email: InboundMail) -> None: ...
