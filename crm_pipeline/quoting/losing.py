"""Losing the quotations that stand against losing an opportunity along with it: who may, and why not."""

import frappe
from frappe import _
from frappe.model.document import Document

from crm_pipeline.exceptions import ActiveQuotationStands
from crm_pipeline.quoting.quotations import QuotationState
from crm_pipeline.quoting.rights import may_move_with, refuse_to_move_others, words_of_others
from crm_pipeline.rules import quotation_status
from crm_pipeline.utils.markup import bold, escaped


def refuse_to_lose(opportunity: str, standing: list[QuotationState]) -> list[Document]:
	"""Return the quotations that stand against losing an opportunity, if the session's user may lose them with it.

	Raises:
		ActiveQuotationStands: one is ordered in part.
		frappe.PermissionError: one is not theirs to submit.
		QuotationOfOthers: one moves an opportunity that they may not edit.
	"""
	if in_part := _ordered_in_part(standing):
		frappe.throw(_words_of_orders(in_part), ActiveQuotationStands, title=_("Quotation Stands"))
	for quotation in standing:
		if not _may_decide(quotation.name):
			frappe.throw(_words_of_deciding(quotation.name), frappe.PermissionError, title=_("Not Permitted"))
	quotations = [frappe.get_doc("Quotation", quotation.name) for quotation in standing]
	for doc in quotations:
		refuse_to_move_others(doc, beside=opportunity)
	return quotations


def why_not_lost_too_html(opportunity: str, standing: list[QuotationState]) -> str:
	"""Return, as HTML, in which words `refuse_to_lose` would refuse; empty if it would not."""
	if in_part := _ordered_in_part(standing):
		return _words_of_orders(in_part)
	for quotation in standing:
		if not _may_decide(quotation.name):
			return _words_of_deciding(quotation.name)
	for quotation in standing:
		if not may_move_with(frappe.get_doc("Quotation", quotation.name), beside=opportunity):
			return words_of_others(quotation.name)
	return ""


def _ordered_in_part(standing: list[QuotationState]) -> list[str]:
	return [each.name for each in standing if each.state == quotation_status.PARTIALLY_ORDERED]


def _may_decide(quotation: str) -> bool:
	return bool(frappe.has_permission("Quotation", "submit", quotation))


def _words_of_orders(names: list[str]) -> str:
	return _(
		"Quotation {0} is ordered in part. Declare the rest of it lost: the opportunity is won with what was ordered."
	).format(", ".join(map(escaped, names)))


def _words_of_deciding(quotation: str) -> str:
	return _(
		"Quotation {0} can be declared lost by those alone who may submit it. Ask one of them to do it."
	).format(bold(quotation))
