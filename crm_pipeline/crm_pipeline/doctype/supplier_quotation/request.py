"""What a supplier quotation knows of having been asked for."""

from datetime import date, datetime

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate, now_datetime, today

from crm_pipeline.quoting.request_links import revoke
from crm_pipeline.rules.supplier_request import Request, status_on

FIELDS = (
	"request_status",
	"requested_on",
	"opened_on",
	"answered_on",
	"decline_reason",
	"supplier_note",
	"request_reminded_for",
)
ADDRESSEE = ("supplier", "contact_person", "contact_email")  # whoever of them had the link has it no more
OF_ROW = ("rate", "lead_time_days", "minimum_qty")


class RateRequest(Document):
	"""The part of a supplier quotation that is a request for rates."""

	# Fields that it writes.
	requested_on: datetime | None
	answered_on: datetime | None
	valid_till: str | date | None

	def set_request_status(self) -> None:
		"""Derive the status; who submits rates that somebody typed in has the answer."""
		if self.requested_on and self.docstatus == 1 and not self.answered_on:
			self.answered_on = now_datetime()
		request = Request(
			requested=bool(self.requested_on),
			opened=bool(self.opened_on),
			answered=bool(self.answered_on),
			declined=bool(self.decline_reason),
			answer_by=getdate(self.answer_by) if self.answer_by else None,
		)
		self.request_status = status_on(getdate(today()), request)

	def restart_for_new_supplier(self) -> None:
		"""Ask a supplier who takes the place of another for what that one was asked, and keep no answer of theirs."""
		if not self.requested_on or not self._differs("supplier"):
			return
		if self.answered_on:
			self._clear_answer()
		self.update(dict.fromkeys(FIELDS))
		self.requested_on = now_datetime()

	def _clear_answer(self) -> None:
		"""Drop what the former supplier answered; what the same save enters is the new one's."""
		before = self.get_doc_before_save()
		if not self._differs("valid_till"):
			self.valid_till = None
		former = {row.name: row for row in before.items} if before else {}
		for row in self.items:
			kept = former.get(row.name)
			row.update({field: 0 for field in OF_ROW if kept and row.get(field) == kept.get(field)})

	def on_update(self) -> None:
		if any(self._differs(field) for field in ADDRESSEE) and revoke(self.name):
			frappe.msgprint(
				_("The link that was sent before is void. Send the request again to its new recipient."),
				alert=True,
			)

	def _differs(self, field: str) -> bool:
		"""Return whether a field is not as it was stored; empty is empty, whether text or nothing."""
		before = self.get_doc_before_save()
		return before is not None and str(before.get(field) or "") != str(self.get(field) or "")

	def on_cancel(self) -> None:
		revoke(self.name)

	def on_trash(self) -> None:
		revoke(self.name)
