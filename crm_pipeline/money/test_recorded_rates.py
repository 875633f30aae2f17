"""A rate is used as it was recorded, and a change of currency can be taken back."""

import json

import frappe

from crm_pipeline import exceptions
from crm_pipeline.api.currency import get_rate
from crm_pipeline.tasks import revalue_open_opportunities
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make,
	make_exchange_rate,
	make_item,
	make_opportunity,
	make_quotation,
	make_supplier,
	unique,
)


class TestRecordedRates(TestCase):
	def setUp(self):
		super().setUp()
		self.base = frappe.get_cached_doc("Selling Settings").base_currency
		self.currency = make("Currency", currency_name=unique("X")[-10:], enabled=1).name

	def record(self, rate: float, date: str | None = None):
		"""So many units of the other currency for one of the base currency."""
		make_exchange_rate(self.base, self.currency, rate, date)

	def test_it_divides_by_what_was_recorded(self):
		for rate, amount, in_base in (
			(1_070_000, 535_000_000_000, 500_000),  # IRR
			(89_500, 447_500_000_000, 5_000_000),  # LBP
			(25_413, 127_065_000_000, 5_000_000),  # VND
			(3, 100, 33.33),
			(0.92, 92, 100),
		):
			with self.subTest(rate=rate):
				self.record(rate)
				opportunity = make_opportunity(currency=self.currency, opportunity_amount=amount)
				rows = [{"item_name": "A", "qty": 1, "rate": amount}]
				itemised = make_opportunity(currency=self.currency, items=rows)
				quotation = make_quotation(currency=self.currency, items=rows)
				self.assertEqual(opportunity.base_opportunity_amount, in_base)
				self.assertEqual(itemised.base_opportunity_amount, in_base)
				self.assertEqual(quotation.base_net_total, in_base)
				self.assertEqual(itemised.items[0].base_rate, in_base)
				self.assertEqual(frappe.db.get_value("Opportunity", opportunity.name, "inverse_rate"), rate)
				opportunity.mark_won()
				self.assertEqual(opportunity.base_close_revenue, in_base)
				self.assertEqual(opportunity.reload().save().base_opportunity_amount, in_base)
				frappe.db.delete("Currency Exchange", {"to_currency": self.currency})

	def test_a_direct_rate_multiplies(self):
		make_exchange_rate(self.currency, self.base, 1.25)
		opportunity = make_opportunity(currency=self.currency, opportunity_amount=80)
		self.assertEqual((opportunity.base_opportunity_amount, opportunity.inverse_rate), (100, 0))

	def test_open_opportunities_are_revalued_the_same_way(self):
		self.record(1_000_000, in_days(-5))
		rows = [{"item_name": "A", "qty": 1, "rate": 535_000_000_000}]
		opportunities = [
			make_opportunity(currency=self.currency, opportunity_amount=535_000_000_000),
			make_opportunity(currency=self.currency, items=rows),
		]
		self.record(1_070_000)
		for opportunity in opportunities:
			self.assertEqual(opportunity.reload().base_opportunity_amount, 500_000)
			self.assertEqual(opportunity.weighted_amount, 50_000)

	def test_a_rate_that_moves_by_less_than_is_kept_of_it_is_logged(self):
		self.record(1_070_000, in_days(-5))
		jobbed = make_opportunity(currency=self.currency, opportunity_amount=535_000_000_000)
		saved = make_opportunity(currency=self.currency, opportunity_amount=535_000_000_000)
		frappe.db.set_value("Opportunity", saved.name, "status", "Closed")  # out of the job's reach
		self.record(1_070_100)
		frappe.db.set_value("Opportunity", saved.name, "status", "Open")
		saved.reload().save()
		for opportunity in (jobbed, saved):
			logged = frappe.get_all(
				"Pipeline Change",
				{"opportunity": opportunity.name, "change": "Rate"},
				pluck="base_opportunity_amount",
			)
			self.assertEqual(logged, [499_953.28])
		revalue_open_opportunities()
		filters = {"opportunity": jobbed.name, "change": "Rate"}
		self.assertEqual(frappe.db.count("Pipeline Change", filters), 1)

	def test_prices_of_items_in_another_currency(self):
		self.record(1_070_000)
		item = make_item(standard_rate=500_000)
		opportunity = make_opportunity(currency=self.currency, items=[{"item_code": item.name, "qty": 1}])
		self.assertEqual(opportunity.items[0].rate, 535_000_000_000)

	def test_a_rate_that_would_become_0_is_refused(self):
		for rate in (1e10, 2.1e9):
			with self.assertRefused(exceptions.ExchangeRateInvalid, "would be 0"):
				self.record(rate)
		for rate in (1e-10, 4e-10):  # 0 in the nine decimals of a number
			with self.assertRefused(exceptions.ExchangeRateInvalid, "a rate above 0"):
				self.record(rate)
		for day, rate in enumerate((1e9, 1e-9)):
			self.record(rate, in_days(day))

	def test_the_form_gets_the_rate_as_recorded(self):
		self.record(1_070_000)
		self.assertEqual(get_rate(self.currency), {"conversion_rate": 9.35e-7, "inverse_rate": 1_070_000})


class TestThereAndBack(TestCase):
	def setUp(self):
		super().setUp()
		self.base = frappe.get_cached_doc("Selling Settings").base_currency
		self.currency = make("Currency", currency_name=unique("X")[-10:], enabled=1).name
		make_exchange_rate(self.base, self.currency, 519.6)  # CRC

	def switch(self, doc, currency: str, **fields):
		doc.reload().update({"currency": currency, **fields})
		return doc.save()

	def test_an_amount_comes_back_as_it_was(self):
		opportunity = make_opportunity(currency=self.currency, opportunity_amount=410)
		self.assertEqual(self.switch(opportunity, self.base).opportunity_amount, 0.79)
		self.assertEqual(self.switch(opportunity, self.currency).opportunity_amount, 410)
		self.assertEqual(opportunity.base_opportunity_amount, 0.79)
		self.assertEqual(self.switch(opportunity, self.base).opportunity_amount, 0.79)

	def test_rows_come_back_as_they_were(self):
		rows = [{"item_name": "A", "qty": 2, "rate": 410}, {"item_name": "B", "qty": 1, "rate": 7}]
		supplier = make_supplier().name
		for doc in (
			make_opportunity(currency=self.currency, items=rows),
			make_quotation(currency=self.currency, items=rows, submit=False),
			make("Supplier Quotation", supplier=supplier, currency=self.currency, items=rows),
		):
			self.switch(doc, self.base)
			self.assertEqual([row.rate for row in doc.items], [0.79, 0.01])
			doc.reload().save()
			self.switch(doc, self.currency)
			self.assertEqual([row.rate for row in doc.items], [410, 7])
			self.assertEqual(doc.total, 827)

	def test_what_was_typed_meanwhile_is_converted(self):
		opportunity = make_opportunity(currency=self.currency, opportunity_amount=410)
		self.switch(opportunity, self.base)
		opportunity.opportunity_amount = 2
		opportunity.save()
		self.assertEqual(self.switch(opportunity, self.currency).opportunity_amount, 1039.2)

	def test_what_is_typed_with_the_change_stays(self):
		opportunity = make_opportunity(currency=self.currency, opportunity_amount=410)
		self.switch(opportunity, self.base, opportunity_amount=500)
		self.assertEqual(opportunity.opportunity_amount, 500)
		self.assertEqual(self.switch(opportunity, self.currency).opportunity_amount, 259_800)

	def test_what_a_form_has_converted_comes_back_too(self):
		opportunity = make_opportunity(currency=self.currency, opportunity_amount=410)
		self.switch(opportunity, self.base, opportunity_amount=0.79, __amounts_in=self.base)
		self.switch(opportunity, self.currency, opportunity_amount=410.48, __amounts_in=self.currency)
		self.assertEqual(opportunity.opportunity_amount, 410)

	def test_nobody_tells_the_software_what_an_amount_was(self):
		forged = json.dumps({"currency": self.currency, "rows": {}, "value": [9, 100]})
		opportunity = make_opportunity(currency=self.base, opportunity_amount=100, amounts_before=forged)
		self.switch(opportunity, self.currency, amounts_before=forged)
		self.assertEqual(opportunity.opportunity_amount, 51_960)
