"""Which mails were written by a machine, told from their headers alone."""

from email.message import Message
from email.utils import parseaddr

MACHINES = frozenset({"mailer-daemon", "postmaster"})
MASS_MAIL = frozenset({"bulk", "junk", "auto_reply"})
# Present only on what a machine sent, whatever they say.
TELLTALE_HEADERS = ("X-Auto-Response-Suppress", "X-Autoreply", "X-Autorespond", "X-Loop")


def is_automatic(mail: Message, own_site: str) -> bool:
	"""Whether a mail is an auto-reply, a bounce, a mass mail or one that a site sent by itself.

	Args:
		mail: the parsed mail, with its headers.
		own_site: address of this site, which Frappe writes into the mails it sends.
	"""
	return (
		_word(mail, "Auto-Submitted") not in ("", "no")
		or _word(mail, "Precedence") in MASS_MAIL
		or any(header in mail for header in TELLTALE_HEADERS)
		or _text(mail, "X-Frappe-Site") == own_site
		or is_bounce(mail)
	)


def is_bounce(mail: Message) -> bool:
	"""Whether a mail server reports on a mail: nobody to return it to, or a server's own address."""
	sender = parseaddr(_text(mail, "From"))[1].lower()
	returns_to_nobody = "Return-Path" in mail and _text(mail, "Return-Path").strip("<>") == ""
	return (
		returns_to_nobody
		or sender.partition("@")[0] in MACHINES
		or mail.get_content_type() == "multipart/report"
	)


def _text(mail: Message, header: str) -> str:
	return str(mail.get(header) or "").strip()


def _word(mail: Message, header: str) -> str:
	"""The first word of a header: `auto-replied; owner=...` says `auto-replied`."""
	return _text(mail, header).partition(";")[0].strip().lower()
