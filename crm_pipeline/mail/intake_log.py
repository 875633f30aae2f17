"""The Mail Intake Log: what was dropped, refused in part, or is still to be done, where an admin looks."""

from datetime import timedelta
from typing import Any

import frappe
from frappe import _
from frappe.email.receive import InboundMail
from frappe.model.document import Document
from frappe.utils import now_datetime, strip_html

LOG, PART = "Mail Intake Log", "Mail Intake Part"
WAITING, SETTLED, INCOMPLETE, DROPPED = "Waiting", "Settled", "Incomplete", "Dropped"
TAKE_IN, JUDGE, SAVE = "Take In", "Judge", "Save"
LINE_LENGTH = 140  # characters
REASON_LENGTH = 500
PART_LENGTH = 1_000_000  # characters of a message; databases take statements of some megabytes only
FORMER_LENGTH = 3_000_000  # to which an earlier version cut messages, without parts
NUL, SHOWN_NUL = "\0", "\u2400"  # PostgreSQL keeps no zero bytes
PAUSE = timedelta(minutes=15)  # after the second failure; doubled by each further one
LONGEST_PAUSE = timedelta(days=1)
MOST_DOUBLINGS = 7


def write(result: str, **fields: Any) -> Document:
	"""Insert an entry."""
	entry = frappe.get_doc({"doctype": LOG, "result": result, **fields})
	return entry.insert(ignore_permissions=True)  # the software's own record


def write_with_message(result: str, message: bytes | str, **fields: Any) -> Document:
	"""Insert an entry that keeps a message whole, what is too long for one statement in parts."""
	text = as_text(message)
	entry = write(result, message=text[:PART_LENGTH], **fields)
	for part, start in enumerate(range(PART_LENGTH, len(text), PART_LENGTH), 2):
		values = {"entry": entry.name, "part": part, "message": text[start : start + PART_LENGTH]}
		frappe.get_doc({"doctype": PART, **values}).insert(ignore_permissions=True)  # as above
	return entry


def kept_message(entry: Document) -> bytes:
	"""Return the message that an entry keeps, as it came."""
	parts = frappe.get_all(PART, {"entry": entry.name}, pluck="message", order_by="part")
	return as_message("".join((entry.message or "", *parts)))


def was_cut(message: str | None) -> bool:
	"""Tell whether an earlier version cut the message of an entry; this one puts no more into an entry than a part."""
	return len(message or "") == FORMER_LENGTH


def notice_of_cut() -> str:
	return _(
		"An earlier version kept only the beginning of this message. The rest is lost: ask the sender for it."
	)


def forget_parts(entry: str) -> None:
	"""Delete what an entry has of its message beyond the beginning."""
	frappe.db.delete(PART, {"entry": entry})


def facts_of(mail: InboundMail, append_to: str | None) -> dict:
	"""Return what the log keeps of Frappe's InboundMail, besides the message itself.

	Args:
		append_to: the DocType that the mail makes a document of.
	"""
	return {
		"sender": (mail.from_email or "")[:LINE_LENGTH],
		"subject": (mail.subject or "")[:LINE_LENGTH],
		"email_account": mail.email_account.name,
		"append_to": append_to,
	}


def waiting_entry(communication: str) -> Document | None:
	"""Return the entry, held for a change, that says what is still to be done with a recorded mail."""
	name = frappe.db.get_value(LOG, {"communication": communication, "result": WAITING})
	return frappe.get_doc(LOG, name, for_update=True) if name else None


def settle(entry: Document) -> None:
	"""Say that nothing is left to do; of what went well at once nothing is kept."""
	forget_parts(entry.name)
	if not entry.attempts:
		frappe.db.delete(LOG, {"name": entry.name})
		return
	entry.update({"result": SETTLED, "to_do": None, "next_attempt": None, "message": None})
	_save(entry)


def put_off(entry: Document, why: str) -> None:
	"""Count a failure; the next job tries again, later ones after longer and longer pauses."""
	entry.attempts = (entry.attempts or 0) + 1
	entry.why = why
	doublings = min(entry.attempts - 2, MOST_DOUBLINGS)
	pause = min(PAUSE * 2**doublings, LONGEST_PAUSE) if doublings >= 0 else timedelta()
	entry.next_attempt = now_datetime() + pause
	_save(entry)


def due_entries(limit: int = 500) -> list[frappe._dict]:
	"""Return the entries to try again now, the oldest first."""
	return _waiting({"next_attempt": ["<=", now_datetime()]}, limit)


def waiting_entries(limit: int = 1_000_000) -> list[frappe._dict]:
	"""Return all that waits to be tried again, however long the pause that it is in."""
	return _waiting({}, limit)


def _waiting(filters: dict, limit: int) -> list[frappe._dict]:
	fields = ["name", "to_do", "communication", "sender", "subject", "why"]
	filters = {"result": WAITING, **filters}
	return frappe.get_all(LOG, filters, fields, order_by="creation", limit=limit)


def reason_of(error: BaseException) -> str:
	"""Return in one line why something failed."""
	text = " ".join(strip_html(str(error)).split())
	return f"{type(error).__name__}: {text}"[:REASON_LENGTH]


def as_text(message: bytes | str) -> str:
	"""Return a raw message as text that every database keeps, one character for each byte."""
	text = message if isinstance(message, str) else message.decode("latin-1")
	return text.replace(NUL, SHOWN_NUL)


def as_message(text: str) -> bytes:
	"""Return the raw message that `as_text` kept."""
	text = text.replace(SHOWN_NUL, NUL)
	try:
		return text.encode("latin-1")
	except UnicodeEncodeError:  # it came as text
		return text.encode()


def _save(entry: Document) -> None:
	entry.flags.ignore_permissions = True  # the software's own record
	entry.save()
