"""A quotation that stands for a former one of the same business."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.mapper import get_mapped_doc

from crm_pipeline.exceptions import QuotationOfOthers, RevisionUnfit
from crm_pipeline.parties.related_documents import parties_of
from crm_pipeline.permissions.field_levels import hidden_fields
from crm_pipeline.quoting.quoting_document import QuotingDocument
from crm_pipeline.quoting.revisions import newest_version
from crm_pipeline.rules import quotation_status
from crm_pipeline.utils.confidential import require_record
from crm_pipeline.utils.mapping_target import read_target
from crm_pipeline.utils.markup import bold


class Revision(QuotingDocument):
	# Fields that it writes.
	replaces: str | None

	def settle_replaces(self) -> None:
		"""Let an amendment replace what it amends, and every revision the newest version of what it names.

		Raises:
			RevisionUnfit, QuotationOfOthers
		"""
		if self.amended_from:
			self.replaces = self.amended_from if self.continues(self.amended_from) else None
		if not self.replaces:
			return
		if self.replaces == self.name:
			self.refuse_revision(_("A quotation cannot replace itself."))
		self.replaces = former = newest_version(self)
		self.refuse_unfit_revision(former)

	def continues(self, former: str) -> bool:
		"""Return whether a quotation is about the same opportunity, and to the same business."""
		fields = ["opportunity", "quotation_to", "party_name"]
		opportunity, party_type, party = frappe.db.get_value("Quotation", former, fields)
		same = parties_of(party_type, party).get(self.quotation_to, ())
		return (opportunity or None) == (self.opportunity or None) and self.party_name in same

	def refuse_unfit_revision(self, former: str) -> None:
		"""Refuse to replace what is no former offer of this business, or was accepted.

		Raises:
			RevisionUnfit, QuotationOfOthers
		"""
		stored = frappe.db.get_value("Quotation", former, "status", for_update=True)
		if not stored:
			return  # Frappe refuses links that lead nowhere
		if not self.continues(former):
			self.refuse_revision(
				_("Quotation {0} is for another party or opportunity. Empty Replaces.").format(bold(former))
			)
		if stored not in quotation_status.REPLACEABLE:
			self.refuse_revision(
				_("Quotation {0} is {1} and cannot be replaced. Empty Replaces.").format(
					bold(former), bold(_(stored, context="Quotation"))
				)
			)
		if not self.flags.ignore_permissions and not frappe.has_permission("Quotation", "write", former):
			frappe.throw(
				_("You may read quotation {0}, but not replace it. Empty Replaces.").format(bold(former)),
				QuotationOfOthers,
				title=_("Not Permitted"),
			)

	def get_invalid_links(self, is_submittable: bool = False) -> tuple[list[tuple], list[tuple]]:
		"""Let a former version be cancelled, as Frappe lets what is amended."""
		invalid, cancelled = super().get_invalid_links(is_submittable)
		return invalid, [each for each in cancelled if each[0] != "replaces"]

	def refuse_revision(self, why: str) -> None:
		frappe.throw(why, RevisionUnfit, title=_("Revision Does Not Fit"))

	def ignore_revision_links(self) -> None:
		"""Let Frappe cancel a quotation though a revision of it is submitted: that goes on without it."""
		self.ignore_linked_doctypes = ("Quotation",)


@frappe.whitelist(methods=["GET", "POST"])
def make_revision(source_name: str, target_doc: str | Document | None = None) -> Document:
	"""Return a draft of today with all that a quotation offers, which is to replace it.

	Args:
		source_name: the quotation.
		target_doc: a quotation to fill, as document or JSON.

	Raises:
		RevisionUnfit: the quotation is a draft, or was ordered.
	"""
	require_record("Quotation", source_name)
	target_doc = read_target(target_doc, "Quotation")

	def set_former(source: Document, target: Document) -> None:
		target.replaces = source.name
		target.settle_replaces()
		target.set_defaults()
		target.run_method("set_amounts")

	head = {
		"doctype": "Quotation",
		"field_no_map": ["status", "conversion_rate", *hidden_fields("Quotation")],
	}
	rows = {
		"doctype": "Quotation Item",
		"field_no_map": sorted(hidden_fields("Quotation Item", "Quotation")),
	}
	return get_mapped_doc(
		"Quotation", source_name, {"Quotation": head, "Quotation Item": rows}, target_doc, set_former
	)
