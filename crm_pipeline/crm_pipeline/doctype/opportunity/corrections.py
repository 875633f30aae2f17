"""What is fixed about an opportunity once it has ended, and who may correct it all the same."""

from collections.abc import Iterable

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cstr, flt, getdate

from crm_pipeline.exceptions import OpportunityEnded
from crm_pipeline.money.priced_document import PricedDocument
from crm_pipeline.permissions.managing import manages_sales
from crm_pipeline.rules import status
from crm_pipeline.utils.markup import bold, escaped

OF_THE_END = ("closed_on", "close_revenue", "close_revenue_currency")
FIXED = (
	"opportunity_from",
	"party_name",
	"currency",
	"opportunity_amount",
	"amount_follows_quotation",
	"items",
	"probability",
	"sales_process",
	"sales_stage",
	*OF_THE_END,
)
LOGGED_ANYWAY = ("currency", "opportunity_amount", "items", "probability", "sales_process", "sales_stage")


class Corrections(PricedDocument):
	# What a save changes of a record that has ended, for the history: field with former value, and new value.
	corrections: list[tuple[str, str]] | None = None

	def fields_to_keep(self) -> Iterable[str]:
		before = self.get_doc_before_save()
		if self.flags.by_software and before and before.status in status.ENDED:
			return FIXED
		return super().fields_to_keep()

	def check_corrections(self, before: Document) -> None:
		"""Refuse to change what is fixed until it is reopened; of a manager, the history keeps it.

		Raises:
			OpportunityEnded
		"""
		changed = [field for field in FIXED if _plain(self, field) != _plain(before, field)]
		if before.status not in status.ENDED or not changed:
			return
		if not manages_sales():
			self._refuse_corrections(
				changed, _("{0} is {1}: its {2} can no longer be changed. Reopen it first.")
			)
		of_an_order = before.status == status.CONVERTED != before.own_status
		if of_an_order and (given := [field for field in changed if field in OF_THE_END]):
			self._refuse_corrections(
				given, _("{0} is {1} by an ordered quotation, which its {2} follow. Cancel and amend that.")
			)
		self.corrections = [
			(f"{_(self.meta.get_label(field))}: {cstr(before.get(field))}", cstr(self.get(field)))
			for field in changed
			if field not in LOGGED_ANYWAY
		]

	def _refuse_corrections(self, fields: list[str], message: str) -> None:
		labels = ", ".join(escaped(_(self.meta.get_label(field))) for field in fields)
		frappe.throw(
			message.format(self.name, bold(_(self.status, context="Opportunity")), labels),
			OpportunityEnded,
			title=_("Opportunity Ended"),
		)


def _plain(doc: Document, field: str) -> object:
	"""Return a value that equals another one that means the same."""
	value = doc.get(field)
	if field == "items":
		return [(row.item_code or None, flt(row.qty), flt(row.rate)) for row in value]
	if field == "closed_on":
		return getdate(value) if value else None
	return flt(value) if doc.meta.get_field(field).fieldtype in ("Currency", "Percent") else value or None
