from email.utils import formataddr
from typing import TYPE_CHECKING, Any, NoReturn

import frappe
from frappe import _
from frappe.model.document import Document

if TYPE_CHECKING:
	from frappe.email.receive import EmailServer, InboundMail


class EmailAccount(Document):
	"""An account of the site. This host neither sends nor fetches mails."""

	def receive(self) -> NoReturn:
		raise frappe.missing("Fetching mail over IMAP or POP3")

	if TYPE_CHECKING:  # of a bench

		def get_incoming_server(self, *args: Any, **kwargs: Any) -> EmailServer | None: ...

		def get_inbound_mails(self) -> list[InboundMail]: ...

		def send_auto_reply(self, communication: Document, email: InboundMail) -> None: ...


def get_outgoing_sender() -> str:
	"""Return name and address of the default outgoing account, else of the one in site_config.json.

	:raises frappe.OutgoingEmailError: where there is none and mails are not muted"""
	filters = {"enable_outgoing": 1, "default_outgoing": 1}
	if account := frappe.db.get_value("Email Account", filters, ["name", "email_id"]):
		return formataddr(account)
	if not frappe.conf.mail_server and not frappe.are_emails_muted():
		message = _("Please setup default outgoing Email Account from Tools > Email Account")
		frappe.throw(message, frappe.OutgoingEmailError)
	address = frappe.conf.auto_email_id or frappe.conf.mail_login or "notifications@example.com"
	return formataddr((_("Notification"), address))
