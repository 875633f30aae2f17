"""Which quotations count stands twice, for one opportunity and in statements about many: both say the same."""

from itertools import product

import frappe

from crm_pipeline.quoting.quotations import has_quotation_in, quotations_of
from crm_pipeline.rules import quotation_status, status
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import in_days, make_opportunity, make_party_opportunity, make_quotation

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
