"""What the night does to requests: marks those that are late, and reminds suppliers once before the day.

`request_reminded_for` keeps the day that was reminded of, so that a moved day is reminded of again.
"""

from datetime import date

import frappe
from frappe import _
from frappe.utils import add_days, format_date, getdate
from pypika import Table
from pypika.terms import Criterion

from crm_pipeline.quoting import request_mails
from crm_pipeline.rules import status
from crm_pipeline.rules.supplier_request import ASKED, LATE, OPENED
from crm_pipeline.utils.batches import Progress, run_in_batches, run_in_batches_where
from crm_pipeline.utils.bulk_sql import Exists, hold, literal_list, names_after, update_where
from crm_pipeline.utils.markup import escaped

request, supplier = Table("tabSupplier Quotation"), Table("tabSupplier")
opportunity, ENDED = Table("tabOpportunity"), sorted(status.ENDED)


def mark_late(day: date, progress: Progress) -> None:
	"""Mark requests whose last day to answer is past on a day.

	Args:
		progress: told how many were just done with.
	"""
	overdue = _waits() & (request.answer_by < day)

	def mark(names: list[str]) -> None:
		update_where(request, request.name.isin(literal_list(names)), {"request_status": LATE})

	run_in_batches_where(request, overdue, mark, progress)


def remind(day: date, progress: Progress) -> int:
	"""Remind suppliers whose answer is due in so many days as Selling Settings say; each request is committed by itself.

	A job that is killed has reminded of whole requests, and the next one goes on.

	Returns: of how many requests suppliers were reminded.
	"""
	days = frappe.get_cached_doc("Selling Settings").supplier_reminder_days()
	if not days or not frappe.db.exists("Email Template", request_mails.REMINDER):
		return 0
	due, count = due_on(day, days), 0

	def remind_of_one(names: list[str]) -> None:
		nonlocal count
		if hold(request, due, names):
			_remind(names[0])
			count += 1

	run_in_batches(
		lambda after, limit: names_after(request, due, after, limit),
		remind_of_one,
		progress=progress,
		size=1,
	)
	return count


def due_on(day: date, days_ahead: int) -> Criterion:
	"""Return the requests of which suppliers are to be reminded on a day: from so many days ahead up to the last day itself.

	Who was asked no earlier than that needs no reminder on the same day.
	"""
	reminded = request.request_reminded_for.isnotnull() & (request.request_reminded_for == request.answer_by)
	disabled = frappe.qb.from_(supplier).select(supplier.name).where(supplier.disabled == 1)
	return (
		_waits()
		& (request.answer_by >= day)
		& (request.answer_by <= getdate(add_days(day, days_ahead)))
		& (request.requested_on < day)
		& request.contact_email.isnotnull()
		& (request.contact_email != "")
		& request.supplier.notin(disabled)
		& ~reminded
		& ~_of_ended()
	)


def _of_ended() -> Criterion:
	"""That the opportunity has ended: its rates are not needed any more."""
	query = frappe.qb.from_(opportunity).select(opportunity.name)
	return Exists(query.where((opportunity.name == request.opportunity) & opportunity.status.isin(ENDED)))


def _waits() -> Criterion:
	return (request.docstatus == 0) & request.request_status.isin([ASKED, OPENED])


def _remind(name: str) -> None:
	doc = frappe.get_doc("Supplier Quotation", name)
	request_mails.send(doc, request_mails.REMINDER)
	update_where(request, request.name == name, {"request_reminded_for": doc.answer_by})
	text = _("reminded {0} of the answer until {1}").format(
		escaped(doc.contact_email), format_date(doc.answer_by)
	)
	doc.add_comment("Info", text)
