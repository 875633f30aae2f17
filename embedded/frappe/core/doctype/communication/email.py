"""Writing e-mails from a document."""

from email.utils import make_msgid

import frappe
from frappe.runtime.missing import missing_in
from frappe.utils import cint, get_formatted_email, split_emails

__getattr__ = missing_in(__name__)


@frappe.whitelist()
def make(
	doctype: str | None = None,
	name: str | None = None,
	content: str | None = None,
	subject: str | None = None,
	sent_or_received: str = "Sent",
	sender: str | None = None,
	recipients: str | list | None = None,
	communication_medium: str = "Email",
	send_email: bool | int | str = False,
	cc: str | list | None = None,
	bcc: str | list | None = None,
	communication_type: str | None = None,
	send_after: str | None = None,
) -> dict[str, str]:
	"""Record a communication on a document, and queue it as a mail if `send_email` is set. Returns its name.

	Needs the right to e-mail the document. Attachments, prints and read receipts are a bench's."""
	if doctype and name:
		frappe.has_permission(doctype, doc=name, ptype="email", throw=True)
	communication = frappe.get_doc(
		{
			"doctype": "Communication",
			"subject": subject,
			"content": content,
			"sender": sender or get_formatted_email(frappe.session.user),
			"recipients": _joined(recipients),
			"cc": _joined(cc),
			"bcc": _joined(bcc),
			"communication_medium": communication_medium,
			"sent_or_received": sent_or_received,
			"reference_doctype": doctype,
			"reference_name": name,
			"message_id": make_msgid(domain=frappe.local.site).strip("<>"),
			"communication_type": communication_type,
			"send_after": send_after,
		}
	).insert(ignore_permissions=True)
	if cint(send_email):
		_send(communication)
	return {"name": communication.name, "emails_not_sent_to": ""}


def _send(communication) -> None:
	frappe.sendmail(
		recipients=split_emails(communication.recipients),
		cc=split_emails(communication.cc),
		bcc=split_emails(communication.bcc),
		sender=get_formatted_email(communication.sender_full_name, mail=communication.sender),
		subject=communication.subject,
		message=communication.content,
		reference_doctype=communication.reference_doctype,
		reference_name=communication.reference_name,
		message_id=communication.message_id,
		communication=communication.name,
		send_after=communication.send_after,
	)


def _joined(addresses: str | list | None) -> str | None:
	return ", ".join(addresses) if isinstance(addresses, list) else addresses or None
