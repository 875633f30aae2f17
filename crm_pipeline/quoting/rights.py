"""Who may move opportunities by what they do to a quotation."""

import frappe
from frappe import _
from frappe.model.document import Document

from crm_pipeline.exceptions import OpportunityReadOnly, QuotationOfOthers
from crm_pipeline.permissions.visibility import is_own, matches, visible_to
from crm_pipeline.quoting.quotations import opportunities_moved_by, opportunities_of
from crm_pipeline.utils.markup import bold


def refuse_read_only_opportunities(quotation: Document) -> None:
	"""Refuse that somebody moves an opportunity that they may only read, by naming it on a quotation to a customer.

	Raises:
		OpportunityReadOnly
	"""
	if quotation.flags.ignore_permissions or quotation.doctype != "Quotation":
		return
	before = quotation.get_doc_before_save()
	known = opportunities_of(before) if before else []
	for name in opportunities_of(quotation):
		if name not in known and not is_own("Opportunity", name, "write"):
			frappe.throw(
				_(
					"You may read {0}, but not change it, and a quotation does. Ask its owner to let you write it."
				).format(name),
				OpportunityReadOnly,
				title=_("Not Permitted"),
			)


def may_move_with(quotation: Document, beside: str | None = None) -> bool:
	"""Return whether the user may change all opportunities that follow a quotation.

	Args:
		beside: an opportunity that they may change anyway.
	"""
	return all(may_move(name) for name in opportunities_moved_by(quotation) if name != beside)


def refuse_to_move_others(quotation: Document, beside: str | None = None) -> None:
	"""Refuse what moves opportunities that the user may not change, without naming what they may not even see.

	Raises:
		QuotationOfOthers
	"""
	if not may_move_with(quotation, beside):
		frappe.throw(words_of_others(quotation.name), QuotationOfOthers, title=_("Not Permitted"))


def words_of_others(quotation: str) -> str:
	"""Return, as HTML, why a quotation is refused that would change what the user may not."""
	return _(
		"Quotation {0} is for opportunities too that you may not edit and that would change with it. Ask a Sales Manager to do it."
	).format(bold(quotation))


def may_move(opportunity: str) -> bool:
	"""Return whether the session's user may change an opportunity by what they do to a quotation for it.

	Whose business are quotations alone need no right to write opportunities; what settings and User Permissions keep
	from them they do not move.
	"""
	if frappe.has_permission("Opportunity", "write"):
		return bool(frappe.has_permission("Opportunity", "write", opportunity))
	return matches("Opportunity", opportunity, visible_to(frappe.session.user, "Opportunity", "write"))
