"""The dialogs of quoting in Desk: each opens, and nothing that people typed runs in it."""

import pytest

from crm_pipeline.tests.costing import make_offer, offered
from crm_pipeline.tests.desk_browser import NO_BROWSER, DeskCase, encoded, payload
from crm_pipeline.tests.factories import (
	in_days,
	make_contact,
	make_customer,
	make_opportunity,
	make_supplier,
)


@pytest.mark.browser
@pytest.mark.bench_only(NO_BROWSER)
class TestQuotingDialogs(DeskCase):
	@classmethod
	def make_records(cls):
		customer, supplier = cls.keep(make_customer()), cls.keep(make_supplier())
		cls.keep(make_contact(supplier))
		items = [
			{"item_name": payload(name), "description": encoded(name), "qty": 2, "rate": 10}
			for name in ("row", "other")
		]
		cls.opportunity = cls.keep(
			make_opportunity(
				title="Doors",
				opportunity_from="Customer",
				party_name=customer.name,
				opportunity_owner=cls.user,
				items=items,
			)
		)
		cls.offer = cls.keep(make_offer(cls.opportunity, 8, supplier=supplier.name, valid_till=in_days(1)))
		pick = [(cls.opportunity.items[0], cls.offer, 2), (cls.opportunity.items[1], cls.offer, 2)]
		quotation = offered(cls.opportunity, pick, {"percentage": 20})
		quotation.valid_till = in_days(30)  # later than the offer, which is warned of
		cls.draft = cls.keep(quotation.insert())
		cls.sent = cls.keep(offered(cls.opportunity, pick, {"percentage": 20}).insert().submit())

	def test_of_an_opportunity(self):
		self.desk.open("Opportunity", self.opportunity.name)
		for label, title in (
			("Quotation from Supplier Rates", "Compare Supplier Rates"),
			("Request for Rates", "Request for Rates"),
		):
			with self.subTest(label):
				self.desk.press(label)
				self.assertIn(title, self.desk.dialog())
				self.desk.rest()
				self.assertNothingRan(label)
				self.desk.close()

	def test_of_a_supplier_quotation(self):
		self.desk.open("Supplier Quotation", self.offer.name)
		self.desk.press("Quotation")
		self.desk.dialog()
		self.assertNothingRan("Quotation")
		self.desk.close()

	def test_of_quotations(self):
		self.desk.open("Quotation", self.sent.name)
		self.desk.press("Mark as Ordered")
		self.assertIn("Ordered", self.desk.dialog())
		self.assertNothingRan("rows to order")
		self.desk.close()
		self.desk.open("Quotation", self.draft.name)
		self.desk.run("cur_frm.savesubmit()")
		self.desk.dialog()
		self.desk.run("cur_dialog.get_primary_btn().click()")
		self.desk.wait("return window.cur_dialog && cur_dialog.title === 'Before You Submit'")
		self.assertNothingRan("warnings")
		self.desk.close()
