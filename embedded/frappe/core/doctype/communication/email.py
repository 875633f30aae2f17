"""Mails and calls that somebody writes on a document: recorded, and put into the Email Queue if they are to go out."""

from email.utils import formataddr, make_msgid
from typing import Any

import frappe
from frappe import _
from frappe.email.doctype.email_account.email_account import EmailAccount
from frappe.model.document import Document
from frappe.utils import cint, get_fullname, parse_addr, split_emails

LACKING = (
	"print_html",
	"print_format",
	"print_language",
	"read_receipt",
	"send_me_a_copy",
	"send_after",
	"now",
)


@frappe.whitelist()
def make(
	doctype: str | None = None,
	name: str | None = None,
	content: str | None = None,
	subject: str | None = None,
	sent_or_received: str = "Sent",
	sender: str | None = None,
	sender_full_name: str | None = None,
	recipients: list | str | None = None,
	communication_medium: str = "Email",
	send_email: Any = False,
	attachments: list | str | None = None,
	cc: list | str | None = None,
	bcc: list | str | None = None,
	email_template: str | None = None,
	communication_type: str | None = None,
	**more: Any,
) -> dict:
	"""Record what was said on a document that the user may mail about, and queue it as a mail if it is to be sent.

	:param sender: name and address, the user's own if left out
	:param recipients: addresses, as of `cc` and `bcc` a list or a text with commas
	:param attachments: names of File records, or objects of `fname` and `fcontent`; a list, or one in JSON
	:returns: `name` of the Communication, and `emails_not_sent_to`, of those who wish no mails of threads
	:raises frappe.PermissionError: of the document, or of a file that the user may not read
	:raises frappe.OutgoingEmailError: where it is to be sent and no outgoing Email Account is set up"""
	if given := [each for each in LACKING if more.get(each) not in (None, "", "0", 0)]:
		raise frappe.missing(f"frappe.core.doctype.communication.email.make with {', '.join(given)}")
	if doctype and name:
		frappe.has_permission(doctype, doc=name, ptype="email", throw=True)
	files = frappe.parse_json(attachments) if attachments else []
	mail = frappe.new_doc(
		"Communication", subject=subject, content=content, sent_or_received=sent_or_received
	)
	mail.sender, mail.sender_full_name = sender or _own_address(), sender_full_name
	mail.recipients, mail.cc, mail.bcc = (_as_text(each) for each in (recipients, cc, bcc))
	mail.update({"reference_doctype": doctype, "reference_name": name, "email_template": email_template})
	mail.communication_medium, mail.has_attachment = communication_medium, int(bool(files))
	mail.communication_type = communication_type or mail.communication_type
	mail.message_id = make_msgid(domain=frappe.local.site).strip("<>")
	mail.insert(ignore_permissions=True)
	attached = [_attach(each, mail.name) for each in files]
	to, copies, hidden_copies = _who_gets_it(mail)
	if cint(send_email):
		_queue(mail, to, copies, hidden_copies, attached)
	sent_to = {_address(each) for each in (*to, *copies, *hidden_copies)}
	written = split_emails(",".join(filter(None, (mail.recipients, mail.cc, mail.bcc))))
	left_out = dict.fromkeys(_address(each) for each in written if _address(each) not in sent_to)
	return {"name": mail.name, "emails_not_sent_to": ", ".join(left_out)}


def _own_address() -> str:
	user = frappe.session.user
	return formataddr((get_fullname(user), frappe.db.get_value("User", user, "email") or user))


def _as_text(addresses: list | str | None) -> str | None:
	return ", ".join(addresses) if isinstance(addresses, list) else addresses or None


def _address(written: str) -> str:
	return parse_addr(written)[1].lower()


def _who_gets_it(mail: Document) -> tuple[list[str], list[str], list[str]]:
	"""Return who stands in `recipients`, then the copies of those who are not among them and wish mails of threads."""
	to, *others = (
		{_address(each): each for each in split_emails(line)} for line in (mail.recipients, mail.cc, mail.bcc)
	)
	copies = [address for line in others for address in line]
	silent = {"email": ["in", copies or [""]], "thread_notify": 0}
	left_out = {each.lower() for each in frappe.get_all("User", silent, pluck="email")} | to.keys()
	copied, blind = ([each for at, each in line.items() if at not in left_out] for line in others)
	return list(to.values()), copied, blind


def _attach(file: str | dict, mail: str) -> str:
	"""Put a file on a mail; returns the name of the new File record."""
	attached = {"attached_to_doctype": "Communication", "attached_to_name": mail}
	if isinstance(file, dict):
		values = {"file_name": file["fname"], "content": file["fcontent"], "is_private": 1}
	else:
		stored = frappe.get_doc("File", file)
		stored.check_permission("read")
		values = {
			key: stored.get(key)
			for key in ("file_name", "file_url", "file_size", "content_hash", "is_private")
		}
	return frappe.get_doc({"doctype": "File", **values, **attached}).insert(ignore_permissions=True).name


def _queue(
	mail: Document, to: list[str], copies: list[str], hidden_copies: list[str], attached: list[str]
) -> None:
	"""Queue a mail, and remember the account that it leaves from."""
	account = EmailAccount.find_outgoing(match_by_email=mail.sender, match_by_doctype=mail.reference_doctype)
	if not account:
		message = _(
			"Unable to send mail because of a missing email account. Please setup default Email Account from Settings > Email Account"
		)
		frappe.throw(message, frappe.OutgoingEmailError)
	if account.name:
		mail.db_set("email_account", account.name)
	frappe.sendmail(
		recipients=to,
		cc=copies,
		bcc=hidden_copies,
		sender=formataddr((mail.sender_full_name, mail.sender)),
		subject=mail.subject,
		message=mail.content or "",
		reference_doctype=mail.reference_doctype,
		reference_name=mail.reference_name,
		message_id=mail.message_id,
		communication=mail.name,
		attachments=[{"fid": each} for each in attached],
		expose_recipients="header",
	)
