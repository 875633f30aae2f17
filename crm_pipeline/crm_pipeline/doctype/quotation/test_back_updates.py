"""What an opportunity says of its quotations, however many: status, revenue, and the amount where it follows them."""

import frappe
from frappe.utils import flt

from crm_pipeline import exceptions
from crm_pipeline.crm_pipeline.doctype.opportunity.form_data import facts_for_form
from crm_pipeline.crm_pipeline.doctype.quotation.quotation import make_revision
from crm_pipeline.tasks import expire_quotations, revalue_open_opportunities
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make_exchange_rate,
	make_lost_reason,
	make_opportunity,
	make_party_opportunity,
	make_quotation,
)
from crm_pipeline.tests.invariants import contradictions


def rows(*rates: float) -> list[dict]:
	return [{"item_name": f"Part {rate}", "qty": 1, "rate": rate} for rate in rates]


class BackUpdateCase(TestCase):
	def setUp(self):
		super().setUp()
		self.opportunity = self.make()

	def make(self, **fields):
		return make_party_opportunity(
			**{"items": [], "opportunity_amount": 1000, "amount_follows_quotation": 1, **fields}
		)

	def quote(self, *rates: float, **fields):
		return make_quotation(self.opportunity, items=rows(*rates), **fields)

	def assertAmount(self, amount: float, status: str | None = None):
		self.opportunity.reload()
		self.assertEqual(self.opportunity.opportunity_amount, amount)
		self.assertEqual(self.opportunity.status, status or self.opportunity.status)
		self.assertEqual(contradictions(self.opportunity.name), [])


class TestAmount(BackUpdateCase):
	def test_it_is_the_sum_of_what_stands(self):
		draft = self.quote(5, submit=False)
		self.assertAmount(1000, "Open")
		draft.submit()
		self.assertAmount(5, "Quotation")
		self.quote(100, 20)
		self.assertAmount(125)

	def test_lost_cancelled_and_expired_ones_do_not_count(self):
		lost, cancelled, expired, _stands = (self.quote(each) for each in (1, 20, 300, 4000))
		self.assertAmount(4321)
		lost.declare_lost([make_lost_reason().name])
		self.assertAmount(4320)
		cancelled.reload().cancel()
		self.assertAmount(4300)
		frappe.db.set_value("Quotation", expired.name, "valid_till", in_days(-1))
		expire_quotations()
		self.assertEqual(expired.reload().status, "Expired")
		self.assertAmount(4000, "Quotation")

	def test_of_revisions_the_newest(self):
		first = self.quote(100)
		second = make_revision(first.name).insert()
		second.items[0].rate = 80
		second.save().submit()
		self.assertAmount(80)
		second.cancel()
		self.assertAmount(100)

	def test_won_it_is_what_was_ordered(self):
		self.quote(100)
		ordered = self.quote(70, 8)
		ordered.mark_ordered(items=[ordered.items[0].name])
		self.assertAmount(178, "Quotation")
		ordered.reload().declare_lost([make_lost_reason().name])
		self.assertAmount(70, "Converted")
		ordered.reload().cancel()
		self.assertAmount(100, "Quotation")

	def test_without_any_it_stays_and_can_be_typed(self):
		quotation = self.quote(90)
		self.opportunity.reload().opportunity_amount = 7
		self.opportunity.save()
		self.assertAmount(90)
		quotation.reload().cancel()
		self.assertAmount(90, "Open")
		self.opportunity.opportunity_amount = 7
		self.opportunity.save()
		self.assertAmount(7)

	def test_lost_it_keeps_what_was_lost(self):
		self.quote(90).declare_lost([make_lost_reason().name])
		self.assertAmount(90, "Lost")

	def test_it_follows_as_soon_as_that_is_wanted(self):
		self.opportunity = self.make(amount_follows_quotation=0)
		self.quote(90)
		self.assertAmount(1000, "Quotation")
		self.opportunity.amount_follows_quotation = 1
		self.opportunity.save()
		self.assertAmount(90)
		self.opportunity.update({"amount_follows_quotation": 0, "opportunity_amount": 5}).save()
		self.assertAmount(5)

	def test_off_by_default(self):
		self.assertEqual(make_opportunity().amount_follows_quotation, 0)

	def test_with_items_the_quotations_count_instead_of_them_while_there_are_any(self):
		self.opportunity = make_party_opportunity(amount_follows_quotation=1)
		quotation = self.quote(90)
		self.opportunity.reload()
		self.assertEqual((self.opportunity.total, self.opportunity.opportunity_amount), (200, 90))
		self.assertEqual((self.opportunity.base_total, self.opportunity.weighted_amount), (200, 9))
		quotation.reload().cancel()
		self.opportunity.reload()
		self.assertEqual((self.opportunity.total, self.opportunity.opportunity_amount), (200, 200))

	def test_other_currencies_come_by_way_of_the_base(self):
		make_exchange_rate("EUR", "USD", 2)
		make_exchange_rate("GBP", "USD", 3)
		self.opportunity = self.make(currency="EUR")
		self.quote(10, currency="GBP")
		self.assertAmount(15)
		self.quote(1, currency="EUR")
		self.assertAmount(16)
		self.assertEqual(self.opportunity.base_opportunity_amount, 32)

	def test_a_new_rate_moves_the_base_amount_alone(self):
		make_exchange_rate("EUR", "USD", 2, in_days(-3))
		self.opportunity = self.make(currency="EUR")
		self.quote(10, currency="EUR")
		make_exchange_rate("EUR", "USD", 3)
		revalue_open_opportunities()
		self.assertAmount(10)
		self.assertEqual(self.opportunity.base_opportunity_amount, 30)

	def test_paused_it_follows_closed_it_rests(self):
		self.opportunity.pause(in_days(3))
		self.quote(90)
		self.assertAmount(90, "Paused")
		self.opportunity.resume()
		self.opportunity.reload().status = "Closed"
		self.opportunity.save()
		self.quote(5)
		self.assertAmount(90, "Closed")

	def test_ended_it_is_not_switched(self):
		self.quote(90).mark_ordered()
		with self.as_user("Sales User"), self.assertRefused(exceptions.OpportunityEnded):
			opportunity = frappe.get_doc("Opportunity", self.opportunity.name)
			opportunity.amount_follows_quotation = 0
			opportunity.save()

	def test_the_history_has_every_amount(self):
		self.quote(90)
		self.quote(5)
		changes = frappe.get_all(
			"Pipeline Change",
			{"opportunity": self.opportunity.name, "change": "Amount"},
			["old_value", "new_value"],
			order_by="idx",
		)
		amounts = [(flt(each.old_value), flt(each.new_value)) for each in changes]
		self.assertEqual(amounts, [(1000, 90), (90, 95)])

	def test_the_form_does_not_let_it_be_typed_while_it_follows(self):
		self.assertFalse(facts_for_form(self.opportunity)["is_quoted"])
		quotation = self.quote(90)
		self.assertTrue(facts_for_form(self.opportunity)["is_quoted"])
		quotation.cancel()
		self.assertFalse(facts_for_form(self.opportunity)["is_quoted"])

	def test_each_of_several_opportunities_gets_its_part(self):
		other = self.make()
		parts = rows(100, 20, 3)
		parts[0]["opportunity"] = other.name
		quotation = make_quotation(self.opportunity, items=parts)
		self.assertAmount(23)
		self.assertEqual(other.reload().opportunity_amount, 100)
		quotation.mark_ordered()
		total = self.opportunity.reload().close_revenue + other.reload().close_revenue
		self.assertEqual(total, quotation.reload().net_total)


class TestStatus(BackUpdateCase):
	def test_of_many_the_strongest_counts(self):
		quotations = [self.quote(each) for each in (1, 2, 3, 4)]
		reason = make_lost_reason().name
		steps = (
			(lambda each: each.declare_lost([reason]), "Quotation"),
			(lambda each: each.cancel(), "Quotation"),
			(lambda each: each.mark_ordered(), "Converted"),
			(lambda each: each.declare_lost([reason]), "Converted"),
		)
		for quotation, (act, expected) in zip(quotations, steps, strict=True):
			act(quotation.reload())
			self.assertEqual(self.opportunity.reload().status, expected)
		self.assertEqual(self.opportunity.close_revenue, 3)
		quotations[2].reload().cancel()
		self.assertEqual((self.opportunity.reload().status, self.opportunity.close_revenue), ("Lost", 0))

	def test_two_orders_add_up(self):
		for quotation in (self.quote(33.33), self.quote(66.67)):
			quotation.mark_ordered()
		self.assertAmount(100, "Converted")
		self.assertEqual(self.opportunity.close_revenue, 100)

	def test_one_ordered_in_part_beside_an_order_says_won(self):
		part, whole = self.quote(10, 5), self.quote(7)
		part.mark_ordered(items=[part.items[0].name])
		whole.mark_ordered()
		self.assertAmount(17, "Converted")
		self.assertEqual(self.opportunity.close_revenue, 17)
		part.reload().mark_ordered()
		self.assertEqual(self.opportunity.reload().close_revenue, 22)

	def lapse(self, quotation):
		frappe.db.set_value("Quotation", quotation.name, "valid_till", in_days(-1))
		expire_quotations()
		self.assertEqual(quotation.reload().status, "Ordered")

	def order_a_part(self):
		part = self.quote(10, 20)
		part.mark_ordered(items=[part.items[0].name])
		return part

	def test_the_night_adds_what_was_ordered_of_one_that_lapses(self):
		self.quote(100).mark_ordered()
		part = self.order_a_part()
		frappe.db.set_value("Opportunity", self.opportunity.name, "close_revenue", 100)  # by an older version
		self.lapse(part)
		self.assertAmount(110, "Converted")
		self.assertEqual((self.opportunity.close_revenue, self.opportunity.base_close_revenue), (110, 110))
		modified = self.opportunity.modified
		expire_quotations()
		self.assertEqual(self.opportunity.reload().modified, modified)

	def test_the_night_wins_one_that_is_paused_or_lost_meanwhile(self):
		for rest in ("Paused", "Lost"):
			with self.subTest(rest):
				self.opportunity = self.make()
				part = self.order_a_part()
				values = {"status": rest, "own_status": rest}
				values["paused_until"] = in_days(9) if rest == "Paused" else None
				frappe.db.set_value("Opportunity", self.opportunity.name, values)
				self.lapse(part)
				self.opportunity.reload()
				self.assertEqual((self.opportunity.status, self.opportunity.close_revenue), ("Converted", 10))

	def test_the_night_leaves_what_was_closed_by_hand(self):
		part = self.order_a_part()
		self.opportunity.reload().status = "Closed"
		self.opportunity.save()
		self.lapse(part)
		self.assertEqual((self.opportunity.reload().status, self.opportunity.close_revenue), ("Closed", 0))

	def test_on_its_last_day_it_still_rests(self):
		self.opportunity.pause(in_days(3))
		part = self.order_a_part()
		frappe.db.set_value("Quotation", part.name, "valid_till", in_days(0))
		expire_quotations()
		self.assertEqual(part.reload().status, "Partially Ordered")
		self.assertEqual(self.opportunity.reload().status, "Paused")

	def test_orders_in_part_of_another_currency_count_in_base(self):
		make_exchange_rate("EUR", "USD", 2)
		self.quote(100).mark_ordered()
		part = self.quote(10, 20, currency="EUR")
		part.mark_ordered(items=[part.items[0].name])
		self.opportunity.reload()
		revenue = (self.opportunity.close_revenue, self.opportunity.close_revenue_currency)
		self.assertEqual(revenue, (120, "USD"))

	def test_an_amendment_takes_the_place_of_what_it_amends(self):
		quotation = self.quote(90)
		quotation.cancel()
		self.assertEqual(self.opportunity.reload().status, "Open")
		amended = frappe.copy_doc(quotation.reload())
		amended.update({"docstatus": 0, "amended_from": quotation.name})
		amended.items[0].rate = 80
		amended.insert().submit()
		self.assertAmount(80, "Quotation")
