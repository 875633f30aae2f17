"""Messages that Frappe's parser gives up on, written anew so that it can read them.

Frappe parses all that it fetched in one go, and a message that it cannot read takes the others along: one without a
sender, in a charset that nobody knows, with a broken encoded word.
"""

import re
from email.errors import HeaderParseError
from email.header import Header, decode_header
from email.message import Message
from email.parser import BytesParser
from email.utils import formataddr, getaddresses, parseaddr

from frappe import _
from frappe.email.receive import InboundMail
from frappe.model.document import Document
from frappe.utils import validate_email_address

from crm_pipeline.rules.automated_mail import is_generated
from crm_pipeline.utils.batches import INFRASTRUCTURE_ERRORS

ADDRESSES = ("from", "x-original-from", "sender", "reply-to", "to", "cc", "bcc")
TEXTS = ("subject", "message-id", "in-reply-to", "references")
ADDRESS_LENGTH = 140
END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
ENCODED_WORD = re.compile(r"=\?[^?\s]*\?[bqBQ]\?[^?]*\?=")
BETWEEN_ENCODED_WORDS = re.compile(r"(?<=\?=)\s+(?==\?)")
NOBODY = "<>\"' "
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
MOST_CHARACTERS = 1_000_000  # of a text; databases take statements of some megabytes only


class Rewritten(bytes):
	"""A message written anew. `original` is how it came, `why` what was lost on the way, if anything was."""

	original: bytes
	why: str | None


def readable(message: bytes, account: Document) -> bytes:
	"""Return a message as Frappe can read it: as it came, else with plain headers, else its source as text."""
	problem = problem_with(message, account)
	if not problem and not has_raw_bytes(message):
		return message
	for rewrite in (with_plain_headers, as_text_of_itself):
		rewritten = Rewritten(rewrite(message))
		if not problem_with(rewritten, account):
			rewritten.original = message
			rewritten.why = problem and _("It could not be read as it came ({0}).").format(problem)
			return rewritten
	return message


def problem_with(message: bytes, account: Document) -> str | None:
	"""Return what keeps Frappe from reading a message.

	Raises:
		frappe.QueryTimeoutError, frappe.QueryDeadlockError, rq.timeouts.JobTimeoutException: no fault of the message.
	"""
	try:
		mail = InboundMail(message, account)
		# Frappe reads the one only when it looks for what the mail answers, and 16 leaves the other out without a sender.
		mail.in_reply_to, mail.from_real_name  # noqa: B018
	except INFRASTRUCTURE_ERRORS:
		raise
	except Exception as error:  # whatever it is, the other mails must not suffer from it
		return f"{type(error).__name__}: {error}"
	return None


def has_raw_bytes(message: bytes) -> bool:
	"""Tell whether headers that matter hold bytes that no charset explains."""
	head = _head_of(message)
	return any(isinstance(head.get(name), Header) for name in (*ADDRESSES, *TEXTS))


def with_plain_headers(message: bytes) -> bytes:
	"""Write the headers that matter as ASCII with encoded words, and leave the others and the body."""
	head, body = _head_of(message), END_OF_HEAD.split(message, maxsplit=1)[1:]
	if not head.keys():
		body = [message]
	lines = [_plain_header(name, value) for name, value in head.raw_items()]
	if not _text(head, "From").strip(NOBODY):
		lines = [line for line in lines if not line.lower().startswith(b"from:")]
		lines.append(_plain_header("From", _other_sender(head)))
	return b"\n".join((*lines, b"", *body))


def as_text_of_itself(message: bytes) -> bytes:
	"""Make a mail whose text is the source of a message that cannot be taken apart."""
	head = _head_of(with_plain_headers(message))
	lines = [
		_plain_header(name, value)
		for name, value in head.raw_items()
		if not name.lower().startswith("content-")
	]
	source = _decoded(message, "utf-8")[:MOST_CHARACTERS]
	return b"\n".join((*lines, b"Content-Type: text/plain; charset=utf-8", b"", source.encode()))


def sender_of(mail: InboundMail) -> str:
	"""Return the address that answers go to: Frappe's reading of it, else the first that is one, else nothing."""
	headers = (mail.mail.get(name) for name in ("Reply-To", "X-Original-From", "From"))
	addresses = [parseaddr(str(header))[1].lower() for header in headers if header]
	# Frappe takes apostrophes for quotes and cuts addresses there.
	if is_address(mail.from_email) and not any("'" in address for address in addresses[:1]):
		return mail.from_email
	return next((address for address in addresses if is_address(address)), "")


def name_of(mail: InboundMail) -> str:
	"""Return what they are called to whom answers go; nothing where only a form or program names itself.

	Frappe takes the name beside the address that the mail comes from, whoever the answers go to.
	"""
	name, address = parseaddr(text_of(str(mail.mail.get("Reply-To") or "")))
	sender = parseaddr(str(mail.mail.get("From") or ""))[1].lower()
	if not address or address.lower() == sender or address.lower() != sender_of(mail):
		return mail.from_real_name or ""
	if name:
		return name
	house = mail.email_account.email_id.rpartition("@")[2].lower()
	by_form = is_generated(mail.mail) or sender.rpartition("@")[2] == house
	return "" if by_form else mail.from_real_name or ""


def is_address(text: str | None) -> bool:
	return bool(text and len(text) <= ADDRESS_LENGTH and validate_email_address(text))


def text_of(value: str) -> str:
	"""Decode a header as far as it can be decoded, in one line."""
	text = _decoded(value.encode("utf-8", "surrogateescape"), "utf-8")
	words = ENCODED_WORD.sub(_decoded_word, BETWEEN_ENCODED_WORDS.sub("", text))
	return " ".join(words.replace("\0", "").split())


def _head_of(message: bytes) -> Message:
	start = message.removeprefix(BYTE_ORDER_MARK)
	return BytesParser().parsebytes(END_OF_HEAD.split(start, maxsplit=1)[0], headersonly=True)


def _text(head: Message, name: str) -> str:
	return text_of(next((value for key, value in head.raw_items() if key.lower() == name.lower()), ""))


def _plain_header(name: str, value: str) -> bytes:
	if name.lower() in ADDRESSES:
		value = _plain_addresses(text_of(value))
	elif name.lower() in TEXTS:
		value = _plain_text(text_of(value))
	return f"{name}: {value}".encode("ascii", "surrogateescape")


def _plain_text(text: str) -> str:
	is_plain = text.isascii() and not ENCODED_WORD.search(text)
	return text if is_plain else Header(text, "utf-8").encode(linesep="\n")


def _plain_addresses(text: str) -> str:
	"""Write names as encoded words; what is no address is a name too."""
	pairs = getaddresses([text])
	if not all("@" in address and address.isascii() for _name, address in pairs):
		return _plain_text(text)
	return ", ".join(
		formataddr((name, address)) if name == _plain_text(name) else f"{_plain_text(name)} <{address}>"
		for name, address in pairs
	)


def _other_sender(head: Message) -> str:
	"""Return who sent a mail that does not say from whom it is."""
	others = (_text(head, name) for name in ("Sender", "Reply-To", "Return-Path"))
	return next((other for other in others if other.strip(NOBODY)), _("Unknown sender"))


def _decoded_word(match: re.Match) -> str:
	try:
		(text, charset), *_rest = decode_header(match[0])
	except (ValueError, HeaderParseError):  # broken beyond reading: a person may still recognise it
		return match[0]
	return _decoded(text, charset or "utf-8") if isinstance(text, bytes) else text


def _decoded(text: bytes, charset: str) -> str:
	for each in (charset, "utf-8", "windows-1252"):
		try:
			return text.decode(each)
		except (LookupError, UnicodeError):
			continue
	return text.decode("utf-8", "replace")
