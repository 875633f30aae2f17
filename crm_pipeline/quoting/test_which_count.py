"""Which quotations count stands twice, for one opportunity and in statements about many: both say the same."""

from itertools import product

import frappe

from crm_pipeline.quoting.quotations import has_quotation_in, quotations_of
from crm_pipeline.rules import quotation_status, status
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make_lost_reason,
	make_opportunity,
	make_party_opportunity,
	make_quotation,
)

DOCSTATUS = {quotation_status.DRAFT: 0, quotation_status.CANCELLED: 2}


class TestWhichCount(TestCase):
	def setUp(self):
		super().setUp()
		self.head, self.of_row = make_party_opportunity(), make_opportunity()
		items = [{"item_name": "A", "qty": 1, "rate": 5, "opportunity": self.of_row.name}]
		self.quotation = make_quotation(self.head, items=items)

	def found(self, opportunity: str, *states: str, **bounds) -> bool:
		table = frappe.qb.DocType("Opportunity")
		query = frappe.qb.from_(table).select(table.name).where(table.name == opportunity)
		return bool(query.where(has_quotation_in(*states, **bounds)).run())

	def test_in_every_state(self):
		ends, replacing = (None, -1, 0, 1), (None, "SAL-QTN-NEWER")
		for stored, days, newer in product(quotation_status.STATUSES, ends, replacing):
			values = {
				"status": stored,
				"docstatus": DOCSTATUS.get(stored, 1),
				"valid_till": None if days is None else in_days(days),
				"replaced_by": newer,
			}
			frappe.db.set_value("Quotation", self.quotation.name, values)
			for opportunity in (self.head.name, self.of_row.name):
				with self.subTest(stored=stored, days=days, newer=newer, opportunity=opportunity):
					self.assertSame(opportunity)

	def test_with_every_part_ordered(self):
		"""Of a quotation with rows of two opportunities, of one of them and without any."""
		both = [{"item_name": "H", "qty": 1, "rate": 3}]
		both += [
			{"item_name": each, "qty": 1, "rate": 5, "opportunity": self.of_row.name} for each in ("A", "B")
		]
		reason = {"lost_reason": make_lost_reason().name}
		for items, declined in product((both, both[:1], both[1:], []), (False, True)):
			quotation = make_quotation(self.head, items=items, lost_reasons=[reason] if declined else [])
			frappe.db.set_value("Quotation", self.quotation.name, "docstatus", 2)
			heads = (quotation_status.OPEN, quotation_status.PARTIALLY_ORDERED, quotation_status.ORDERED)
			for ordered, stored, days in product(product((0, 1), repeat=len(items)), heads, (None, -1)):
				values = {"status": stored, "valid_till": None if days is None else in_days(days)}
				frappe.db.set_value("Quotation", quotation.name, values)
				for row, value in zip(quotation.items, ordered, strict=True):
					frappe.db.set_value("Quotation Item", row.name, "ordered", value)
				for opportunity in (self.head.name, self.of_row.name):
					with self.subTest(
						rows=len(items),
						ordered=ordered,
						stored=stored,
						days=days,
						declined=declined,
						opportunity=opportunity,
					):
						self.assertSame(opportunity)
						if not days:
							self.assertSameStates(opportunity)
			frappe.db.set_value("Quotation", quotation.name, "docstatus", 2)

	def assertSameStates(self, opportunity: str):
		states = {quotation.state for quotation in quotations_of(opportunity)}
		self.assertEqual(
			{each for each in quotation_status.STATUSES if self.found(opportunity, each)}, states
		)

	def assertSame(self, opportunity: str):
		states = {quotation.state for quotation in quotations_of(opportunity)}
		in_play, today = quotation_status.IN_PLAY, in_days(0)
		self.assertEqual(
			self.found(opportunity, *in_play, valid_on=today), bool(states.intersection(in_play))
		)
		lapsed = self.found(opportunity, *in_play, overdue_on=today)
		ended = self.found(opportunity, *quotation_status.DECIDED, quotation_status.EXPIRED)
		self.assertEqual(lapsed or ended, bool(states.difference(in_play)))
		shown = status.derive(status.OPEN, states)
		self.assertEqual(shown == status.QUOTATION, self.found(opportunity, *in_play, valid_on=today))
