from email.utils import formataddr
from typing import NoReturn

import frappe
from frappe import _
from frappe.model.document import Document


class EmailAccount(Document):
	"""An account of the site. This host neither sends nor fetches mails."""

	def receive(self) -> NoReturn:
		raise frappe.missing("Fetching mail over IMAP or POP3")


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
