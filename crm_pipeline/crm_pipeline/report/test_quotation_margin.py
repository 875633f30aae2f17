"""The report Quotation Margin against quotations whose sums were computed by hand."""

import frappe
from frappe.desk.query_report import run

from crm_pipeline.crm_pipeline.doctype.quotation.quotation import make_revision
from crm_pipeline.exceptions import FieldOutOfReach, ImpossibleDate, UnreadableFilters
from crm_pipeline.permissions.visibility import OWN
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.costing import make_offer, offered
from crm_pipeline.tests.factories import (
	in_days,
	make_customer,
	make_item,
	make_lost_reason,
	make_party_opportunity,
	make_quotation,
	make_supplier,
	make_user,
	unique,
)

REPORT = "Quotation Margin"
SHOWN = ("quotations", "quoted", "ordered", "lost", "margin_asked", "margin_won")


class TestQuotationMargin(TestCase):
	"""One owner, one customer, one supplier: 10 % of 100 ordered with freight, 20 % of 200 lost, 50 % of 400 open."""

	def setUp(self):
		super().setUp()
		self.owner, self.supplier = make_user("Sales User"), make_supplier()
		self.party, self.group = make_customer().name, unique("Group")
		self.item = make_item(item_group=self.group).name
		self.made = [self.quoted(rate, each) for rate, each in ((90, 10), (160, 20), (200, 50))]
		ordered, lost, self.open = self.made
		ordered.mark_ordered()
		lost.declare_lost([make_lost_reason().name])

	def quoted(self, cost: float, percentage: float):
		opportunity = make_party_opportunity(
			opportunity_owner=self.owner,
			party_name=self.party,
			items=[{"item_code": self.item, "qty": 1, "rate": 1}],
		)
		offer = make_offer(opportunity, cost, supplier=self.supplier.name)
		quotation = offered(opportunity, [(opportunity.items[0], offer, 1)], {"percentage": percentage})
		if percentage == 10:
			quotation.append("items", {"item_name": "Freight", "qty": 1, "rate": 7})
		return quotation.insert().submit()

	def rows(self, **filters) -> list[dict]:
		return [row for row in run(REPORT, filters=filters)["result"] if isinstance(row, dict)]

	def of_owner(self, group_by: str, **filters) -> list[dict]:
		return self.rows(group_by=group_by, opportunity_owner=[self.owner], **filters)

	def assertSums(self, row: dict, *sums):
		self.assertEqual(tuple(row[field] for field in SHOWN), sums)

	def test_by_each_group(self):
		whole = (3, 707, 107, 200, 250, 10)
		for group_by, label in (("Owner", "Test"), ("Party", self.party), ("Month", None)):
			with self.subTest(group_by=group_by):
				row, total = self.of_owner(group_by)
				self.assertSums(row, *whole)
				self.assertSums(total, *whole)
				self.assertEqual(row["group"], label or row["group"])
				self.assertEqual((row["percentage_asked"], row["percentage_won"]), (35.714, 10))

	def test_by_what_rows_name(self):
		for group_by, label in (("Supplier", self.supplier.supplier_name), ("Item Group", self.group)):
			with self.subTest(group_by=group_by):
				found = {row["group"]: row for row in self.of_owner(group_by)}
				self.assertEqual(set(found), {label, "Not Set", "Total"})
				self.assertSums(found[label], 3, 700, 100, 200, 250, 10)
				self.assertSums(found["Not Set"], 1, 7, 7, 0, 0, 0)
				self.assertEqual((found["Total"]["quoted"], found["Total"]["quotations"]), (707, 3))

	def test_a_supplier_alone(self):
		row, _total = self.rows(supplier=[self.supplier.name])
		self.assertSums(row, 3, 700, 100, 200, 250, 10)

	def test_customers_alone(self):
		row, _total = self.rows(customer=[self.party])
		self.assertSums(row, 3, 707, 107, 200, 250, 10)
		self.assertEqual(self.of_owner("Owner", customer=[make_customer().name]), [])

	def test_only_submitted_ones_of_the_period(self):
		self.open.cancel()
		self.assertEqual(self.of_owner("Owner")[0]["quoted"], 307)
		self.assertEqual(self.of_owner("Owner", from_date=in_days(0), to_date=in_days(0))[0]["quoted"], 307)
		self.assertEqual(self.of_owner("Owner", from_date=in_days(-9), to_date=in_days(-1)), [])

	def test_an_amount_without_rows(self):
		opportunity = make_party_opportunity(items=[], opportunity_amount=50, opportunity_owner=self.owner)
		make_quotation(opportunity)
		self.assertEqual(self.of_owner("Owner")[0]["quoted"], 757)

	def test_what_was_submitted_before_costs_were_kept_is_no_margin(self):
		frappe.db.set_value("Quotation Item", {"parent": self.open.name}, "base_cost", 0)
		self.assertSums(self.of_owner("Owner")[0], 3, 707, 107, 200, 50, 10)

	def test_ordered_in_part_each_row_counts_by_itself(self):
		in_part = self.quoted(90, 10)
		in_part.mark_ordered(items=[in_part.items[0].name])
		self.assertSums(self.of_owner("Owner")[0], 4, 814, 207, 200, 260, 20)
		in_part.declare_lost([make_lost_reason().name])
		self.assertSums(self.of_owner("Owner")[0], 4, 814, 207, 207, 260, 20)

	def test_only_the_newest_revision_counts(self):
		make_revision(self.open.name).insert().submit()
		self.assertSums(self.of_owner("Owner")[0], 3, 707, 107, 200, 250, 10)

	def test_the_chart_has_no_total(self):
		chart = run(REPORT, filters={"opportunity_owner": [self.owner]})["chart"]
		self.assertEqual(len(chart["data"]["labels"]), 1)
		self.assertEqual([each["values"] for each in chart["data"]["datasets"]], [[707], [107], [10]])

	def test_bad_filters(self):
		with self.assertRefused(ImpossibleDate):
			self.rows(from_date=in_days(1), to_date=in_days(0))
		with self.assertRefused(frappe.ValidationError, "Group By"):
			self.rows(group_by="Colour")
		with self.assertRefused(UnreadableFilters):
			self.rows(supplier={"like": "%"})

	def test_who_may_run_it(self):
		with self.as_user("Sales User"), self.assertRefused(frappe.PermissionError):
			self.rows()
		with self.as_user("Purchase User"):
			self.assertTrue(self.rows())
		frappe.db.delete("DocPerm", {"parent": "Quotation", "permlevel": 2, "role": "Purchase User"})
		frappe.clear_cache(doctype="Quotation")
		self.addCleanup(frappe.clear_cache, doctype="Quotation")
		with self.as_user("Purchase User"), self.assertRefused(FieldOutOfReach):
			self.rows()

	def test_hidden_quotations_are_in_no_sum(self):
		settings = frappe.get_doc("Selling Settings")
		settings.opportunity_visibility = OWN
		settings.save()
		frappe.get_doc("User", self.owner).add_roles("Purchase User")
		stranger = make_user("Sales User", "Purchase User")
		for user, quoted in ((self.owner, 707), (stranger, None)):
			frappe.set_user(user)
			self.assertEqual([row["quoted"] for row in self.rows()[:1]], [quoted] if quoted else [])
