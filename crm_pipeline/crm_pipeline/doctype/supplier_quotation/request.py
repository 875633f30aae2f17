"""What a supplier quotation knows of having been asked for."""

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


class RateRequest(Document):
	"""The part of a supplier quotation that is a request for rates."""

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

	def on_cancel(self) -> None:
		revoke(self.name)

	def on_trash(self) -> None:
		revoke(self.name)
