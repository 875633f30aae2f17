"""E-mail: written into Email Queue, where a bench's worker would send it from."""

from email.message import EmailMessage
from email.utils import formatdate, make_msgid

import frappe
from frappe.email.doctype.email_account.email_account import get_outgoing_sender
from frappe.utils import add_days, nowdate, split_emails, strip_html


def sendmail(
	recipients=None,
	sender: str = "",
	subject: str = "No Subject",
	message: str = "No Message",
	delayed: bool = True,
	reference_doctype: str | None = None,
	reference_name: str | None = None,
	cc=None,
	bcc=None,
	message_id: str | None = None,
	send_after=None,
	send_priority: int = 1,
	communication: str | None = None,
	now: bool = False,
):
	"""Queue an e-mail and return its Email Queue record, None where nobody would get it.

	:param recipients: addresses, as a list or text; `cc` and `bcc` likewise
	:param send_after: a time, or a number of days from today
	:param now: send at once, which only a bench does; likewise without `delayed`
	:raises frappe.OutgoingEmailError: where no outgoing Email Account is set up and mails are not muted"""
	if (now or not delayed) and not frappe.are_emails_muted():
		raise frappe.missing("Sending e-mail over SMTP")
	to, copies, blind = (_list_addresses(addresses) for addresses in (recipients, cc, bcc))
	account_sender = get_outgoing_sender()
	if not to and not copies:
		return None
	message_id = (message_id or make_msgid(domain=frappe.local.site)).strip("<>")
	mail = EmailMessage()
	mail["From"] = sender if sender and sender != "Administrator" else account_sender
	mail["Subject"] = " ".join(subject.split())
	mail["Date"] = formatdate()
	mail["Message-Id"] = f"<{message_id}>"
	mail["To"] = ", ".join(to)
	if copies:
		mail["Cc"] = ", ".join(copies)
	mail.set_content(strip_html(message))
	mail.add_alternative(message, subtype="html")
	return frappe.get_doc(
		{
			"doctype": "Email Queue",
			"sender": mail["From"],
			"message": mail.as_string(),
			"message_id": message_id,
			"show_as_cc": ", ".join(copies),
			"send_after": add_days(nowdate(), send_after) if isinstance(send_after, int) else send_after,
			"priority": send_priority,
			"reference_doctype": reference_doctype,
			"reference_name": reference_name,
			"communication": communication,
			"recipients": [{"recipient": address} for address in dict.fromkeys([*to, *copies, *blind])],
		}
	).insert(ignore_permissions=True)


def _list_addresses(addresses) -> list[str]:
	"""Return addresses given as text or as a list, each once; a user's id becomes the user's address."""
	listed = split_emails(addresses) if isinstance(addresses, str) else addresses or []
	found = (each if "@" in each else frappe.db.get_value("User", each, "email") for each in listed if each)
	return list(dict.fromkeys(found))
