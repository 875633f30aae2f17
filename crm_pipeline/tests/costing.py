"""Offers of suppliers, and quotations made from them."""

from frappe.model.document import Document

from crm_pipeline.api.supplier_rates import make_quotation_from_supplier_rates
from crm_pipeline.crm_pipeline.doctype.opportunity.opportunity import make_supplier_quotation
from crm_pipeline.tests.factories import make_party_opportunity, make_supplier


def make_offer(opportunity: Document, rates: float | dict, submit: bool = True, **fields) -> Document:
	"""A supplier's offer for an opportunity: one rate for all its rows, or rates by row of the opportunity."""
	offer = make_supplier_quotation(opportunity.name)
	offer.update({**fields, "supplier": fields.get("supplier") or make_supplier().name})
	for row in offer.items:
		row.rate = rates.get(row.opportunity_item, 0) if isinstance(rates, dict) else rates
	offer.insert()
	return offer.submit() if submit else offer


def pick(item: Document, offer: Document, qty: float, **more) -> dict:
	"""What a client sends for a quantity of an opportunity's row from an offer."""
	row = next(row for row in offer.items if row.opportunity_item == item.name)
	return {"opportunity_item": item.name, "supplier_quotation_item": row.name, "qty": qty, **more}


def offered(opportunity: Document, chosen: list[tuple], margin: dict | None = None) -> Document:
	"""An unsaved quotation from rows of an opportunity, each with an offer and a quantity."""
	return make_quotation_from_supplier_rates(opportunity.name, [pick(*each) for each in chosen], margin)


def costed_quotation(cost: float = 80, percentage: float = 20, **offer) -> Document:
	"""A draft for two units from one supplier's offer."""
	opportunity = make_party_opportunity()
	made = make_offer(opportunity, cost, **offer)
	quotation = offered(opportunity, [(opportunity.items[0], made, 2)], {"percentage": percentage})
	return quotation.insert()
