from crm_pipeline import exceptions
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make_exchange_rate,
	make_item,
	make_opportunity,
)


class TestOpportunityMoney(TestCase):
	def test_items_make_the_amount_once(self):
		opportunity = make_opportunity(
			opportunity_amount=999,
			items=[{"item_name": "Chair", "qty": 3, "rate": 33.335}, {"item_name": "Desk", "rate": 50}],
		)
		self.assertEqual([row.amount for row in opportunity.items], [100.01, 50])
		self.assertEqual(opportunity.total, 150.01)
		self.assertEqual(opportunity.opportunity_amount, 150.01)
		self.assertEqual(opportunity.base_opportunity_amount, 150.01)
		self.assertEqual(opportunity.with_items, 1)
		self.assertEqual(opportunity.weighted_amount, 15.0)

	def test_a_row_takes_name_and_rate_from_its_item(self):
		item = make_item(item_name="Lamp", standard_rate=12.5)
		row = make_opportunity(items=[{"item_code": item.name, "qty": 2}]).items[0]
		self.assertEqual((row.item_name, row.rate, row.amount, row.uom), ("Lamp", 12.5, 25, "Nos"))

	def test_decimals_are_the_currency_s(self):
		make_exchange_rate("JPY", "USD", 0.0067)
		make_exchange_rate("KWD", "USD", 3.25)
		yen = make_opportunity(currency="JPY", items=[{"item_name": "Pen", "qty": 3, "rate": 33.335}])
		dinar = make_opportunity(currency="KWD", items=[{"item_name": "Pen", "qty": 3, "rate": 33.3335}])
		self.assertEqual(yen.opportunity_amount, 100)
		self.assertEqual(yen.base_opportunity_amount, 0.67)
		self.assertEqual(dinar.opportunity_amount, 100.001)

	def test_base_amount_at_the_newest_rate(self):
		make_exchange_rate("EUR", "USD", 1.05, in_days(-30))
		make_exchange_rate("USD", "EUR", 0.8, in_days(-1))
		make_exchange_rate("EUR", "USD", 9, in_days(1))
		opportunity = make_opportunity(currency="EUR", opportunity_amount=15000)
		self.assertEqual(opportunity.conversion_rate, 1.25)
		self.assertEqual(opportunity.base_opportunity_amount, 18750)

	def test_a_missing_rate_is_an_error(self):
		with self.assertRefused(exceptions.ExchangeRateMissing, "Currency Exchange"):
			make_opportunity(currency="CHF", opportunity_amount=10)

	def test_the_rate_is_frozen_on_closing_and_floats_after_reopening(self):
		make_exchange_rate("EUR", "USD", 1.09, in_days(-2))
		opportunity = make_opportunity(currency="EUR", opportunity_amount=15000)
		opportunity.mark_won()
		make_exchange_rate("EUR", "USD", 1.15)
		opportunity.reload().save()
		self.assertEqual(opportunity.base_opportunity_amount, 16350)
		opportunity.reopen()
		self.assertEqual(opportunity.base_opportunity_amount, 17250)

	def test_a_new_currency_converts_what_was_left_as_it_was(self):
		make_exchange_rate("EUR", "USD", 1.25)
		opportunity = make_opportunity(currency="USD", opportunity_amount=100)
		opportunity.currency = "EUR"
		self.assertEqual(opportunity.save().opportunity_amount, 80)
		self.assertEqual(opportunity.base_opportunity_amount, 100)
		opportunity.update({"currency": "USD", "opportunity_amount": 70})
		self.assertEqual(opportunity.save().opportunity_amount, 70)

	def test_what_a_form_has_converted_already_is_left_alone(self):
		make_exchange_rate("EUR", "USD", 1.25)
		opportunity = make_opportunity(currency="USD", opportunity_amount=100)
		opportunity.update({"currency": "EUR", "__amounts_in": "EUR"})
		self.assertEqual(opportunity.save().opportunity_amount, 100)

	def test_rows_are_converted_too(self):
		make_exchange_rate("EUR", "USD", 1.25)
		opportunity = make_opportunity(currency="USD", items=[{"item_name": "Chair", "qty": 2, "rate": 50}])
		opportunity.currency = "EUR"
		opportunity.save()
		self.assertEqual((opportunity.items[0].rate, opportunity.opportunity_amount), (40, 80))
