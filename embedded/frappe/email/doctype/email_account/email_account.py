from typing import TYPE_CHECKING, Any, NoReturn

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import parse_addr

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


def find_outgoing(
	match_by_email: str | None = None, match_by_doctype: str | None = None
) -> frappe._dict | None:
	"""Return `name` and `email_id` of the account that a mail leaves from.

	That is the one of an address, else the one that appends to a DocType, else the default one; else what
	site_config.json says, and where mails are muted any, both without a name."""
	choices = [{"default_outgoing": 1}]
	if match_by_doctype:
		choices.insert(0, {"enable_incoming": 1, "append_to": match_by_doctype})
	if match_by_email:
		choices.insert(0, {"email_id": parse_addr(match_by_email)[1]})
	for filters in choices:
		enabled = {"enable_outgoing": 1, **filters}
		if account := frappe.db.get_value("Email Account", enabled, ["name", "email_id"], as_dict=True):
			return account
	if not frappe.conf.mail_server and not frappe.are_emails_muted():
		return None
	address = frappe.conf.auto_email_id or frappe.conf.mail_login or "notifications@example.com"
	return frappe._dict(name=None, email_id=address)


def require_outgoing(match_by_email: str | None = None, match_by_doctype: str | None = None) -> frappe._dict:
	"""Return as `find_outgoing`.

	:raises frappe.OutgoingEmailError: where there is none and mails are not muted"""
	if account := find_outgoing(match_by_email, match_by_doctype):
		return account
	message = _("Please setup default outgoing Email Account from Tools > Email Account")
	frappe.throw(message, frappe.OutgoingEmailError)
