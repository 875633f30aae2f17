"""A share gives what it says: reading, writing, submitting or sharing, and nothing beyond."""

import frappe
import frappe.share
import pytest
from frappe.desk.form import assign_to

from crm_pipeline.api.pipeline import get_board
from crm_pipeline.exceptions import OpportunityReadOnly
from crm_pipeline.tests.factories import (
	make,
	make_customer,
	make_lost_reason,
	make_opportunity,
	make_quotation,
	make_supplier,
	make_user,
	unique,
)
from crm_pipeline.tests.limited import Limited, as_, settings

READING = ("read", "select", "print", "email", "report", "export")
RIGHTS = {
	"read": READING,
	"write": (*READING, "write"),
	"submit": (*READING, "write", "submit"),  # Frappe lets nobody submit who may not write
	"share": (*READING, "share"),
}
ASKED = (*READING, "write", "submit", "share", "cancel", "delete")


class Shared(Limited):
	def setUp(self):
		super().setUp()
		as_("Administrator")
		self.opportunity = make_opportunity(
			opportunity_owner=self.anna,
			opportunity_from="Customer",
			party_name=make_customer().name,
			opportunity_amount=100,
		)

	def share(self, document, right: str = "read", user: str | None = None):
		as_("Administrator")
		frappe.share.add(document.doctype, document.name, user or self.ben, **{right: 1})
		as_(self.ben)

	def allowed(self, document) -> set[str]:
		asked = [
			ptype for ptype in ASKED if ptype != "select"
		]  # Frappe 16 lets readers select, 15 asks the roles
		return {ptype for ptype in asked if frappe.has_permission(document.doctype, ptype, document.name)}

	def given(self, doctype: str, right: str) -> set[str]:
		"""What a share gives to somebody whose role gives everything but deleting."""
		roles = frappe.permissions.get_role_permissions(frappe.get_meta(doctype), user=self.ben)
		return {ptype for ptype in RIGHTS[right] if ptype != "select" and roles.get(ptype)}


class TestRights(Shared):
	def documents(self):
		"""One of each DocType, none of them of the other seller's."""
		supplied = {"supplier": make_supplier().name, "items": [{"item_name": "Advice", "qty": 1, "rate": 9}]}
		frappe.get_doc("User", self.ben).add_roles("Purchase User")
		return [
			make_opportunity(opportunity_owner=self.anna),
			make_quotation(submit=False),
			make("Supplier Quotation", **supplied),
		]

	def test_each_right_of_each_doctype(self):
		for right in RIGHTS:
			as_("Administrator")
			for document in self.documents():
				if right == "submit" and not document.meta.is_submittable:
					continue
				as_("Administrator")
				with self.subTest(right, doctype=document.doctype):
					as_(self.ben)
					self.assertEqual(self.allowed(document), set())
					self.share(document, right)
					self.assertEqual(self.allowed(document), self.given(document.doctype, right))

	def test_quotations_follow_the_share_of_their_opportunity(self):
		quotation = make_quotation(self.opportunity, submit=False)
		as_(self.ben)
		self.assertEqual(self.allowed(quotation), set())
		self.share(self.opportunity)
		self.assertEqual(self.allowed(quotation), self.given("Quotation", "read"))
		self.share(self.opportunity, "write")
		self.assertEqual(self.allowed(quotation), self.given("Quotation", "write"))

	def test_rows_follow_too(self):
		as_("Administrator")
		quotation = make_quotation(submit=False)
		self.share(quotation)
		row = frappe.get_doc("Quotation Item", quotation.items[0].name)
		self.assertTrue(frappe.has_permission("Quotation Item", "read", row))
		self.assertFalse(frappe.has_permission("Quotation Item", "write", row))

	def test_with_everyone(self):
		as_("Administrator")
		frappe.share.add("Opportunity", self.opportunity.name, everyone=1)
		as_(self.ben)
		self.assertEqual(self.allowed(self.opportunity), self.given("Opportunity", "read"))

	def test_where_all_see_all_a_share_takes_nothing(self):
		settings(opportunity_visibility="All")
		self.share(self.opportunity)
		self.assertTrue(frappe.has_permission("Opportunity", "write", self.opportunity.name))


class TestReaders(Shared):
	"""Whoever may only read a record changes it by no method."""

	def setUp(self):
		super().setUp()
		self.reason = make_lost_reason().name
		self.share(self.opportunity)

	def assertUnchanged(self, document, change):
		as_(self.ben)
		document = frappe.get_doc(document.doctype, document.name)
		with self.assertRefused(frappe.PermissionError):
			change(document)

	def test_opportunities(self):
		for change in (
			lambda opportunity: opportunity.update({"title": "Taken"}).save(),
			lambda opportunity: opportunity.declare_lost([self.reason]),
			lambda opportunity: opportunity.mark_won(),
			lambda opportunity: opportunity.pause("2999-01-01"),
			lambda opportunity: opportunity.advance(),
			lambda opportunity: opportunity.step_back(),
			lambda opportunity: opportunity.change_process(opportunity.sales_process),
			lambda opportunity: opportunity.complete_follow_up("Done"),
			lambda opportunity: opportunity.snooze_follow_up("2999-01-01 10:00:00"),
			lambda opportunity: opportunity.move_follow_up("2999-01-01 10:00:00"),
			lambda opportunity: frappe.share.add("Opportunity", opportunity.name, self.ben, write=1),
			lambda opportunity: frappe.delete_doc("Opportunity", opportunity.name),
		):
			self.assertUnchanged(self.opportunity, change)

	def test_quotations(self):
		as_("Administrator")
		draft, open_one = make_quotation(submit=False), make_quotation()
		self.share(draft)
		self.share(open_one)
		for change in (lambda each: each.save(), lambda each: each.submit()):
			self.assertUnchanged(draft, change)
		for change in (
			lambda each: each.mark_ordered(),
			lambda each: each.declare_lost([self.reason]),
			lambda each: each.cancel(),
		):
			self.assertUnchanged(open_one, change)

	def test_submitting_is_shared_apart_from_writing(self):
		as_("Administrator")
		for right, allowed in (("write", False), ("submit", True)):
			quotation = make_quotation()
			self.share(quotation, right)
			quotation = frappe.get_doc("Quotation", quotation.name)
			if allowed:
				self.assertEqual(quotation.mark_ordered().status, "Ordered")
			else:
				self.assertUnchanged(quotation, lambda each: each.mark_ordered())
			as_("Administrator")

	def test_no_way_round_by_an_assignment(self):
		for right in ("read", "write"):
			self.share(self.opportunity, right)
			with self.assertRefused(OpportunityReadOnly, self.opportunity.name):
				self.todo("Open")
		for status in ("Closed", "Cancelled"):
			self.assertTrue(self.todo(status).name)  # gives no right
		self.share(self.opportunity, "share")
		assign_to.add({"doctype": "Opportunity", "name": self.opportunity.name, "assign_to": [self.ben]})
		self.assertTrue(frappe.has_permission("Opportunity", "write", self.opportunity.name))

	def todo(self, status: str):
		about = {"reference_type": "Opportunity", "reference_name": self.opportunity.name}
		return make("ToDo", description="Look", status=status, allocated_to=self.ben, **about)

	def test_no_way_round_by_a_quotation(self):
		customer = self.opportunity.party_name
		quoting = {"quotation_to": "Customer", "party_name": customer, "opportunity": self.opportunity.name}
		rows = [{"item_name": "Advice", "qty": 1, "rate": 10}]
		with self.assertRefused(OpportunityReadOnly, self.opportunity.name):
			make("Quotation", items=rows, **quoting)
		self.share(self.opportunity, "write")
		self.assertEqual(make("Quotation", items=rows, **quoting).opportunity, self.opportunity.name)

	@pytest.mark.bench_only("The embedded host has no tags")
	def test_tags(self):
		link = {"document_type": "Opportunity", "document_name": self.opportunity.name}
		tag = make("Tag", name=unique("Tag")).name
		with self.assertRefused(frappe.PermissionError):
			make("Tag Link", tag=tag, **link)
		self.share(self.opportunity, "write")
		self.assertEqual(make("Tag Link", tag=tag, **link).document_name, self.opportunity.name)


class TestWithoutRole(Shared):
	"""Somebody whose roles let them read no opportunity, and with whom one is shared."""

	def test_the_shared_one_alone(self):
		settings(opportunity_visibility="All")
		make_opportunity(opportunity_amount=7, sales_process=self.opportunity.sales_process)
		stranger = make_user("Desk User")
		frappe.share.add("Sales Process", self.opportunity.sales_process, stranger)
		self.share(self.opportunity, user=stranger)
		as_(stranger)
		self.assertEqual(self.names(), {self.opportunity.name})
		board = get_board(self.opportunity.sales_process)
		self.assertEqual((board["totals"]["count"], board["totals"]["amount"]), (1, 100))
