import unittest
from datetime import date

from crm_pipeline.rules import quotation_status as status
from crm_pipeline.rules import status as opportunity_status
from crm_pipeline.rules.colors import QUOTATION

TODAY, YESTERDAY = date(2026, 3, 2), date(2026, 3, 1)


class TestQuotationStatus(unittest.TestCase):
	def test_the_lists_know_the_same_statuses(self):
		self.assertEqual(set(QUOTATION), set(status.STATUSES))
		self.assertEqual({*status.SUBMITTED, status.DRAFT, status.CANCELLED}, set(status.STATUSES))
		self.assertEqual({*status.UNDECIDED, *status.DECIDED}, set(status.SUBMITTED))
		self.assertLess(set(status.IN_PLAY), set(status.COUNTING))

	def test_what_is_ordered_in_part_or_whole_is_not_replaced(self):
		self.assertTrue({status.ORDERED, status.PARTIALLY_ORDERED}.isdisjoint(status.REPLACEABLE))

	def test_after_its_last_day_what_was_not_ordered_has_lapsed(self):
		expected = {
			status.OPEN: status.EXPIRED,
			status.REPLIED: status.EXPIRED,
			status.PARTIALLY_ORDERED: status.ORDERED,
		}
		for stored in status.STATUSES:
			with self.subTest(stored):
				self.assertEqual(status.state_on(stored, YESTERDAY, TODAY), expected.get(stored, stored))
				self.assertEqual(status.state_on(stored, TODAY, TODAY), stored)
				self.assertEqual(status.state_on(stored, None, TODAY), stored)

	def test_what_it_is_to_one_of_its_opportunities(self):
		for head, ordered, reasons, expected in (
			(status.PARTIALLY_ORDERED, [True, True], False, status.ORDERED),
			(status.PARTIALLY_ORDERED, [True, False], False, status.PARTIALLY_ORDERED),
			(status.PARTIALLY_ORDERED, [False, False], False, status.OPEN),
			(status.PARTIALLY_ORDERED, [], False, status.OPEN),
			(status.ORDERED, [True], True, status.ORDERED),
			(status.ORDERED, [True, False], True, status.ORDERED),
			(status.ORDERED, [False], True, status.LOST),
			(status.ORDERED, [False], False, status.EXPIRED),
			(status.ORDERED, [], False, status.EXPIRED),
			*((each, [False], True, each) for each in status.STATUSES if each not in status.WITH_ORDERS),
		):
			with self.subTest(head=head, ordered=ordered, reasons=reasons):
				self.assertEqual(status.state_of_part(head, ordered, reasons), expected)

	def test_an_order(self):
		for rows, lapsed, expected in (
			([], False, status.ORDERED),
			([True], False, status.ORDERED),
			([True, False], False, status.PARTIALLY_ORDERED),
			([True, False], True, status.ORDERED),
		):
			with self.subTest(rows=rows, lapsed=lapsed):
				self.assertEqual(status.after_order(rows, lapsed), expected)

	def test_a_loss(self):
		self.assertEqual(status.after_loss(status.PARTIALLY_ORDERED), status.ORDERED)
		for stored in (status.OPEN, status.REPLIED, status.EXPIRED):
			self.assertEqual(status.after_loss(stored), status.LOST)

	def test_what_it_makes_of_an_opportunity(self):
		for state in status.IN_PLAY:
			self.assertEqual(opportunity_status.derive("Open", [state, "Lost"]), "Quotation")
		self.assertEqual(opportunity_status.derive("Open", ["Partially Ordered", "Ordered"]), "Converted")
