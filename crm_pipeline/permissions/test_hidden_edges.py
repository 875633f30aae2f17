"""Edges of what is hidden: what names no opportunity, what hangs on nothing, what was named before."""

import frappe
import frappe.share

from crm_pipeline.exceptions import OpportunityReadOnly
from crm_pipeline.tests.factories import make, make_opportunity, make_quotation, make_user
from crm_pipeline.tests.limited import SELLER, Limited, as_, settings

ROW = {"item_name": "Advice", "qty": 1, "rate": 10}


class TestHiddenEdges(Limited):
	def setUp(self):
		super().setUp()
		as_("Administrator")

	def test_switched_off_hides_what_names_an_opportunity_anywhere(self):
		opportunity = make_opportunity()
		free, on_head, on_row = (make_quotation(submit=False) for _ in range(3))
		on_head.update({"opportunity": opportunity.name}).save()
		on_row.append("items", {**ROW, "opportunity": opportunity.name})
		on_row.save()
		for visibility in ("All", "Own, Assigned and Shared"):
			for quotation in (free, on_head, on_row):
				as_("Administrator")
				frappe.share.add("Quotation", quotation.name, self.ben)
			settings(opportunity_visibility=visibility, disabled_roles=[{"role": SELLER}])
			as_(self.ben)
			for quotation, seen in ((free, True), (on_head, False), (on_row, False)):
				with self.subTest(visibility, quotation=quotation.name):
					self.assertEqual(self.passes(quotation), seen)
			as_("Administrator")
			settings(disabled_roles=[])

	def passes(self, quotation) -> bool:
		"""Whether the app's own condition lets a quotation through; Frappe's lists add what is shared."""
		from crm_pipeline.permissions.visibility import visible_to

		table = frappe.qb.DocType("Quotation")
		query = frappe.qb.from_(table).select(table.name).where(table.name == quotation.name)
		return bool(query.where(visible_to(self.ben, "Quotation")).run())

	def test_what_hangs_on_nothing_stays_in_sight(self):
		from crm_pipeline.permissions.visibility import visible_to

		loose, of_user, of_hers, of_his = (
			frappe.get_doc(
				doctype="Communication",
				subject="Note",
				communication_medium="Phone",
				reference_doctype=doctype,
				reference_name=name,
			).insert(ignore_permissions=True)
			for doctype, name in (
				(None, None),
				("User", self.anna),
				("Opportunity", self.colleagues.name),
				("Opportunity", self.own.name),
			)
		)
		table = frappe.qb.DocType("Communication")
		names = [loose.name, of_user.name, of_hers.name, of_his.name]
		query = frappe.qb.from_(table).select(table.name).where(table.name.isin(names))
		found = {name for (name,) in query.where(visible_to(self.ben, "Communication")).run()}
		self.assertEqual(found, {loose.name, of_user.name, of_his.name})

	def test_what_was_named_before_may_stay(self):
		customer = make_quotation(submit=False).party_name
		as_(self.ben)
		mine = make_opportunity(opportunity_owner=self.anna)
		party = {"quotation_to": "Customer", "party_name": customer}
		quotation = make("Quotation", items=[ROW], opportunity=mine.name, **party)
		frappe.db.set_value("Opportunity", mine.name, "owner", self.anna)
		self.assertFalse(frappe.has_permission("Opportunity", "read", mine.name))
		quotation.reload().update({"terms": "Net"}).save()
		as_("Administrator")
		frappe.share.add("Opportunity", mine.name, self.ben)
		as_(self.ben)
		quotation.reload().update({"terms": "Gross"}).save()
		with self.assertRefused(OpportunityReadOnly, mine.name):
			make("Quotation", items=[ROW], opportunity=mine.name, **party)

	def test_a_disabled_assignee_becomes_nobodys_owner(self):
		leaver, successor = make_user(SELLER), make_user(SELLER)
		opportunity = make_opportunity()
		frappe.db.delete("ToDo", {"reference_name": opportunity.name})
		frappe.db.set_value("Opportunity", opportunity.name, "opportunity_owner", None)
		frappe.db.set_value("User", leaver, "enabled", 0)
		for user, owner in ((leaver, None), (successor, successor)):
			values = {
				"reference_type": "Opportunity",
				"reference_name": opportunity.name,
				"allocated_to": user,
			}
			make("ToDo", description="Look", **values)
			self.assertEqual(frappe.db.get_value("Opportunity", opportunity.name, "opportunity_owner"), owner)
