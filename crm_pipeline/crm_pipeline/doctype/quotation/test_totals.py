"""Discounts, taxes and charges of quotations, and what people and clients may not say of them."""

import frappe
import frappe.client

from crm_pipeline import exceptions
from crm_pipeline.crm_pipeline.doctype.opportunity.opportunity import make_quotation as map_quotation
from crm_pipeline.patches import fill_totals
from crm_pipeline.quoting.quotations import quotations_of
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.charging import FREIGHT, VAT, draft, row, sums
from crm_pipeline.tests.factories import (
	make_customer,
	make_exchange_rate,
	make_item,
	make_opportunity,
	make_party_opportunity,
	make_quotation,
	make_taxes,
	without_default_taxes,
)


class TestTotals(TestCase):
	def setUp(self):
		super().setUp()
		without_default_taxes()

	def test_a_rate_alone(self):
		quotation = draft(row(100, 2))
		(item,) = quotation.items
		self.assertEqual((item.price_list_rate, item.rate, item.net_rate), (100, 100, 100))
		self.assertEqual((item.amount, item.net_amount, item.base_net_amount), (200, 200, 200))
		self.assertEqual(sums(quotation), (200, 0, 200, 0, 200))

	def test_discounts_and_taxes(self):
		quotation = draft(
			row(None, 3, price_list_rate=50, discount_percentage=10),
			row(None, 1, price_list_rate=70, discount_amount=5),
			additional_discount_percentage=10,
			taxes=[VAT, FREIGHT],
		)
		self.assertEqual([each.rate for each in quotation.items], [45, 65])
		self.assertEqual([each.net_amount for each in quotation.items], [121.5, 58.5])
		self.assertEqual(sums(quotation), (200, 20, 180, 46.7, 226.7))
		self.assertEqual([each.total for each in quotation.taxes], [214.2, 226.7])
		self.assertEqual(sums(quotation.reload()), (200, 20, 180, 46.7, 226.7))

	def test_included_taxes(self):
		quotation = draft(row(119), taxes=[{**VAT, "included_in_print_rate": 1}])
		self.assertEqual(sums(quotation), (119, 0, 100, 19, 119))
		self.assertEqual((quotation.items[0].net_rate, quotation.items[0].net_amount), (100, 100))

	def test_without_items(self):
		quotation = make_quotation(submit=False, items=[], net_total=100, taxes=[VAT])
		self.assertEqual(sums(quotation), (0, 0, 100, 19, 119))

	def test_other_currency_and_its_decimals(self):
		make_exchange_rate("JPY", "USD", 0.0067)
		quotation = draft(
			row(333), row(334), currency="JPY", additional_discount_percentage=10, taxes=[{**VAT, "rate": 10}]
		)
		self.assertEqual(sums(quotation), (667, 67, 600, 60, 660))
		self.assertEqual([each.net_amount for each in quotation.items], [300, 300])
		self.assertEqual([each.base_net_amount for each in quotation.items], [2.01, 2.01])
		base = [
			quotation.get(f"base_{field}")
			for field in ("net_total", "grand_total", "total", "discount_amount")
		]
		self.assertEqual(base, [4.02, 4.42, 4.47, 0.45])

	def test_saving_again_changes_nothing(self):
		quotation = draft(
			row(None, 3, price_list_rate=33.33, discount_percentage=7),
			additional_discount_percentage=3,
			taxes=[VAT],
		)
		before = sums(quotation)
		self.assertEqual(sums(quotation.reload().save()), before)
		self.assertEqual(quotation.items[0].discount_percentage, 7)

	def test_the_percentage_of_more(self):
		quotation = draft(row(100), additional_discount_percentage=10)
		quotation.items[0].qty = 3
		self.assertEqual(sums(quotation.save()), (300, 30, 270, 0, 270))

	def test_a_typed_rate_over_a_discount(self):
		quotation = draft(row(None, price_list_rate=100, discount_percentage=10))
		quotation.items[0].rate = 85
		quotation.save()
		(item,) = quotation.items
		self.assertEqual((item.price_list_rate, item.discount_percentage, item.discount_amount), (100, 0, 15))

	def test_a_client_that_knows_no_discounts(self):
		quotation = draft(row(None, price_list_rate=100, discount_percentage=10))
		known = {"name": quotation.items[0].name, "item_name": "Consulting", "qty": 2, "rate": 90}
		quotation.reload().set("items", [known])
		quotation.save()
		self.assertEqual((quotation.items[0].discount_percentage, quotation.total), (10, 180))

	def test_the_amount_of_a_percentage_typed_in_its_place(self):
		quotation = draft(
			row(None, price_list_rate=100, discount_percentage=10),
			row(110),
			additional_discount_percentage=10,
		)
		quotation.additional_discount_percentage = 0
		quotation.discount_amount = 20
		quotation.items[0].update({"discount_percentage": 0, "discount_amount": 10})
		for saved in (quotation.save(), quotation.reload().save()):
			self.assertEqual((saved.additional_discount_percentage, *sums(saved)), (0, 200, 20, 180, 0, 180))
			(item, _other) = saved.items
			self.assertEqual((item.discount_percentage, item.discount_amount, item.rate), (0, 10, 90))

	def test_a_percentage_taken_away_without_a_word_of_the_amount(self):
		quotation = draft(
			row(None, price_list_rate=100, discount_percentage=10), additional_discount_percentage=10
		)
		frappe.client.set_value("Quotation", quotation.name, "additional_discount_percentage", 0)
		self.assertEqual(sums(quotation.reload()), (90, 0, 90, 0, 90))
		frappe.client.set_value("Quotation Item", quotation.items[0].name, "discount_percentage", 0)
		self.assertEqual(sums(quotation.reload()), (100, 0, 100, 0, 100))
		self.assertEqual(quotation.items[0].discount_amount, 0)

	def test_rows_sent_without_percentage_and_amount(self):
		quotation = draft(row(None, price_list_rate=100, discount_percentage=10))
		known = {"name": quotation.items[0].name, "item_name": "Consulting", "qty": 1}
		quotation.reload().update({"items": [{**known, "discount_percentage": 0}]}).save()
		self.assertEqual((quotation.items[0].discount_amount, quotation.total), (0, 100))

	def test_no_percentage_sent_where_an_amount_was_typed(self):
		quotation = draft(row(None, price_list_rate=100, discount_amount=10), discount_amount=20)
		known = {"name": quotation.items[0].name, "item_name": "Consulting", "qty": 1}
		quotation.reload().update(
			{"additional_discount_percentage": 0, "items": [{**known, "discount_percentage": 0}]}
		).save()
		self.assertEqual(sums(quotation), (90, 20, 70, 0, 70))

	def test_an_amount_kept_without_its_percentage_in_another_currency(self):
		make_exchange_rate("EUR", "USD", 1.25)
		quotation = draft(
			row(None, price_list_rate=100, discount_percentage=10),
			row(110),
			additional_discount_percentage=10,
		)
		quotation.update({"currency": "EUR", "additional_discount_percentage": 0, "discount_amount": 20})
		quotation.items[0].update({"discount_percentage": 0, "discount_amount": 10})
		self.assertEqual(sums(quotation.save()), (160, 16, 144, 0, 144))

	def test_a_changed_rate_of_what_was_mapped_is_no_discount(self):
		quotation = map_quotation(make_party_opportunity().name)
		quotation.items[0].rate = 80
		quotation.insert()
		self.assertEqual((quotation.items[0].price_list_rate, quotation.items[0].discount_amount), (80, 0))

	def test_another_currency_and_back(self):
		make_exchange_rate("EUR", "USD", 1.25)
		quotation = draft(
			row(None, 3, price_list_rate=99.99, discount_percentage=7),
			row(None, 1, price_list_rate=50.01, discount_amount=0.37),
			row(10.03),
			discount_amount=3.33,
			taxes=[VAT, FREIGHT],
		)
		before = [each.as_dict() for each in quotation.items], sums(quotation)
		quotation.currency = "EUR"
		quotation.save()
		self.assertEqual(quotation.discount_amount, 2.66)
		self.assertEqual([each.price_list_rate for each in quotation.items], [79.99, 40.01, 8.02])
		self.assertEqual([each.discount_percentage for each in quotation.items], [7, 0, 0])
		self.assertEqual([each.rate for each in quotation.items], [74.39, 39.71, 8.02])
		self.assertEqual(quotation.taxes[1].tax_amount, 10)
		quotation.currency = "USD"
		quotation.save()
		self.assertEqual(sums(quotation), before[1])
		for item, was in zip(quotation.items, before[0], strict=True):
			for field in ("price_list_rate", "discount_percentage", "discount_amount", "rate", "amount"):
				self.assertEqual(item.get(field), was[field], field)

	def test_statements_do_not_grow_with_the_items(self):
		items = [make_item().name for _number in range(6)]
		counted = []
		for some in (items[:2], items):
			quotation = frappe.get_doc(
				{
					"doctype": "Quotation",
					"quotation_to": "Customer",
					"party_name": make_customer().name,
					"items": [{"item_code": item, "qty": 1} for item in some],
				}
			)
			quotation.set_amounts()  # settles what is cached for all documents
			counted.append(self.statements(quotation.set_amounts))
		self.assertEqual(*counted)

	def test_an_opportunity_is_worth_the_net_amounts(self):
		first, second = make_opportunity(), make_opportunity()
		quotation = make_quotation(
			items=[row(100, opportunity=first.name), row(50, opportunity=second.name)],
			discount_amount=10,
			taxes=[VAT],
		)
		shares = [quotations_of(each.name)[0] for each in (first, second)]
		self.assertEqual([each.value for each in shares], [93.33, 46.67])
		self.assertEqual(sum(each.base_value for each in shares), quotation.base_net_total)
		quotation.mark_ordered()
		self.assertEqual(first.reload().close_revenue, 93.33)


class TestRefusals(TestCase):
	def test_quantities(self):
		for qty in (0, -1):
			with self.assertRefused(exceptions.QuantityImpossible, "Row 2"):
				draft(row(), row(qty=qty))

	def test_discounts_of_rows(self):
		for fields in (
			{"discount_percentage": 101},
			{"discount_percentage": -1},
			{"discount_amount": 100.01},
			{"discount_amount": -0.01},
		):
			with self.subTest(fields), self.assertRefused(exceptions.DiscountImpossible, "Row 1"):
				draft(row(None, price_list_rate=100, **fields))

	def test_discounts_of_the_document(self):
		for fields in (
			{"additional_discount_percentage": 100.5},
			{"additional_discount_percentage": -1},
			{"discount_amount": 100.01},
			{"discount_amount": -1},
		):
			with self.subTest(fields), self.assertRefused(exceptions.DiscountImpossible):
				draft(row(100), **fields)

	def test_a_discount_on_nothing(self):
		with self.assertRefused(exceptions.DiscountImpossible, "net total"):
			make_quotation(submit=False, items=[], net_total=100, discount_amount=1)

	def test_as_much_as_there_is_passes(self):
		quotation = draft(row(None, price_list_rate=100, discount_percentage=100), row(5), discount_amount=5)
		self.assertEqual(sums(quotation), (5, 5, 0, 0, 0))
		quotation.submit()

	def test_charges(self):
		for charge in (
			{**VAT, "rate": -1},
			{**FREIGHT, "tax_amount": -1},
			{**FREIGHT, "included_in_print_rate": 1},
			{**VAT, "rate": 100, "included_in_print_rate": 1},
		):
			with self.subTest(charge), self.assertRefused(exceptions.ChargeImpossible, "row 1"):
				draft(row(100), taxes=[charge])
			with self.subTest(charge), self.assertRefused(exceptions.ChargeImpossible, "row 1"):
				make_taxes(charge)

	def test_included_taxes_that_leave_nothing_together(self):
		half = {**VAT, "rate": 50, "included_in_print_rate": 1}
		with self.assertRefused(exceptions.ChargeImpossible, "row 2"):
			draft(row(100), taxes=[half, half])

	def test_a_type_gives_the_other_field_no_meaning(self):
		quotation = draft(row(100), taxes=[{**VAT, "tax_amount": 99}, {**FREIGHT, "rate": 99}])
		self.assertEqual([(each.rate, each.tax_amount) for each in quotation.taxes], [(19, 19), (0, 12.5)])

	def test_nothing_is_not_submitted(self):
		for fields in ({"items": []}, {"items": [row(None)]}):
			quotation = make_quotation(submit=False, **fields)
			with self.subTest(fields), self.assertRefused(exceptions.NothingQuoted):
				quotation.submit()

	def test_no_number(self):
		with self.assertRefused(exceptions.ImpossibleNumber):
			draft(row(100), additional_discount_percentage="ten")

	def test_a_sum_that_cannot_be_kept(self):
		with self.assertRefused(exceptions.ImpossibleNumber):
			draft(row(999_999_999_999), taxes=[VAT])


class TestPatch(TestCase):
	def setUp(self):
		super().setUp()
		without_default_taxes()

	def test_quotations_of_before(self):
		make_exchange_rate("EUR", "USD", 1.25)
		quotation, typed = draft(row(100, 2), currency="EUR"), make_quotation(items=[], net_total=70)
		new = [each for each in fill_totals.HEAD_FIELDS if each != "net_total"]
		for name in (quotation.name, typed.name):
			frappe.db.set_value("Quotation", name, dict.fromkeys(new, 0))
		frappe.db.set_value(
			"Quotation Item", quotation.items[0].name, dict.fromkeys(fill_totals.ROW_FIELDS, 0)
		)
		fill_totals.execute()
		for before in (quotation, typed):
			after = frappe.get_doc("Quotation", before.name)
			self.assertEqual([after.get(field) for field in new], [before.get(field) for field in new])
		item = frappe.get_doc("Quotation", quotation.name).items[0]
		for field in fill_totals.ROW_FIELDS:
			self.assertEqual(item.get(field), quotation.items[0].get(field), field)
