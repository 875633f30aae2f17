"""The Mail Intake Log: what was dropped, refused in part, or is still to be done, where an admin looks."""

from datetime import timedelta

import frappe
from frappe.model.document import Document
from frappe.utils import now_datetime, strip_html

LOG = "Mail Intake Log"
WAITING, SETTLED, INCOMPLETE, DROPPED = "Waiting", "Settled", "Incomplete", "Dropped"
TAKE_IN, JUDGE, SAVE = "Take In", "Judge", "Save"
LINE_LENGTH = 140  # characters
REASON_LENGTH = 500
MESSAGE_LENGTH = 3_000_000  # databases take statements of some megabytes only
PAUSE = timedelta(minutes=15)  # after the second failure; doubled by each further one
LONGEST_PAUSE = timedelta(days=1)
MOST_DOUBLINGS = 7


def write(result: str, **fields) -> Document:
	"""Insert an entry."""
	entry = frappe.get_doc({"doctype": LOG, "result": result, **fields})
	return entry.insert(ignore_permissions=True)  # the software's own record


def facts_of(mail) -> dict:
	"""Return what the log keeps of Frappe's InboundMail, besides the message itself."""
	return {
		"sender": (mail.from_email or "")[:LINE_LENGTH],
		"subject": (mail.subject or "")[:LINE_LENGTH],
		"email_account": mail.email_account.name,
		"append_to": mail.appends_to(),
	}


def waiting_entry(communication: str) -> Document | None:
	"""Return the entry, held for a change, that says what is still to be done with a recorded mail."""
	name = frappe.db.get_value(LOG, {"communication": communication, "result": WAITING})
	return frappe.get_doc(LOG, name, for_update=True) if name else None


def settle(entry: Document) -> None:
	"""Say that nothing is left to do; of what went well at once nothing is kept."""
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


def due_entries(limit: int = 500) -> list[dict]:
	"""Return the entries to try again now, the oldest first."""
	return _waiting({"next_attempt": ["<=", now_datetime()]}, limit)


def waiting_entries(limit: int = 1_000_000) -> list[dict]:
	"""Return all that waits to be tried again, however long the pause that it is in."""
	return _waiting({}, limit)


def _waiting(filters: dict, limit: int) -> list[dict]:
	fields = ["name", "to_do", "communication", "sender", "subject", "why"]
	filters = {"result": WAITING, **filters}
	return frappe.get_all(LOG, filters, fields, order_by="creation", limit=limit)


def reason_of(error: BaseException) -> str:
	"""Return in one line why something failed."""
	text = " ".join(strip_html(str(error)).split())
	return f"{type(error).__name__}: {text}"[:REASON_LENGTH]


def as_text(message: bytes | str) -> str:
	"""Return a raw message as text that every database keeps, one character for each byte; the end of a huge one goes."""
	text = message if isinstance(message, str) else message.decode("latin-1")
	return text.replace("\0", "")[:MESSAGE_LENGTH]


def as_message(text: str) -> bytes:
	"""Return the raw message that `as_text` kept."""
	try:
		return text.encode("latin-1")
	except UnicodeEncodeError:  # it came as text
		return text.encode()


def _save(entry: Document) -> None:
	entry.flags.ignore_permissions = True  # the software's own record
	entry.save()
