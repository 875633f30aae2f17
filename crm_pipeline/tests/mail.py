"""Mails as they come in, and the mailbox they come to."""

from email.message import EmailMessage
from email.utils import make_msgid

import frappe
from frappe.email.receive import InboundMail
from frappe.model.document import Document

from crm_pipeline.mail.intake import as_pipeline_mail
from crm_pipeline.mail.reading import readable


def make_mailbox(append_to: str = "Opportunity", **fields) -> Document:
	"""An incoming Email Account that only tests read."""
	name = frappe.generate_hash(length=8)
	account = frappe.get_doc(
		{
			"doctype": "Email Account",
			"email_account_name": name,
			"email_id": f"{name}@sales.example",
			"append_to": append_to,
			**fields,
		}
	)
	account.flags.ignore_validate = True  # validation would log in to a mail server
	return account.insert()


def make_outgoing_account() -> Document:
	"""The account that the site's mails leave from; in tests they stay in the Email Queue."""
	name = frappe.generate_hash(length=8)
	account = frappe.get_doc(
		{
			"doctype": "Email Account",
			"email_account_name": name,
			"email_id": f"{name}@sales.example",
			"enable_outgoing": 1,
			"default_outgoing": 1,
		}
	)
	account.flags.ignore_validate = True  # validation would log in to a mail server
	frappe.local.outgoing_email_account = {}  # Frappe keeps what it found once
	return account.insert()


def address() -> str:
	"""The address of somebody outside whom nobody knows yet."""
	return f"{frappe.generate_hash(length=10)}@outside.example"


def write(sender: str, mailbox: Document, subject: str | None = "Printers", body: str = "Hello", **headers):
	"""A mail to a mailbox. Further headers by name, `_` for `-`."""
	mail = EmailMessage()
	mail["From"], mail["To"] = sender, headers.pop("To", mailbox.email_id)
	mail["Message-ID"] = make_msgid(domain="outside.example")
	if subject is not None:
		mail["Subject"] = subject
	for header, value in headers.items():
		mail[header.replace("_", "-")] = value
	mail.set_content(body)
	return mail


def deliver(mail: EmailMessage, mailbox: Document, folder_append_to: str | None = None) -> Document | None:
	"""Take a mail in as the mailbox, or a folder of it, does; returns its Communication, None if it has none."""
	return deliver_raw(mail.as_bytes(), mailbox, append_to=folder_append_to)


def deliver_raw(message: bytes, mailbox: Document, **where) -> Document | None:
	"""Take a message in as it came from a mail server."""
	return as_pipeline_mail(InboundMail(readable(message, mailbox), mailbox, **where)).process()
