"""What a quotation's goods cost is read from suppliers' rows, follows while it is a draft, and stays afterwards."""

from unittest.mock import patch

import frappe

from crm_pipeline.api.supplier_rates import compare_supplier_rates
from crm_pipeline.crm_pipeline.doctype.supplier_quotation.supplier_quotation import make_quotation
from crm_pipeline.exceptions import MarginImpossible, SettledBySaving
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.costing import costed_quotation, make_offer, offered
from crm_pipeline.tests.factories import (
	in_days,
	make,
	make_customer,
	make_exchange_rate,
	make_opportunity,
	make_party_opportunity,
	make_supplier,
)


class TestCost(TestCase):
	def test_rows_and_head_know_what_they_were_made_from(self):
		quotation = costed_quotation(cost=75, percentage=25)
		row = quotation.items[0]
		self.assertEqual((row.rate, row.cost_rate, row.base_cost_rate, row.base_cost), (100, 75, 75, 150))
		self.assertEqual((row.margin_percentage, quotation.margin_percentage), (25, 25))
		self.assertEqual((quotation.base_cost, quotation.base_margin), (150, 50))

	def test_in_three_currencies_at_the_rates_recorded(self):
		"""Hand-computed: 2 x 16,000 JPY at 160 JPY = 200 USD; 31.250 KWD at 3.2 USD = 100 USD; 300 USD at 20 %."""
		make_exchange_rate("USD", "JPY", 160, in_days(-1))
		make_exchange_rate("KWD", "USD", 3.2, in_days(-1))
		make_exchange_rate("EUR", "USD", 1.25, in_days(-1))
		items = [{"item_name": each, "qty": qty, "rate": 1} for each, qty in (("Pump", 2), ("Valve", 1))]
		opportunity = make_party_opportunity(items=items, currency="EUR")
		pump, valve = opportunity.items
		yen = make_offer(opportunity, {pump.name: 16000}, currency="JPY")
		dinar = make_offer(opportunity, {valve.name: 31.25}, currency="KWD")
		quotation = offered(opportunity, [(pump, yen, 2), (valve, dinar, 1)], {"percentage": 20}).insert()
		self.assertEqual(
			[(row.cost_rate, row.base_cost_rate, row.base_cost, row.rate) for row in quotation.items],
			[(80, 100, 200, 100), (80, 100, 100, 100)],
		)
		self.assertEqual((quotation.base_cost, quotation.base_net_total), (300, 375))
		self.assertEqual((quotation.base_margin, quotation.margin_percentage), (75, 20))

	def test_what_a_client_says_of_cost_is_forgotten(self):
		quotation = costed_quotation(cost=75, percentage=25)
		quotation.items[0].update(
			{"cost_rate": 1, "base_cost_rate": 1, "base_cost": 1, "margin_percentage": 99}
		)
		quotation.update({"base_cost": 1, "base_margin": 1, "margin_percentage": 99})
		quotation.save()
		self.assertEqual((quotation.base_cost, quotation.items[0].base_cost), (150, 150))
		plain = make(
			"Quotation",
			quotation_to="Customer",
			party_name=make_customer().name,
			base_cost=3,
			items=[{"item_name": "Advice", "qty": 1, "rate": 10, "cost_rate": 5, "base_cost": 5}],
		)
		self.assertEqual((plain.base_cost, plain.items[0].base_cost, plain.items[0].cost_rate), (0, 0, 0))

	def test_rows_without_an_offer_are_no_margin(self):
		quotation = costed_quotation(cost=75, percentage=25)
		quotation.append("items", {"item_name": "Freight", "qty": 1, "rate": 1000})
		quotation.save()
		self.assertEqual((quotation.base_cost, quotation.base_margin), (150, 50))
		self.assertEqual((quotation.margin_percentage, quotation.items[1].margin_percentage), (25, 0))

	def test_a_draft_follows_and_a_submitted_one_stays(self):
		opportunity = make_party_opportunity()
		offer = make_offer(opportunity, 75, submit=False)
		quotation = offered(opportunity, [(opportunity.items[0], offer, 2)], {"percentage": 25}).insert()
		offer.items[0].rate = 90
		offer.save()
		quotation.save()
		self.assertEqual((quotation.base_cost, quotation.margin_percentage), (180, 10))
		quotation.submit()
		offer.reload().items[0].rate = 10
		offer.save()
		quotation.reload().mark_ordered()
		self.assertEqual(quotation.reload().base_cost, 180)

	def test_a_supplier_s_row_that_is_gone_leaves_its_cost(self):
		opportunity = make_party_opportunity()
		offer = make_offer(opportunity, 75, submit=False)
		quotation = offered(opportunity, [(opportunity.items[0], offer, 2)], {"percentage": 25}).insert()
		offer.set("items", [{"item_name": "Something else", "qty": 1, "rate": 1}])
		offer.save()
		quotation.save()
		self.assertEqual((quotation.base_cost, quotation.items[0].cost_rate), (150, 75))

	def test_one_query_for_all_rows(self):
		items = [{"item_name": f"Part {each}", "qty": 1, "rate": 1} for each in range(12)]
		opportunity = make_party_opportunity(items=items)
		offer = make_offer(opportunity, 8)
		picks = [(row, offer, 1) for row in opportunity.items]
		quotation = offered(opportunity, picks, {"percentage": 20}).insert()
		quotation.set_margins()
		with patch.object(frappe.db, "sql", wraps=frappe.db.sql) as asked:
			quotation.set_margins()
		self.assertEqual(asked.call_count, 1)

	def test_an_opportunity_s_row_deleted_after_quoting(self):
		opportunity = make_party_opportunity()
		offer = make_offer(opportunity, 75)
		quotation = offered(opportunity, [(opportunity.items[0], offer, 2)], {"percentage": 25}).insert()
		opportunity.reload().set("items", [{"item_name": "Another", "qty": 1, "rate": 5}])
		opportunity.save()
		quotation.reload().save()
		self.assertEqual(quotation.base_cost, 150)
		quotation.submit()
		self.assertEqual(quotation.status, "Open")

	def test_a_supplier_merged_meanwhile(self):
		quotation = costed_quotation(cost=75, percentage=25)
		supplier = frappe.db.get_value(
			"Supplier Quotation", quotation.items[0].supplier_quotation, "supplier"
		)
		frappe.rename_doc("Supplier", supplier, make_supplier().name, merge=True)
		quotation.save()
		quotation.submit()
		self.assertEqual(quotation.base_cost, 150)

	def test_margins_are_written_by_saving_only(self):
		quotation = costed_quotation()
		for field in ("base_cost", "base_margin", "margin_percentage"):
			with self.assertRefused(SettledBySaving):
				quotation.db_set(field, 1)


class TestFromOneOffer(TestCase):
	def test_the_bare_cost_is_no_price(self):
		opportunity = make_party_opportunity()  # 2 x 100
		quotation = make_quotation(make_offer(opportunity, 75).name)
		self.assertEqual((quotation.items[0].rate, quotation.net_total), (100, 200))
		unpriced = make_opportunity(items=[{"item_name": "Crane", "qty": 1}])
		self.assertEqual(make_quotation(make_offer(unpriced, 5000).name).net_total, 0)

	def test_with_a_margin(self):
		opportunity = make_party_opportunity()
		offer = make_offer(opportunity, 75)
		for asked, rate in (({"percentage": 25}, 100), ({"amount": 30}, 90), ({"percentage": 0}, 75)):
			with self.subTest(asked=asked):
				self.assertEqual(make_quotation(offer.name, margin=asked).items[0].rate, rate)
				self.assertEqual(make_quotation(offer.name, margin=frappe.as_json(asked)).items[0].rate, rate)

	def test_pieces_that_cost_less_than_a_minor_unit(self):
		items = [{"item_name": "Washer", "qty": 10000, "rate": 1}]
		opportunity = make_party_opportunity(items=items)
		offer = make_offer(opportunity, 0.004)
		(compared,) = compare_supplier_rates(opportunity.name)["items"]
		self.assertEqual(compared["offers"][0]["base_rate"], 0.004)
		chosen = [(opportunity.items[0], offer, 10000)]
		for made in (
			make_quotation(offer.name, margin={"percentage": 20}),
			offered(opportunity, chosen, {"percentage": 20}),
			offered(opportunity, chosen, {"amount": 10}),
		):
			quotation = made.insert().reload()
			(row,) = quotation.items
			self.assertEqual((row.rate, row.price_list_rate, row.amount), (0.005, 0.005, 50))
			self.assertEqual((row.cost_rate, row.base_cost_rate, row.base_cost), (0.004, 0.004, 40))
			self.assertEqual((row.margin_percentage, quotation.margin_percentage), (20, 20))
			self.assertEqual(quotation.print_data().rows[0].rate, "0.005")

	def test_in_the_opportunity_s_currency(self):
		make_exchange_rate("EUR", "USD", 1.25, in_days(-1))
		make_exchange_rate("USD", "JPY", 160, in_days(-1))
		opportunity = make_party_opportunity(currency="EUR")
		offer = make_offer(opportunity, 16000, currency="JPY")
		quotation = make_quotation(offer.name, margin={"percentage": 20})
		self.assertEqual((quotation.currency, quotation.items[0].rate), ("EUR", 100))
		self.assertEqual(make_quotation(offer.name).items[0].rate, 100)

	def test_without_items(self):
		opportunity = make_party_opportunity(items=[], opportunity_amount=500)
		offer = make(
			"Supplier Quotation", supplier=make_supplier().name, opportunity=opportunity.name, net_total=80
		)
		self.assertEqual(make_quotation(offer.name).net_total, 500)
		self.assertEqual(make_quotation(offer.name, margin={"percentage": 20}).net_total, 100)

	def test_margins_that_no_price_has(self):
		offer = make_offer(make_party_opportunity(), 75)
		for asked in (
			{"percentage": 100},
			{"percentage": 150},
			{"percentage": -1},
			{"amount": -0.01},
			{"percentage": 5, "amount": 5},
			{"markup": 5},
			"[20]",
			"twenty",
		):
			with self.subTest(asked=asked), self.assertRefused(MarginImpossible):
				make_quotation(offer.name, margin=asked)
