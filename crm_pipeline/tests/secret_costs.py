"""A quotation whose cost and margin are not for everybody, and who may read it."""

import re

import frappe

from crm_pipeline.tests.costing import costed_quotation
from crm_pipeline.tests.http import Api
from crm_pipeline.tests.rest import RestTestCase

COST, SUM, MARGIN, PERCENT = "87.65", "175.3", "26.2", "13.002"
TOLD = (COST, SUM, MARGIN, PERCENT)
OF_HEAD = ("base_cost", "base_margin", "margin_percentage")
OF_ROW = ("cost_rate", "base_cost_rate", "base_cost", "margin_percentage")


def figures_in(text: str) -> list[str]:
	"""Return which of its figures a text tells; the seconds of a time that read alike are none."""
	return [each for each in TOLD if re.search(rf"(?<!\d:)(?<![\d.]){re.escape(each)}0*(?!\d)", text)]


def secret_quotation():
	"""Two units that cost 87.65 each, at 13 % of the price, which makes 100.75."""
	return costed_quotation(cost=float(COST), percentage=13)


class SecretCostCase(RestTestCase):
	"""Asked over REST by a seller, `api`, and by a manager, `manager`."""

	roles = ("Sales User",)

	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		cls.manager = Api("Sales Manager")
		cls.quotation = secret_quotation()
		row = cls.quotation.items[0]
		cls.offer = frappe.get_doc("Supplier Quotation", row.supplier_quotation)
		customer, opportunity = cls.quotation.party_name, cls.quotation.opportunity
		cls.made += [
			("User", cls.manager.user),
			("Customer", customer),
			("Supplier", cls.offer.supplier),
			("Item", row.item_code),
			("Opportunity", opportunity),
			("Supplier Quotation", cls.offer.name),
			("Quotation", cls.quotation.name),
		]
		frappe.db.commit()
