"""E-mail: written into Email Queue, where a bench's worker would send it from."""

from email.message import EmailMessage
from email.utils import formataddr, formatdate, make_msgid
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.email.doctype.email_account.email_account import EmailAccount
from frappe.utils import split_emails, strip_html

if TYPE_CHECKING:
	from frappe.model.document import Document


def sendmail(
	recipients: list[str] | str | None = None,
	sender: str = "",
	subject: str = "No Subject",
	message: str = "No Message",
	reference_doctype: str | None = None,
	reference_name: str | None = None,
	cc: list[str] | str | None = None,
	bcc: list[str] | str | None = None,
	message_id: str | None = None,
	attachments: list[dict] | None = None,
	expose_recipients: str | None = None,
	communication: str | None = None,
	**lacking: Any,
) -> "Document | None":
	"""Queue an e-mail to addresses, lists or texts; returns its Email Queue record, None where nobody would get it.

	:param attachments: objects whose `fid` names a File; a bench's worker reads them when it sends
	:raises frappe.OutgoingEmailError: where no outgoing Email Account is set up and mails are not muted"""
	files = attachments or []
	if lacking or any(each.keys() != {"fid"} for each in files):
		raise frappe.missing(f"frappe.sendmail with {', '.join(lacking or ['attachments without a File'])}")
	account = EmailAccount.find_outgoing(sender, reference_doctype, _raise_error=True)
	sender = sender or formataddr((account.name or _("Notification"), account.email_id))
	to, copies, hidden_copies = (_list_addresses(each) for each in (recipients, cc, bcc))
	if not (to or copies):
		return None
	message_id = (message_id or make_msgid(domain=frappe.local.site)).strip("<>")
	mail = EmailMessage()
	headers = {
		"From": sender,
		"To": ", ".join(to),
		"Cc": ", ".join(copies),
		"Subject": " ".join(subject.split()),
	}
	headers |= {"Date": formatdate(), "Message-Id": f"<{message_id}>"}
	for header in filter(headers.get, headers):
		mail[header] = headers[header]
	mail.set_content(strip_html(message))
	mail.add_alternative(message, subtype="html")
	queued = frappe.new_doc("Email Queue", sender=sender, message=mail.as_string(), message_id=message_id)
	queued.update({"reference_doctype": reference_doctype, "reference_name": reference_name})
	queued.update({"communication": communication, "email_account": account.name})
	queued.update({"expose_recipients": expose_recipients, "show_as_cc": ",".join(copies)})
	queued.attachments = frappe.as_json(files) if files else None
	everybody = dict.fromkeys((*to, *copies, *hidden_copies))
	queued.extend("recipients", [{"recipient": address} for address in everybody])
	return queued.insert(ignore_permissions=True)


@frappe.whitelist()
def relink(name: str, reference_doctype: str | None = None, reference_name: str | None = None) -> None:
	"""Put a Communication on another document."""
	reference = {"reference_doctype": reference_doctype, "reference_name": reference_name, "status": "Linked"}
	of_mail = {"name": name, "communication_type": "Communication"}
	frappe.db.set_value("Communication", of_mail, reference, update_modified=False)


def _list_addresses(addresses: list[str] | str | None) -> list[str]:
	"""Return addresses given as text or as a list, each once; a user's id becomes the user's address."""
	listed = split_emails(addresses) if isinstance(addresses, str) else addresses or []
	found = (each if "@" in each else frappe.db.get_value("User", each, "email") for each in listed if each)
	return list(dict.fromkeys(found))
