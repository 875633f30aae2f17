"""E-mail: written into Email Queue, where a bench's worker would send it from."""

from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import TYPE_CHECKING, Any

import frappe
from frappe.email.doctype.email_account.email_account import get_outgoing_sender
from frappe.utils import split_emails, strip_html

if TYPE_CHECKING:
	from frappe.model.document import Document


def sendmail(
	recipients: list[str] | str | None = None,
	subject: str = "No Subject",
	message: str = "No Message",
	reference_doctype: str | None = None,
	reference_name: str | None = None,
	message_id: str | None = None,
	**lacking: Any,
) -> "Document | None":
	"""Queue an e-mail to addresses, a list or text; returns its Email Queue record, None where nobody would get it.

	:raises frappe.OutgoingEmailError: where no outgoing Email Account is set up and mails are not muted"""
	if lacking:
		raise frappe.missing(f"frappe.sendmail with {', '.join(lacking)}")
	sender, addresses = get_outgoing_sender(), _list_addresses(recipients)
	if not addresses:
		return None
	message_id = (message_id or make_msgid(domain=frappe.local.site)).strip("<>")
	mail = EmailMessage()
	mail["From"], mail["To"] = sender, ", ".join(addresses)
	mail["Subject"] = " ".join(subject.split())
	mail["Date"] = formatdate()
	mail["Message-Id"] = f"<{message_id}>"
	mail.set_content(strip_html(message))
	mail.add_alternative(message, subtype="html")
	queued = frappe.new_doc("Email Queue", sender=sender, message=mail.as_string(), message_id=message_id)
	queued.update({"reference_doctype": reference_doctype, "reference_name": reference_name})
	queued.extend("recipients", [{"recipient": address} for address in addresses])
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
