"""Writing e-mails from a document."""

from email.utils import make_msgid

import frappe
from frappe import _
from frappe.utils import cint, get_formatted_email


@frappe.whitelist()
def make(
	doctype: str | None = None,
	name: str | None = None,
	content: str | None = None,
	subject: str | None = None,
	sent_or_received: str = "Sent",
	sender: str | None = None,
	sender_full_name: str | None = None,
	recipients: str | list | None = None,
	communication_medium: str = "Email",
	send_email: bool | int | str = False,
	print_html: str | None = None,
	print_format: str | None = None,
	attachments: str | list | None = None,
	send_me_a_copy: bool | int | str = False,
	cc: str | list | None = None,
	bcc: str | list | None = None,
	read_receipt: bool | int | str | None = None,
	print_letterhead: bool | int | str = True,
	email_template: str | None = None,
	communication_type: str | None = None,
	send_after: str | None = None,
	print_language: str | None = None,
	now: bool = False,
) -> dict[str, str]:
	"""Record a communication on a document, and send it if `send_email` is set.

	Returns its name and the addresses that get no mail. Needs the right to e-mail the document."""
	if doctype and name:
		frappe.has_permission(doctype, doc=name, ptype="email", throw=True)
	if attachments and attachments != "[]":
		raise NotImplementedError("The embedded host attaches no files to communications. A bench does.")
	communication = frappe.get_doc(
		{
			"doctype": "Communication",
			"subject": subject,
			"content": content,
			"sender": sender or get_formatted_email(frappe.session.user),
			"sender_full_name": sender_full_name,
			"recipients": _joined(recipients),
			"cc": _joined(cc) or None,
			"bcc": _joined(bcc) or None,
			"communication_medium": communication_medium,
			"sent_or_received": sent_or_received,
			"reference_doctype": doctype,
			"reference_name": name,
			"email_template": email_template,
			"message_id": make_msgid(domain=frappe.local.site).strip("<>"),
			"read_receipt": cint(read_receipt),
			"communication_type": communication_type,
			"send_after": send_after,
		}
	).insert(ignore_permissions=True)
	copy = cint(send_me_a_copy)
	if cint(send_email):
		_send(communication, send_me_a_copy=copy, now=now, print_format=print_format, print_html=print_html)
	return {
		"name": communication.name,
		"emails_not_sent_to": ", ".join(communication.exclude_emails_list(include_sender=copy)),
	}


def _send(communication, **options) -> None:
	if not communication.get_outgoing_email_account():
		frappe.throw(
			_(
				"Unable to send mail because of a missing email account. Please setup default Email Account from Settings > Email Account"
			),
			exc=frappe.OutgoingEmailError,
		)
	communication.send_email(**options)


def _joined(addresses: str | list | None) -> str | None:
	return ", ".join(addresses) if isinstance(addresses, list) else addresses
