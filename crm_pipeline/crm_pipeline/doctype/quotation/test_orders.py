"""What an order makes of the opportunities that its quotation names."""

from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make_exchange_rate,
	make_lost_reason,
	make_opportunity,
	make_party_opportunity,
	make_quotation,
)


def row(rate: float, opportunity=None) -> dict:
	return {"item_name": "Chair", "qty": 1, "rate": rate, "opportunity": opportunity and opportunity.name}


class TestParts(TestCase):
	"""The parts of an order add up to it."""

	def setUp(self):
		super().setUp()
		self.head = make_party_opportunity()
		self.other = make_opportunity()

	def order(self, *rows, **fields):
		order = make_quotation(self.head, items=list(rows), **fields)
		return order.mark_ordered()

	def assertRevenue(self, of_head: float, of_other: float):
		revenue = [opportunity.reload().close_revenue for opportunity in (self.head, self.other)]
		self.assertEqual(revenue, [of_head, of_other])
		self.assertEqual([self.head.status, self.other.status], ["Converted", "Converted"])

	def test_the_head_gets_what_names_nobody(self):
		self.assertEqual(self.order(row(100, self.other), row(7)).net_total, 107)
		self.assertRevenue(7, 100)

	def test_the_head_may_be_named_on_rows_too(self):
		self.order(row(100, self.other), row(7), row(20, self.head))
		self.assertRevenue(27, 100)

	def test_nothing_is_left_for_the_head(self):
		self.order(row(100, self.other))
		self.assertEqual([each.reload().status for each in (self.head, self.other)], ["Open", "Converted"])
		self.assertEqual([self.head.close_revenue, self.other.close_revenue], [0, 100])

	def test_in_base_currency_too(self):
		make_exchange_rate("EUR", "USD", 1.25)
		order = self.order(row(100, self.other), row(7), currency="EUR")
		self.assertRevenue(7, 100)
		base = self.head.base_close_revenue + self.other.base_close_revenue
		self.assertEqual((base, order.base_net_total), (133.75, 133.75))


class TestDays(TestCase):
	def closed_on(self, came_in: int, *ordered: int) -> str:
		"""The day on which an opportunity ends whose quotations were ordered so many days from today."""
		opportunity = make_party_opportunity(transaction_date=in_days(came_in))
		quotations = [make_quotation(opportunity, transaction_date=in_days(-9)) for _day in ordered]
		for quotation, day in zip(quotations, ordered, strict=True):
			quotation.reload().mark_ordered(in_days(day))
		return str(opportunity.reload().closed_on)

	def test_it_ends_with_its_last_order_and_not_before_it_came_in(self):
		self.assertEqual(self.closed_on(-9, -5, -2), in_days(-2))
		self.assertEqual(self.closed_on(-9, -2, -5), in_days(-2))
		self.assertEqual(self.closed_on(-9, -9), in_days(-9))
		self.assertEqual(self.closed_on(-3, -5), in_days(-3))


class TestWonAfterLost(TestCase):
	def test_no_reason_of_the_loss_is_left(self):
		opportunity = make_party_opportunity()
		opportunity.declare_lost([make_lost_reason().name], detailed_reason="Too dear")
		make_quotation(opportunity).mark_ordered()
		opportunity.reload()
		self.assertEqual(
			(opportunity.status, opportunity.lost_reasons, opportunity.order_lost_reason),
			("Converted", [], None),
		)

	def test_a_cancelled_order_takes_it_up_again(self):
		opportunity = make_party_opportunity()
		opportunity.declare_lost([make_lost_reason().name])
		order = make_quotation(opportunity).mark_ordered()
		order.reload().cancel()
		opportunity.reload()
		self.assertEqual(
			(opportunity.status, opportunity.sales_stage, opportunity.close_revenue), ("Open", "Lead", 0)
		)

	def test_reasons_of_lost_quotations_go_too_and_come_back(self):
		opportunity, reason = make_party_opportunity(), make_lost_reason().name
		make_quotation(opportunity).declare_lost([reason])
		order = make_quotation(opportunity)
		order.mark_ordered()
		self.assertEqual(opportunity.reload().lost_reasons, [])
		order.reload().cancel()
		self.assertEqual(opportunity.reload().status, "Lost")
		self.assertEqual([each.lost_reason for each in opportunity.lost_reasons], [reason])

	def test_imported_as_won_it_has_none(self):
		won = make_opportunity(status="Converted", lost_reasons=[{"lost_reason": make_lost_reason().name}])
		self.assertEqual(won.lost_reasons, [])
