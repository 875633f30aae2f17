"""Who sees which opportunities: every path on which a record can be read, beside one on which it may be."""

import frappe
import frappe.client
import frappe.share
from frappe.desk.form import assign_to
from frappe.desk.query_report import run

from crm_pipeline.api.pipeline import get_board
from crm_pipeline.crm_pipeline.doctype.opportunity.mapping import make_quotation as map_quotation
from crm_pipeline.crm_pipeline.doctype.opportunity.mapping import (
	make_supplier_quotation as map_supplier_quotation,
)
from crm_pipeline.exceptions import OpportunityNotVisible
from crm_pipeline.tests.factories import (
	make,
	make_opportunity,
)
from crm_pipeline.tests.limited import Limited, as_, settings


class TestOpportunities(Limited):
	def test_lists_show_own_ones_only(self):
		self.assertIn(self.own.name, self.names())
		self.assertNotIn(self.colleagues.name, self.names())

	def test_whoever_entered_an_opportunity_sees_it(self):
		entered = make_opportunity(opportunity_owner=self.anna)
		self.assertIn(entered.name, self.names())
		self.assertTrue(entered.has_permission("read"))

	def test_whoever_is_to_contact_next_sees_it(self):
		frappe.db.set_value("Opportunity", self.colleagues.name, "next_contact_by", self.ben)
		self.assertIn(self.colleagues.name, self.names())
		self.assertTrue(self.colleagues.reload().has_permission("read"))

	def test_all_is_the_default(self):
		as_("Administrator")
		settings(opportunity_visibility="All")
		as_(self.ben)
		self.assertTrue({self.own.name, self.colleagues.name} <= self.names())
		self.assertTrue(self.colleagues.has_permission("write"))

	def test_managers_see_all(self):
		for role in ("Sales Manager", "System Manager"):
			with self.subTest(role), self.as_user(role):
				self.assertTrue({self.own.name, self.colleagues.name} <= self.names())
				self.assertTrue(frappe.has_permission("Opportunity", "write", self.colleagues.name))

	def test_documents(self):
		for ptype in ("read", "write", "print", "email", "share"):
			with self.subTest(ptype):
				self.assertTrue(frappe.has_permission("Opportunity", ptype, self.own.name))
				self.assertFalse(frappe.has_permission("Opportunity", ptype, self.colleagues.name))
		self.assertEqual(frappe.client.get("Opportunity", self.own.name)["name"], self.own.name)
		with self.assertRefused(frappe.PermissionError):
			frappe.client.get("Opportunity", self.colleagues.name)

	def test_a_forged_copy_opens_nothing(self):
		forged = frappe.get_doc(
			{**self.colleagues.as_dict(), "opportunity_owner": self.ben, "owner": self.ben}
		)
		self.assertFalse(forged.has_permission("read"))
		with self.assertRefused(frappe.PermissionError):
			forged.save()

	def test_single_values(self):
		self.assertEqual(frappe.client.get_value("Opportunity", "title", self.own.name).title, self.own.title)
		self.assertFalse(frappe.client.get_value("Opportunity", "title", self.colleagues.name))
		with self.assertRefused(frappe.PermissionError):
			frappe.client.set_value("Opportunity", self.colleagues.name, "title", "Taken")

	def test_rows(self):
		for table in ("Opportunity Item", "Lost Reason Detail", "Competitor Detail"):
			with self.subTest(table):
				rows = frappe.client.get_list(table, ["parent"], parent="Opportunity", limit_page_length=0)
				parents = {row.parent for row in rows}
				self.assertIn(self.own.name, parents)
				self.assertNotIn(self.colleagues.name, parents)

	def test_a_row_by_its_name(self):
		self.assertEqual(
			frappe.client.get("Opportunity Item", self.own.items[0].name, parent="Opportunity")["qty"], 2
		)
		with self.assertRefused(frappe.PermissionError):
			frappe.client.get("Opportunity Item", self.colleagues.items[0].name, parent="Opportunity")
		row = frappe.get_doc("Opportunity Item", self.colleagues.items[0].name)
		self.assertFalse(frappe.has_permission("Opportunity Item", "print", row))

	def test_history(self):
		self.assertEqual(
			set(frappe.get_list("Pipeline Change", {"opportunity": self.own.name}, pluck="opportunity")),
			{self.own.name},
		)
		self.assertFalse(frappe.get_list("Pipeline Change", {"opportunity": self.colleagues.name}))
		as_("Administrator")
		change = frappe.get_last_doc("Pipeline Change", {"opportunity": self.colleagues.name})
		as_(self.ben)
		self.assertFalse(change.has_permission("read"))

	def test_reports(self):
		rows = run("Lost Opportunity", ignore_prepared_report=True)["result"]
		names = {row.get("name") for row in rows if isinstance(row, dict)}
		self.assertIn(self.own.name, names)
		self.assertNotIn(self.colleagues.name, names)

	def test_board(self):
		as_("Administrator")
		opportunities = {
			user: make_opportunity(opportunity_owner=user, opportunity_amount=7)
			for user in (self.anna, self.ben)
		}
		as_(self.ben)
		board = get_board(opportunities[self.ben].sales_process, 200)
		cards = {card.name for stage in board["stages"] for card in stage["cards"]}
		self.assertIn(opportunities[self.ben].name, cards)
		self.assertNotIn(opportunities[self.anna].name, cards)
		self.assertEqual(board["totals"]["count"], len(cards))

	def test_mappers(self):
		as_("Administrator")
		frappe.get_doc("User", self.ben).add_roles("Purchase User")
		as_(self.ben)
		for mapper in (map_quotation, map_supplier_quotation):
			self.assertEqual(mapper(self.own.name).opportunity, self.own.name)
			with self.assertRefused(frappe.PermissionError):
				mapper(self.colleagues.name)

	def test_comments_and_mails(self):
		for opportunity in (self.own, self.colleagues):
			mail = frappe.get_doc(
				doctype="Communication",
				subject="Secret",
				communication_medium="Phone",
				reference_doctype="Opportunity",
				reference_name=opportunity.name,
			).insert(ignore_permissions=True)
			stored = frappe.get_doc("Communication", mail.name)
			self.assertEqual(bool(stored.has_permission("read")), opportunity is self.own)


class TestAssignedAndShared(Limited):
	def assign(self, opportunity):
		return make(
			"ToDo",
			description="Look",
			allocated_to=self.ben,
			reference_type="Opportunity",
			reference_name=opportunity.name,
		)

	def test_assigned_until_done(self):
		as_("Administrator")
		self.assign(self.colleagues)
		as_(self.ben)
		self.assertIn(self.colleagues.name, self.names())
		self.assertTrue(self.colleagues.has_permission("write"))
		self.assertFalse(frappe.share.get_shared("Opportunity", self.ben))
		assign_to.close("Opportunity", self.colleagues.name, self.ben)
		self.assertNotIn(self.colleagues.name, self.names())
		self.assertFalse(self.colleagues.has_permission("read"))

	def test_nobody_assigns_himself(self):
		self.assign(self.own)
		with self.assertRefused(frappe.LinkValidationError, self.colleagues.name):
			self.assign(self.colleagues)
		with self.assertRefused(frappe.PermissionError):
			assign_to.add({"doctype": "Opportunity", "name": self.colleagues.name, "assign_to": [self.ben]})

	def test_nobody_reopens_their_assignment(self):
		as_("Administrator")
		todo = self.assign(self.colleagues)
		todo.status = "Cancelled"
		todo.save()
		as_(self.ben)
		todo.status = "Open"
		with self.assertRefused(OpportunityNotVisible):
			todo.save()

	def test_shared_for_reading(self):
		as_(self.anna)
		frappe.share.add("Opportunity", self.colleagues.name, self.ben)
		as_(self.ben)
		self.assertIn(self.colleagues.name, self.names())
		self.assertTrue(self.colleagues.has_permission("read"))
		self.assertTrue(frappe.get_list("Pipeline Change", {"opportunity": self.colleagues.name}))
		as_(self.anna)
		frappe.share.set_permission("Opportunity", self.colleagues.name, self.ben, "read", 0)
		as_(self.ben)
		self.assertNotIn(self.colleagues.name, self.names())
		self.assertFalse(self.colleagues.has_permission("read"))

	def test_shared_with_everyone(self):
		as_(self.anna)
		frappe.share.add("Opportunity", self.colleagues.name, everyone=1)
		as_(self.ben)
		self.assertIn(self.colleagues.name, self.names())

	def test_only_who_sees_an_opportunity_shares_it(self):
		with self.assertRefused(frappe.PermissionError):
			frappe.share.add("Opportunity", self.colleagues.name, self.ben)
