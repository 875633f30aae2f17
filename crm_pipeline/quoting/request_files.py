"""The file that a supplier sends with an answer: kept privately on the request, or refused."""

from typing import IO

import frappe
from frappe import _
from frappe.model.document import Document
from rq.timeouts import JobTimeoutException

from crm_pipeline.exceptions import AttachmentRefused
from crm_pipeline.rules import attachments

MOST_FILES = 10  # on one request, of whoever answers it again and again


def attach(request: Document, name: str, file: IO[bytes]) -> None:
	"""Keep a file on the request.

	Raises:
		AttachmentRefused
	"""
	refuse_unfit(name, file)
	kept = {"attached_to_doctype": request.doctype, "attached_to_name": request.name, "is_private": 1}
	if frappe.db.count("File", kept) >= MOST_FILES:
		_refuse(_("There are {0} files already. Put what is new into your note.").format(MOST_FILES))
	stored = frappe.get_doc(
		{"doctype": "File", "file_name": attachments.safe_name(name), "content": file.read(), **kept}
	)
	stored.flags.ignore_permissions = True  # whoever holds the link is no user
	try:
		stored.insert()
	except (frappe.ValidationError, JobTimeoutException):
		raise
	except Exception:  # Frappe 16 reads PDFs, and each library has its own words for what it cannot read
		frappe.log_error(title=_("A file of a supplier could not be kept"))
		_refuse(_("The file cannot be read. Save it anew and send it again, or write it into your note."))


def refuse_unfit(name: str, file: IO[bytes]) -> None:
	"""Refuse a file that is too large or of a kind that is not taken.

	Raises:
		AttachmentRefused
	"""
	if why := attachments.refusal(name, file):
		_refuse(_words(why))


def _words(why: str) -> str:
	kinds = ", ".join(attachments.KINDS)
	return {
		attachments.TOO_LARGE: _("The file is too large. It may have {0} MB.").format(
			attachments.LARGEST // 1024**2
		),
		attachments.EMPTY: _("The file is empty."),
		attachments.KIND: _("Files of this kind are not taken. Send one of: {0}.").format(kinds),
		attachments.CONTENT: _(
			"The file is not what its name says, or has macros, objects or programs in it. Send one of: {0}."
		).format(kinds),
	}[why]


def _refuse(message: str) -> None:
	frappe.throw(message, AttachmentRefused, title=_("File Not Taken"))
