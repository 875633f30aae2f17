"""What is made from an opportunity: unsaved documents that carry over all it knows."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.mapper import get_mapped_doc

from crm_pipeline.crm_pipeline.doctype.lead.lead import make_customer as make_customer_from_lead
from crm_pipeline.exceptions import CustomerNotNeeded, PartyMissing
from crm_pipeline.money.party_currency import currency_of
from crm_pipeline.permissions.field_levels import hidden_fields, is_readable
from crm_pipeline.utils.confidential import require_record
from crm_pipeline.utils.mapping_target import read_target
from crm_pipeline.utils.picked_rows import filtered_children, picked_rows

OF_ITS_OWN = (
	"title",
	"status",
	"total",
	"conversion_rate",
	"inverse_rate",
)  # which a quotation settles by itself
ROW_FIELDS = {"parent": "opportunity", "name": "opportunity_item"}


@frappe.whitelist(methods=["GET", "POST"])
def make_quotation(
	source_name: str, target_doc: str | Document | None = None, args: dict | str | None = None
) -> Document:
	"""Return a quotation to the opportunity's party.

	Args:
		source_name: the opportunity.
		target_doc: a quotation to add to, as document or JSON.
		args: as Frappe hands them to mappers; `filtered_children` names the rows that are quoted, all if left out.

	Raises:
		PartyMissing: the opportunity has nobody to quote to.
		UnreadableValues, UnreadableList, RowsMissing, PickedRowsUnfit
	"""
	require_record("Opportunity", source_name)
	target_doc = read_target(target_doc, "Quotation")
	picked = _picked_items(source_name, args)

	def set_value(source: Document, target: Document) -> None:
		require_party(source)
		if not target.items and is_readable("Opportunity", "opportunity_amount"):
			target.net_total = source.opportunity_amount
		target.set_defaults()
		target.run_method("set_amounts")

	head = {
		"doctype": "Quotation",
		"field_map": {"opportunity_from": "quotation_to", "name": "opportunity"},
		"field_no_map": [
			*OF_ITS_OWN,
			*hidden_fields("Opportunity"),
		],
	}
	rows = {
		"doctype": "Quotation Item",
		"field_map": ROW_FIELDS,
		"field_no_map": _hidden_in_rows(),
		"condition": lambda row: picked is None or row.name in picked,
	}
	return get_mapped_doc(
		"Opportunity", source_name, {"Opportunity": head, "Opportunity Item": rows}, target_doc, set_value
	)


@frappe.whitelist(methods=["GET", "POST"])
def make_supplier_quotation(source_name: str, target_doc: str | Document | None = None) -> Document:
	"""Return a request answered by a supplier: the opportunity's items, the supplier still to choose.

	Args:
		source_name: the opportunity.
		target_doc: a supplier quotation to add to, as document or JSON.
	"""
	require_record("Opportunity", source_name)
	target_doc = read_target(target_doc, "Supplier Quotation")
	head = {
		"doctype": "Supplier Quotation",
		"field_map": {"name": "opportunity"},
		"field_no_map": [
			*OF_ITS_OWN,
			"contact_person",
			"contact_email",
			"contact_mobile",
			*hidden_fields("Opportunity"),
		],
	}
	rows = {"doctype": "Supplier Quotation Item", "field_map": ROW_FIELDS, "field_no_map": _hidden_in_rows()}
	return get_mapped_doc(
		"Opportunity",
		source_name,
		{"Opportunity": head, "Opportunity Item": rows},
		target_doc,
		lambda source, target: target.run_method("set_amounts"),
	)


@frappe.whitelist(methods=["GET", "POST"])
def make_customer(source_name: str, target_doc: str | Document | None = None) -> Document:
	"""Return a customer from the lead that the opportunity came from.

	Raises:
		PartyMissing, CustomerNotNeeded, CustomerExists
	"""
	require_record("Opportunity", source_name)
	opportunity = frappe.get_doc("Opportunity", source_name)
	require_party(opportunity)
	if opportunity.opportunity_from != "Lead":
		frappe.throw(
			_("{0} came from {1}; only a lead becomes a customer.").format(
				source_name, _(opportunity.opportunity_from)
			),
			CustomerNotNeeded,
			title=_("No Customer Needed"),
		)
	return make_customer_from_lead(opportunity.party_name, target_doc)


@frappe.whitelist(methods=["GET", "POST"])
def make_opportunity_from_contact(source_name: str, target_doc: str | Document | None = None) -> Document:
	"""Return an opportunity with a contact, from the customer or else the lead that the contact belongs to, if any.

	Args:
		source_name: the contact.
		target_doc: an opportunity to fill, as document or JSON.
	"""
	require_record("Contact", source_name)
	target_doc = read_target(target_doc, "Opportunity")

	def set_party(source: Document, target: Document) -> None:
		allowed = frappe.get_cached_doc("Selling Settings").allowed_party_types()
		for row in sorted(source.links, key=lambda link: link.link_doctype != "Customer"):
			if row.link_doctype in allowed:
				target.opportunity_from, target.party_name = row.link_doctype, row.link_name
				break
		target.title = None
		target.contact_person = source.name
		target.set_party_details()
		target.title = target.customer_name or source.full_name
		if not target_doc:  # else somebody may have chosen one
			target.currency = currency_of(target.opportunity_from, target.party_name) or target.currency
		target.set_first_stage()

	head = {
		"doctype": "Opportunity",
		"field_map": {"email_id": "contact_email", "mobile_no": "contact_mobile"},
		"field_no_map": ["status"],
	}
	return get_mapped_doc("Contact", source_name, {"Contact": head}, target_doc, set_party)


def _picked_items(opportunity: str, args: dict | str | None) -> set[str] | None:
	"""Return the names of the rows that somebody picked; None if they left that open."""
	names = filtered_children(args)
	if names is None:
		return None
	return {row.name for row in picked_rows(frappe.get_doc("Opportunity", opportunity), "items", names)}


def _hidden_in_rows() -> list[str]:
	"""Return the fields of rows that are out of the user's reach, or tell an amount that is."""
	hidden = hidden_fields("Opportunity Item", "Opportunity")
	priced = (
		()
		if is_readable("Opportunity", "opportunity_amount")
		else ("rate", "amount", "base_rate", "base_amount")
	)
	return sorted({*hidden, *priced})


def require_party(opportunity: Document) -> None:
	"""Refuse to go on for an opportunity without party."""
	if not opportunity.party_name:
		frappe.throw(
			_("Choose the party of opportunity {0} first.").format(opportunity.name),
			PartyMissing,
			title=_("Party Missing"),
		)
