"""Two people settle two quotations of one opportunity at the same moment: both count, or one is told and changes nothing."""

import frappe

from crm_pipeline.crm_pipeline.doctype.quotation.quotation import make_revision
from crm_pipeline.tests.connections import elsewhere
from crm_pipeline.tests.factories import make_party_opportunity, make_quotation
from crm_pipeline.tests.http import Api, send_together
from crm_pipeline.tests.rest import RestTestCase

CONFLICT = (417, "TimestampMismatchError")


class TestTwoOrders(RestTestCase):
	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		cls.colleague = Api(*cls.roles)
		cls.made.append(("User", cls.colleague.user))

	def setUp(self):
		super().setUp()
		self.opportunity = make_party_opportunity()
		row = self.opportunity.items[0]
		self.made.append(("Item", row.item_code))
		self.made.append(("Customer", self.opportunity.party_name))
		self.keep(self.opportunity)
		self.quotations = [make_quotation(self.opportunity) for _ in range(2)]
		for quotation in self.quotations:
			self.keep(quotation)

	def ordering(self, api: Api, quotation, **values) -> dict:
		return {
			"method": "POST",
			"path": f"/api/v2/document/Quotation/{quotation.name}/method/mark_ordered",
			"headers": api.headers,
			"json": values,
		}

	def assertAddsUp(self):
		"""The opportunity says what the quotations that are ordered add up to, and its history says so once."""
		frappe.db.rollback()
		ordered = [each.net_total for each in self.quotations if each.reload().status == "Ordered"]
		self.opportunity.reload()
		self.assertTrue(ordered)
		self.assertEqual(
			(self.opportunity.status, self.opportunity.close_revenue), ("Converted", sum(ordered))
		)
		won = {"opportunity": self.opportunity.name, "change": "Status", "new_value": "Converted"}
		self.assertEqual(frappe.db.count("Pipeline Change", won), 1)

	def test_over_rest(self):
		answers = send_together(
			self.ordering(self.api, self.quotations[0]), self.ordering(self.colleague, self.quotations[1])
		)
		told = [(answer.status_code, (answer.json or {}).get("exc_type") or "") for answer in answers]
		told += [(200, "")] if CONFLICT in told else []
		self.assertIn((200, ""), told)
		self.assertLessEqual(set(told), {(200, ""), CONFLICT, (417, "")})
		self.assertAddsUp()

	def test_one_that_began_to_read_before_the_other_was_done(self):
		first, second = self.quotations
		frappe.db.commit()
		frappe.get_all(
			"Quotation", {"opportunity": self.opportunity.name}
		)  # what this connection sees from now on
		elsewhere(lambda: frappe.get_doc("Quotation", first.name).mark_ordered())
		try:
			frappe.get_doc("Quotation", second.name).mark_ordered()
			frappe.db.commit()
		except frappe.TimestampMismatchError:
			frappe.db.rollback()
		self.assertAddsUp()

	def test_one_is_ordered_while_the_other_replaces_it(self):
		first = self.quotations[0]
		draft = make_revision(first.name).insert()
		self.keep(draft)
		frappe.get_all("Quotation", {"opportunity": self.opportunity.name})
		elsewhere(lambda: frappe.get_doc("Quotation", first.name).mark_ordered())
		with self.assertRaises((frappe.ValidationError, frappe.TimestampMismatchError)):
			frappe.get_doc("Quotation", draft.name).submit()
		frappe.db.rollback()
		self.assertEqual((draft.reload().status, first.reload().replaced_by), ("Draft", None))
		self.assertAddsUp()
