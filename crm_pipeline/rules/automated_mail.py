"""Which mails nobody wrote, told from their headers alone.

A request not to answer, a list, a forwarder or a web form is no sign of that: people write through them.
"""

from email.message import Message
from email.utils import parseaddr

MAIL_SERVERS = frozenset({"mailer-daemon", "postmaster"})
REPORT = "multipart/report"
# What Exchange asks for in its out-of-office answers, which otherwise look like mails of a web form.
NO_ANSWERS = frozenset({"all", "oof"})


def is_automatic(mail: Message) -> bool:
	"""Tell whether a mail is an automatic answer or the report of a mail server."""
	return is_auto_reply(mail) or is_bounce(mail) or mail.get_content_type() == REPORT


def is_auto_reply(mail: Message) -> bool:
	"""Tell whether software answered for somebody who is away or has only taken note."""
	generated = _word(mail, "Auto-Submitted")
	return (
		generated == "auto-replied"
		or (generated == "auto-generated" and _is_answer(mail) and _wants_no_answers(mail))
		or _word(mail, "Precedence") == "auto_reply"
		or _word(mail, "X-Autoreply") not in ("", "no")
		or "X-Autorespond" in mail
		or returns_to_nobody(mail)
	)


def is_generated(mail: Message) -> bool:
	"""Tell whether software says that it sends the mail, for whomever."""
	return _word(mail, "Auto-Submitted") not in ("", "no")


def is_bounce(mail: Message) -> bool:
	"""Tell whether a mail server reports on a mail."""
	sender = parseaddr(_text(mail, "From"))[1].lower()
	is_report = mail.get_content_type() == REPORT and mail.get_param("report-type") == "delivery-status"
	return is_report or sender.partition("@")[0] in MAIL_SERVERS


def is_of_site(mail: Message, site: str) -> bool:
	"""Tell whether a mail was sent by the site itself, whose address Frappe writes into what it sends."""
	return _text(mail, "X-Frappe-Site") == site


def returns_to_nobody(mail: Message) -> bool:
	return "Return-Path" in mail and _text(mail, "Return-Path").strip("<>") == ""


def _is_answer(mail: Message) -> bool:
	return "In-Reply-To" in mail or "References" in mail


def _wants_no_answers(mail: Message) -> bool:
	wishes = _text(mail, "X-Auto-Response-Suppress").lower().split(",")
	return not NO_ANSWERS.isdisjoint(wish.strip() for wish in wishes)


def _text(mail: Message, header: str) -> str:
	return str(mail.get(header) or "").strip()


def _word(mail: Message, header: str) -> str:
	"""Return the first word of a header: `auto-replied; owner=...` says `auto-replied`."""
	return _text(mail, header).partition(";")[0].strip().lower()
