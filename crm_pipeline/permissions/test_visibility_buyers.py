"""Where not everybody sees everything, buyers see what they buy for, and nothing else."""

import frappe
from frappe.desk.form import assign_to

from crm_pipeline.exceptions import OpportunityNotVisible
from crm_pipeline.permissions import desk_overrides
from crm_pipeline.tests.factories import make, make_supplier, make_user
from crm_pipeline.tests.limited import Limited, as_


class TestBuyers(Limited):
	def setUp(self):
		super().setUp()
		as_("Administrator")
		self.buyer = make_user("Purchase User")

	def supplier_quotation(
		self, opportunity: str | None = None, by: str = "Administrator", on_row: bool = False
	):
		rows = [{"item_name": "Advice", "qty": 1, "rate": 10, "opportunity": opportunity if on_row else None}]
		head = None if on_row else opportunity
		as_("Administrator")
		quotation = make("Supplier Quotation", supplier=make_supplier().name, items=rows, opportunity=head)
		frappe.db.set_value("Supplier Quotation", quotation.name, "owner", by)
		return quotation.reload()

	def assertSees(self, user: str, doc, seen: bool):
		as_(user)
		doc = frappe.get_doc(doc.doctype, doc.name)
		self.assertEqual(doc.name in self.names(doc.doctype), seen)
		self.assertEqual(bool(doc.has_permission("read")), seen)
		self.assertEqual(desk_overrides.get_count(doc.doctype, {"name": doc.name}), int(seen))

	def test_what_is_bought_for_is_seen(self):
		for on_row in (False, True):
			with self.subTest(on_row=on_row):
				quotation = self.supplier_quotation(self.colleagues.name, by=self.buyer, on_row=on_row)
				self.assertSees(self.buyer, quotation, True)
				self.assertSees(self.buyer, self.colleagues, True)
				self.assertSees(self.buyer, self.own, False)
				self.assertFalse(frappe.get_doc("Opportunity", self.colleagues.name).has_permission("write"))

	def test_other_offers_for_it_are_seen(self):
		self.supplier_quotation(self.colleagues.name, by=self.buyer)
		self.assertSees(self.buyer, self.supplier_quotation(self.colleagues.name), True)
		self.assertSees(self.buyer, self.supplier_quotation(self.own.name), False)

	def test_what_is_assigned(self):
		quotation = self.supplier_quotation(self.colleagues.name)
		self.assertSees(self.buyer, self.colleagues, False)
		as_("Administrator")
		assign_to.add({"doctype": quotation.doctype, "name": quotation.name, "assign_to": [self.buyer]})
		self.assertSees(self.buyer, quotation, True)
		self.assertSees(self.buyer, self.colleagues, True)
		as_("Administrator")
		task = frappe.get_doc("ToDo", {"reference_name": quotation.name, "allocated_to": self.buyer})
		task.update({"status": "Closed"}).save()
		self.assertSees(self.buyer, self.colleagues, False)

	def test_a_cancelled_one_shows_nothing(self):
		quotation = self.supplier_quotation(self.colleagues.name, by=self.buyer)
		quotation.submit().cancel()
		self.assertSees(self.buyer, self.colleagues, False)

	def test_a_seller_needs_an_opportunity_of_their_own(self):
		self.supplier_quotation(self.colleagues.name, by=self.ben)
		self.assertSees(self.ben, self.colleagues, False)

	def test_naming_a_hidden_one_is_refused(self):
		as_(self.buyer)
		rows = [{"item_name": "Advice", "qty": 1, "rate": 10}]
		with self.assertRaises((OpportunityNotVisible, frappe.LinkValidationError)):
			make(
				"Supplier Quotation",
				supplier=make_supplier().name,
				items=rows,
				opportunity=self.colleagues.name,
			)

	def test_the_setting_says_whom_it_concerns(self):
		field = frappe.get_meta("Selling Settings").get_field("opportunity_visibility")
		self.assertIn("Purchase Users", field.description)
