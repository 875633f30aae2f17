"""What a supplier does to the one request that their link opens: open it, answer it, decline it."""

from datetime import date
from functools import partial
from typing import IO, NamedTuple

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt, getdate, now_datetime

from crm_pipeline.exceptions import AnswerIncomplete, RequestClosed
from crm_pipeline.permissions.switch import is_off_for_all
from crm_pipeline.quoting import request_files
from crm_pipeline.rules import status
from crm_pipeline.rules.supplier_request import ASKED, OPENED
from crm_pipeline.utils.guarded_document import act_as_software
from crm_pipeline.utils.markup import bold, escaped
from crm_pipeline.utils.notifications import Text, notify
from crm_pipeline.utils.session import in_site_language

DOCTYPE = "Supplier Quotation"
STORED_DECIMALS = 9  # of a number in the database
SETTLED, WITHDRAWN = "settled", "withdrawn"


class OfferedRow(NamedTuple):
	"""What a supplier offers for a row, in the currency of the request; 0 where they say nothing."""

	rate: float
	lead_time_days: int
	minimum_qty: float


class Upload(NamedTuple):
	"""A file as it was sent, under the sender's name for it."""

	name: str
	content: IO[bytes]


class Answer(NamedTuple):
	"""What a supplier sends: offers by name of row, the last valid day, a note, and perhaps a file."""

	offers: dict[str, OfferedRow]
	valid_till: date | None
	note: str
	file: Upload | None = None


def why_closed(request: Document) -> str | None:
	"""Return why a request takes no answer any more, or None while it does."""
	if request.docstatus:
		return SETTLED
	if not request.requested_on or frappe.db.get_value("Supplier", request.supplier, "disabled"):
		return WITHDRAWN
	return None


def is_still_needed(request: Document) -> bool:
	"""Return whether the opportunity is in play; an answer that is on its way all the same is kept."""
	if is_off_for_all():
		return False
	stands = (
		frappe.db.get_value("Opportunity", request.opportunity, "status") if request.opportunity else None
	)
	return stands is None or stands in status.IN_PLAY


def mark_opened(name: str) -> None:
	"""Note when a request was opened first; nobody who has it in a form is disturbed by that."""
	request = frappe.qb.DocType(DOCTYPE)
	unopened = (request.name == name) & (request.docstatus == 0) & request.opened_on.isnull()
	frappe.qb.update(request).set(request.opened_on, now_datetime()).where(unopened).run()
	asked = (request.name == name) & (request.request_status == ASKED)
	frappe.qb.update(request).set(request.request_status, OPENED).where(asked).run()
	frappe.clear_document_cache(DOCTYPE, name)


def answer(name: str, given: Answer) -> Document:
	"""Write a supplier's rates into their request, and notify the buyer. A later answer replaces an earlier one.

	An answer that changes nothing is told to nobody.

	Raises:
		RequestClosed, AnswerIncomplete, ValidityBeforeDate, AttachmentRefused
	"""
	request = _held(name)
	said = _says(request)
	again = bool(request.answered_on and not request.decline_reason)
	offered = [row for row in request.items if given.offers.get(row.name, OfferedRow(0, 0, 0)).rate > 0]
	if not offered:
		frappe.throw(
			_("Enter the unit price of at least one item, or decline."),
			AnswerIncomplete,
			title=_("Rates Missing"),
		)
	for row in request.items:
		if row.name in given.offers:
			row.update(given.offers[row.name]._asdict())
	request.update({"valid_till": given.valid_till, "supplier_note": given.note, "decline_reason": None})
	request.validate_validity()  # in the supplier's words
	_save(request)
	if given.file:  # before anybody is told, since not every host waits for the commit with that
		request_files.attach(request, *given.file)
	elif again and _says(request) == said:
		return request
	_comment(request, _corrected if again else partial(_answered, len(offered), len(request.items)))
	_notify_buyer(request, partial(_answer_notification, request, again))
	return request


def decline(name: str, reason: str) -> Document:
	"""Note that a supplier offers nothing, and why; notify the buyer, unless they know.

	Raises:
		RequestClosed, AnswerIncomplete
	"""
	request = _held(name)
	if not reason.strip():
		frappe.throw(
			_("Tell us in a few words why you decline."), AnswerIncomplete, title=_("Reason Missing")
		)
	said = _says(request)
	request.decline_reason = reason.strip()
	_save(request)
	if _says(request) == said:
		return request
	_comment(request, partial(_declined, request.decline_reason))
	_notify_buyer(request, partial(_declining_notification, request))
	return request


def _held(name: str) -> Document:
	request = frappe.get_doc(DOCTYPE, name, for_update=True)
	if why_closed(request):
		frappe.throw(
			_("This request is closed and takes no answer any more."),
			RequestClosed,
			title=_("Request Closed"),
		)
	return request


def _says(request: Document) -> tuple:
	"""Return what a request says of the supplier's answer, to be compared."""
	rows = [
		(row.name, *(flt(row.get(field), STORED_DECIMALS) for field in OfferedRow._fields))
		for row in request.items
	]
	valid_till = getdate(request.valid_till) if request.valid_till else None
	return rows, valid_till, request.supplier_note or "", request.decline_reason or ""


def _save(request: Document) -> None:
	"""Save for the supplier, who is no user: what the buyer left open, or what is gone meanwhile, stops nothing."""
	request.answered_on = now_datetime()
	act_as_software(request)
	with in_site_language():  # of the versions that Frappe keeps
		request.save()


def _comment(request: Document, text: Text) -> None:
	"""Say on the timeline what somebody did who is a guest to Frappe."""
	with in_site_language():
		told = f"({escaped(request.supplier_name)}) {text()}"
		request.add_comment("Info", told, request.contact_email, request.supplier_name)


def _answered(offered: int, rows: int) -> str:
	if rows == 1:
		return (
			_("answered the request: the item has a rate")
			if offered
			else _("answered the request: the item has no rate")
		)
	return _("answered the request: {0} of {1} items have a rate").format(offered, rows)


def _corrected() -> str:
	return _("corrected the answer")


def _declined(reason: str) -> str:
	return _("declined the request: {0}").format(escaped(reason))


def _notify_buyer(request: Document, text: Text) -> None:
	"""Notify whoever asked or, if they have left, the owner of the opportunity."""
	buyer = request.owner
	if not frappe.db.get_value("User", buyer, "enabled") and request.opportunity:
		buyer = frappe.db.get_value("Opportunity", request.opportunity, "opportunity_owner")
	notify(buyer, text, document_type=DOCTYPE, document_name=request.name)


def _answer_notification(request: Document, again: bool) -> str:
	if again:
		told = _("{0} corrected their answer to {1}.")
	else:
		told = _("{0} answered request {1}.")
	return " ".join([told.format(bold(request.supplier_name), escaped(request.name)), *_warnings(request)])


def _declining_notification(request: Document) -> str:
	return _("{0} declined request {1}: {2}").format(
		bold(request.supplier_name), escaped(request.name), escaped(request.decline_reason)
	)


def _warnings(request: Document) -> list[str]:
	"""Say what the buyer may not know of the opportunity: it has ended, or rows that were asked for are gone."""
	told = []
	if not is_still_needed(request):
		told.append(_("The opportunity is not in play any more."))
	asked = {row.opportunity_item for row in request.items if row.opportunity_item}
	filters = {"parent": request.opportunity, "parenttype": "Opportunity", "name": ["in", sorted(asked)]}
	if asked and frappe.db.count("Opportunity Item", filters) < len(asked):
		told.append(_("Items that were asked for are no longer on the opportunity."))
	return told
