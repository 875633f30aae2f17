from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr

import frappe
from frappe.email.doctype.email_account.email_account import EmailAccount
from frappe.model.document import Document
from frappe.utils import add_days, get_formatted_email, nowdate, split_emails, strip_html


class EmailQueue(Document):
	def send(self):
		"""Mails stay in the queue of this host, where tests and users read them."""
		if not frappe.are_emails_muted():
			raise NotImplementedError("The embedded host sends no e-mail over SMTP. A bench does.")


def build_message(
	recipients,
	sender: str,
	subject: str,
	html: str,
	cc=None,
	bcc=None,
	text: str | None = None,
	heading=None,
	reply_to: str | None = None,
	message_id: str | None = None,
	in_reply_to: str | None = None,
	reference_doctype: str | None = None,
) -> EmailMessage:
	"""Return the mail as it would go out, the account that sends it in `account`.

	Raises OutgoingEmailError where none is set up."""
	account = EmailAccount.find_outgoing(sender, reference_doctype, _raise_error=True)
	mail = EmailMessage()
	mail.account = account
	mail["From"] = sender if sender and sender != "Administrator" else account.default_sender
	mail["Subject"] = " ".join(subject.split())
	mail["Date"] = formatdate()
	mail["Message-Id"] = f"<{message_id.strip('<>')}>" if message_id else make_msgid(domain=frappe.local.site)
	for header, addresses in (("To", recipients), ("Cc", cc), ("Bcc", bcc)):
		if addresses := list_addresses(addresses):
			mail[header] = ", ".join(addresses)
	for header, value in (("Reply-To", reply_to), ("In-Reply-To", in_reply_to)):
		if value:
			mail[header] = value
	if heading:
		html = f"<h3>{heading[0] if isinstance(heading, list | tuple) else heading}</h3>{html}"
	mail.set_content(text or strip_html(html))
	mail.add_alternative(html, subtype="html")
	return mail


def queue(mail: EmailMessage, send_after=None, send_now: bool = False, **values) -> EmailQueue | None:
	"""Keep a mail for its recipients. Returns None where there is none but blind copies."""
	to, copies, blind = (list_addresses(mail.get(header)) for header in ("To", "Cc", "Bcc"))
	if not to and not copies:
		return None
	del mail["Bcc"]
	doc = frappe.get_doc(
		{
			"doctype": "Email Queue",
			"sender": mail["From"],
			"message": mail.as_string(),
			"message_id": mail["Message-Id"].strip("<>"),
			"show_as_cc": ", ".join(copies),
			"email_account": None if mail.account.is_new() else mail.account.name,
			"send_after": add_days(nowdate(), send_after) if isinstance(send_after, int) else send_after,
			**values,
		}
	)
	for address in dict.fromkeys([*to, *copies, *blind]):
		doc.append("recipients", {"recipient": address})
	doc.insert(ignore_permissions=True)
	if send_now:
		doc.send()
	return doc


def list_addresses(addresses) -> list[str]:
	"""Return addresses given as text or as a list, each once; a user's id becomes the user's address."""
	listed = split_emails(addresses) if isinstance(addresses, str) else addresses or []
	return list(dict.fromkeys(_with_domain(address) for address in listed if address))


def _with_domain(address: str) -> str:
	return address if "@" in parseaddr(address)[1] else get_formatted_email(address)
