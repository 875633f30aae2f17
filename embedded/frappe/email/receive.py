"""A mail that came in: the document it belongs to is found or made, and it is kept there as a Communication."""

import email
import re
from datetime import datetime
from email.header import decode_header
from email.message import Message
from email.utils import mktime_tz, parsedate_tz
from typing import TYPE_CHECKING, Any

import frappe
from frappe.utils import add_days, now_datetime, parse_addr, sanitize_html, site_zone

if TYPE_CHECKING:
	from frappe.model.document import Document

REPLY_PREFIX = re.compile(r"^(\s*(re|aw|fwd?|wg)\s*:)*\s*", re.IGNORECASE)
SUBJECT_LENGTH = 140
SAME_SUBJECT_DAYS = 60


class SentEmailInInboxError(Exception):
	"""The mailbox sent a mail to itself."""


if TYPE_CHECKING:  # of a bench

	class EmailServer:
		latest_messages: list[bytes]

		def get_messages(self, *args: Any, **kwargs: Any) -> dict: ...

		def retrieve_message(self, uid: bytes, *args: Any, **kwargs: Any) -> None: ...

		def _post_retrieve_cleanup(self, uid: bytes, *args: Any, **kwargs: Any) -> None: ...


class InboundMail:
	"""A mail in RFC 822 bytes, as it came to an Email Account. This host fetches none by itself."""

	def __init__(self, content: bytes, email_account: "Document", *, append_to: str | None = None) -> None:
		self.raw_message, self.mail = content, email.message_from_bytes(content)
		self.email_account, self.append_to, self.flags = email_account, append_to, frappe._dict()
		self._read_sender()
		self.subject = self._header("Subject").strip()[:SUBJECT_LENGTH] or "No Subject"
		self.message_id = self._header("Message-ID").strip().strip("<>")
		self.in_reply_to = self._header("In-Reply-To").strip().strip("<>")
		self.text_content, self.html_content, self.attachments = "", "", []
		for part in self.mail.walk():
			self._read_part(part)
		self.content = self.html_content or self.text_content or "[Blank Email]"

	def process(self) -> "Document | None":
		"""Return the Communication of this mail, a new one unless it came before; another class may make none.

		:raises SentEmailInInboxError: from the mailbox itself, and no answer
		:raises NotImplementedError: for a mail with attachments"""
		if self.from_email == self.email_account.email_id and not self.in_reply_to:
			raise SentEmailInInboxError
		if known := self.message_id and frappe.db.exists("Communication", {"message_id": self.message_id}):
			return frappe.get_doc("Communication", known)
		reference = self.reference_document() or self._make_reference_document()
		communication = frappe.get_doc({"doctype": "Communication", **self.as_dict()})
		if reference:
			communication.reference_doctype, communication.reference_name = reference.doctype, reference.name
		communication.flags.in_receive = self.flags.is_new_communication = True
		return communication.insert(ignore_permissions=True)

	def reference_document(self) -> "Document | None":
		"""Return the document of the mail that this one answers, else the one with its subject and sender."""
		fields = ["reference_doctype", "reference_name"]
		filters = {"message_id": self.in_reply_to}
		parent = self.in_reply_to and (
			frappe.db.get_value("Communication", filters, fields)
			or frappe.db.get_value("Email Queue", filters, fields)
		)
		if parent and parent[1] and frappe.db.exists(*parent):
			return frappe.get_doc(*parent)
		doctype = self.email_account.append_to
		name = doctype and (self._named_in_subject(doctype) or self._with_same_subject(doctype))
		return frappe.get_doc(doctype, name) if name else None

	def as_dict(self) -> dict:
		"""The values of its Communication, but for the document it belongs to."""
		if self.attachments:
			raise frappe.missing("Storing attachments of mails")
		known = {field: getattr(self, field) for field in ("subject", "text_content", "message_id")}
		who = {"sender": self.from_email, "sender_full_name": self.from_real_name}
		who |= {"recipients": self._header("To"), "cc": self._header("Cc")}
		how = {"sent_or_received": "Received", "communication_medium": "Email"}
		how |= {"email_account": self.email_account.name, "communication_date": self._date()}
		return {**known, **who, **how, "content": sanitize_html(self.content)}

	if TYPE_CHECKING:  # of a bench

		def is_exist_in_system(self) -> Document | None: ...

		def save_attachments_in_doc(self, doc: Document) -> list: ...

	def _named_in_subject(self, doctype: str) -> str | None:
		return frappe.db.exists(doctype, self.subject.rpartition("#")[2].strip(" ()"))

	def _with_same_subject(self, doctype: str) -> str | None:
		meta = frappe.get_meta(doctype)
		filters = {
			meta.subject_field: ["like", f"%{REPLY_PREFIX.sub('', self.subject)}%"],
			meta.sender_field: self.from_email,
			"creation": [">", add_days(now_datetime(), -SAME_SUBJECT_DAYS)],
		}
		return frappe.db.get_value(doctype, filters)

	def _make_reference_document(self) -> "Document | None":
		doctype = self.email_account.append_to
		if not doctype or doctype == "Communication":
			return None
		meta, doc = frappe.get_meta(doctype), frappe.new_doc(doctype)
		values = {
			"subject_field": self.subject,
			"sender_field": self.from_email,
			"sender_name_field": self.from_real_name,
		}
		doc.update({meta.get(key): value for key, value in values.items() if meta.get(key)})
		doc.flags.ignore_mandatory = True
		try:
			return doc.insert(ignore_permissions=True)
		except frappe.DuplicateEntryError:
			name = frappe.db.get_value(doctype, {meta.sender_field: self.from_email})
			return frappe.get_doc(doctype, name) if name else None

	def _read_sender(self) -> None:
		"""Read who wrote; what nobody can read is an error, as on a bench."""
		written = self._sender_header("X-Original-From") or self._sender_header("From")
		if not written:
			raise TypeError("expected string or bytes-like object, got 'NoneType'")
		name, address = parse_addr(written)
		self.from_real_name = name if "@" in written else written
		if reply_to := self._sender_header("Reply-To"):
			address = parse_addr(reply_to)[1]
		self.from_email = address.lower()

	def _sender_header(self, name: str) -> str:
		text = str(self.mail.get(name) or "").replace('"', " ").replace("'", " ")
		parts = decode_header(text)
		return "".join(
			part if isinstance(part, str) else part.decode(charset or "utf-8", "replace")
			for part, charset in parts
		)

	def _header(self, name: str) -> str:
		parts = decode_header(self.mail.get(name) or "")
		return "".join(part if isinstance(part, str) else _decoded(part, charset) for part, charset in parts)

	def _date(self) -> datetime:
		"""When it was sent, in the site's time; now, if that is unreadable or still to come."""
		parsed = parsedate_tz(self._header("Date"))
		if not parsed:
			return now_datetime()
		sent = datetime.fromtimestamp(mktime_tz(parsed), site_zone())
		return min(sent.replace(tzinfo=None), now_datetime())

	def _read_part(self, part: Message) -> None:
		if part.get_filename():
			self.attachments.append({"fname": part.get_filename(), "fcontent": part.get_payload(decode=True)})
		elif part.get_content_maintype() == "text":
			text = _decoded(part.get_payload(decode=True), part.get_content_charset(), "ignore")
			if part.get_content_subtype() == "html":
				self.html_content += text
			else:
				self.text_content += text


def _decoded(text: bytes, charset: str | None, errors: str = "replace") -> str:
	try:
		return text.decode(charset or "utf-8", errors)
	except LookupError:  # nobody knows that charset
		return text.decode("utf-8", errors)
