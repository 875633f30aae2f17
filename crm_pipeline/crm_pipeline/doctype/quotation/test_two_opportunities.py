"""A quotation for two opportunities, ordered for one of them: each is what its own rows say."""

from itertools import permutations

import frappe

from crm_pipeline.crm_pipeline.doctype.quotation.quotation import make_revision
from crm_pipeline.rules import quotation_status
from crm_pipeline.tasks import expire_quotations
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make_lost_reason,
	make_party_opportunity,
	make_quotation,
)
from crm_pipeline.tests.invariants import contradictions


class TwoOpportunitiesCase(TestCase):
	"""A is named on the head, B on a row; A's is worth 100, B's 20."""

	def setUp(self):
		super().setUp()
		self.reason = make_lost_reason().name
		self.quote()

	def quote(self):
		self.a, self.b = make_party_opportunity(), make_party_opportunity()
		items = [
			{"item_name": "For A", "qty": 1, "rate": 100},
			{"item_name": "For B", "qty": 1, "rate": 20, "opportunity": self.b.name},
		]
		self.quotation = make_quotation(self.a, items=items)

	def order(self, position: int):
		quotation = self.quotation.reload()
		quotation.mark_ordered(items=[quotation.items[position].name])

	def lose(self):
		self.quotation.reload().declare_lost([self.reason])

	def lapse(self):
		frappe.db.set_value("Quotation", self.quotation.name, "valid_till", in_days(-1))
		expire_quotations()

	def assertAre(self, a: tuple, b: tuple):
		for opportunity, expected in ((self.a, a), (self.b, b)):
			opportunity.reload()
			self.assertEqual((opportunity.status, opportunity.close_revenue), expected)
			self.assertEqual(contradictions(opportunity.name), [])


class TestTwoOpportunities(TwoOpportunitiesCase):
	def test_one_is_won_at_once_and_the_other_stays_in_play(self):
		self.order(0)
		self.assertEqual(self.quotation.reload().status, "Partially Ordered")
		self.assertAre(("Converted", 100), ("Quotation", 0))
		self.order(1)
		self.assertAre(("Converted", 100), ("Converted", 20))

	def test_the_rest_is_lost_with_its_reasons(self):
		self.order(0)
		self.lose()
		self.assertEqual(self.quotation.reload().status, "Ordered")
		self.assertAre(("Converted", 100), ("Lost", 0))
		self.assertEqual([row.lost_reason for row in self.b.lost_reasons], [self.reason])
		self.assertFalse(self.a.lost_reasons)

	def test_the_rest_lapses(self):
		self.order(1)
		self.lapse()
		self.assertAre(("Open", 0), ("Converted", 20))

	def test_every_order_of_events(self):
		for events in permutations((self.order_a, self.order_b, self.lose, self.lapse)):
			with self.subTest([each.__name__ for each in events]):
				self.quote()
				happened = [each.__name__ for each in events if self.happens(each)]
				decided = self.ended(happened)
				expected = [
					("Converted", value) if ordered in happened else (decided, 0)
					for ordered, value in (("order_a", 100), ("order_b", 20))
				]
				self.assertAre(*expected)
				self.quotation.reload().cancel()
				self.assertAre(("Open", 0), ("Open", 0))

	def order_a(self):
		self.order(0)

	def order_b(self):
		self.order(1)

	def happens(self, event) -> bool:
		"""Let something happen unless the quotation is decided by now."""
		decided = self.quotation.reload().status in quotation_status.DECIDED
		if not decided:
			event()
		return not decided

	def ended(self, happened: list[str]) -> str:
		return "Lost" if "lose" in happened else "Open"

	def test_a_revision_of_what_lapsed(self):
		self.lapse()
		self.assertAre(("Open", 0), ("Open", 0))
		revision = make_revision(self.quotation.name)
		revision.valid_till = None
		self.quotation = revision.insert().submit()
		self.assertAre(("Quotation", 0), ("Quotation", 0))
		self.order(1)
		self.assertAre(("Quotation", 0), ("Converted", 20))
		self.lose()
		self.assertAre(("Lost", 0), ("Converted", 20))
		self.quotation.reload().cancel()
		self.assertAre(("Open", 0), ("Open", 0))

	def test_the_other_may_be_lost_though_this_one_is_ordered(self):
		self.order(0)
		self.b.reload().declare_lost([self.reason], lose_quotations=True)
		self.assertAre(("Converted", 100), ("Lost", 0))

	def test_one_that_has_no_row_is_not_won_by_the_other_s(self):
		self.quotation.cancel()
		items = [{"item_name": "For B", "qty": 1, "rate": 20, "opportunity": self.b.name}]
		self.quotation = make_quotation(self.a, items=items)
		self.assertAre(("Quotation", 0), ("Quotation", 0))
		self.quotation.mark_ordered()
		self.assertAre(("Open", 0), ("Converted", 20))

	def test_another_quotation_still_stands(self):
		make_quotation(self.b)
		self.order(0)
		self.lose()
		self.assertAre(("Converted", 100), ("Quotation", 0))

	def test_cancelled_while_ordered_in_part(self):
		self.order(0)
		self.quotation.reload().cancel()
		self.assertAre(("Open", 0), ("Open", 0))
