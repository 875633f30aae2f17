"""What is closed keeps its value, and what is stored stays usable when a rate or a party type goes."""

import frappe

from crm_pipeline import exceptions
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make_customer,
	make_exchange_rate,
	make_lost_reason,
	make_mail,
	make_opportunity,
	make_party_opportunity,
	make_quotation,
)


class TestFrozenRevenue(TestCase):
	def setUp(self):
		super().setUp()
		self.rate = make_exchange_rate("EUR", "USD", 1.1)
		self.won = make_opportunity(currency="EUR", opportunity_amount=100)
		self.won.mark_won()

	def assertRevenue(self, opportunity, base: float):
		opportunity.reload().save()
		self.assertEqual(opportunity.base_close_revenue, base)
		make_mail(opportunity, "Received")
		self.assertEqual(opportunity.reload().base_close_revenue, base)

	def test_a_corrected_rate_leaves_it(self):
		self.rate.exchange_rate = 1.5
		self.rate.save()
		self.assertRevenue(self.won, 110)

	def test_an_older_rate_leaves_it(self):
		old = make_opportunity(
			currency="EUR",
			opportunity_amount=100,
			transaction_date=in_days(-9),
			status="Converted",
			closed_on=in_days(0),
		)
		make_exchange_rate("EUR", "USD", 2, in_days(-1))
		self.rate.delete()
		self.assertRevenue(old, 110)
		self.assertRevenue(self.won, 110)

	def test_revenue_in_another_currency_is_frozen_too(self):
		rate = make_exchange_rate("GBP", "USD", 1.3)
		won = make_opportunity(
			currency="EUR",
			opportunity_amount=100,
			status="Converted",
			close_revenue=50,
			close_revenue_currency="GBP",
		)
		self.assertEqual(won.base_close_revenue, 65)
		rate.exchange_rate = 2
		rate.save()
		self.assertRevenue(won, 65)
		won.update({"close_revenue": 60})
		self.assertEqual(won.save().base_close_revenue, 78)

	def test_reopened_and_won_again_it_has_the_rate_of_then(self):
		self.rate.exchange_rate = 1.5
		self.rate.save()
		self.won.reload().reopen()
		self.won.mark_won()
		self.assertRevenue(self.won, 150)


class TestRateGone(TestCase):
	def setUp(self):
		super().setUp()
		self.rate = make_exchange_rate("EUR", "USD", 1.25)

	def test_an_open_one_goes_through_its_whole_life(self):
		opportunity = make_party_opportunity(currency="EUR")
		self.rate.delete()
		self.assertEqual(opportunity.reload().base_opportunity_amount, 250)
		make_mail(opportunity, "Received")
		make_mail(opportunity, "Sent")
		opportunity.reload().update({"to_discuss": "Delivery", "next_contact_date": in_days(2)})
		opportunity.save().snooze_follow_up(in_days(4))
		opportunity.pause(in_days(3))
		opportunity.resume()
		opportunity.declare_lost([make_lost_reason().name])
		opportunity.reopen()
		opportunity.mark_won()
		values = (
			opportunity.status,
			opportunity.conversion_rate,
			opportunity.base_opportunity_amount,
			opportunity.base_close_revenue,
		)
		self.assertEqual(values, ("Converted", 1.25, 250, 250))

	def test_a_quotation_too(self):
		opportunity = make_party_opportunity(currency="EUR")
		draft = make_quotation(opportunity, submit=False)
		self.rate.delete()
		draft.reload().update({"terms": "Net 30"})
		draft.save()
		draft.submit().mark_ordered()
		self.assertEqual((draft.conversion_rate, draft.base_net_total), (1.25, 250))
		self.assertEqual(opportunity.reload().base_close_revenue, 250)

	def test_an_order_in_another_currency_counts_at_the_rate_of_its_quotation(self):
		opportunity = make_party_opportunity()
		quotation = make_quotation(opportunity, currency="EUR")
		self.rate.delete()
		quotation.mark_ordered()
		opportunity.reload()
		self.assertEqual(
			(opportunity.close_revenue, opportunity.close_revenue_currency), (quotation.net_total, "EUR")
		)
		self.assertEqual(opportunity.base_close_revenue, quotation.base_net_total)

	def test_away_from_the_currency_at_the_rate_it_had(self):
		opportunity = make_opportunity(currency="EUR", opportunity_amount=100)
		self.rate.delete()
		opportunity.reload().currency = "USD"
		self.assertEqual(opportunity.save().opportunity_amount, 125)
		opportunity.currency = "EUR"
		with self.assertRefused(exceptions.ExchangeRateMissing, "EUR"):
			opportunity.save()

	def test_a_new_one_needs_a_rate(self):
		self.rate.delete()
		with self.assertRefused(exceptions.ExchangeRateMissing, "EUR"):
			make_opportunity(currency="EUR", opportunity_amount=1)


class TestPartyTypeGone(TestCase):
	def setUp(self):
		super().setUp()
		self.customer = make_customer()
		self.opportunity = make_opportunity(opportunity_from="Customer", party_name=self.customer.name)
		settings = frappe.get_doc("Selling Settings")
		settings.party_types = [row for row in settings.party_types if row.party_type != "Customer"]
		settings.save()

	def test_what_has_it_keeps_it(self):
		make_mail(self.opportunity, "Received")
		make_mail(self.opportunity, "Sent")
		self.opportunity.reload().to_discuss = "Delivery"
		self.opportunity.save().declare_lost([make_lost_reason().name])
		self.assertEqual(
			(self.opportunity.reload().party_name, self.opportunity.status), (self.customer.name, "Lost")
		)

	def test_it_is_given_to_no_new_one(self):
		with self.assertRefused(exceptions.PartyTypeNotAllowed, "Selling Settings"):
			make_opportunity(opportunity_from="Customer", party_name=self.customer.name)
		nobody_s = make_opportunity()
		nobody_s.update({"opportunity_from": "Customer", "party_name": self.customer.name})
		with self.assertRefused(exceptions.PartyTypeNotAllowed):
			nobody_s.save()
