"""Each figure of a report is what the list adds up to that it opens."""

import frappe
from frappe.custom.doctype.property_setter.property_setter import make_property_setter
from frappe.desk.query_report import run
from frappe.utils import add_to_date

from crm_pipeline.crm_pipeline.report.opportunity_summary_by_sales_stage.opportunity_summary_by_sales_stage import (
	keys,
)
from crm_pipeline.exceptions import UnreadableFilters
from crm_pipeline.permissions.visibility import OWN
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make_customer,
	make_lead,
	make_mail,
	make_opportunity,
	make_process,
	make_user,
)
from crm_pipeline.tests.figures import assert_figures_open
from crm_pipeline.tests.limited import settings

SUMMARY, ANALYTICS = "Opportunity Summary by Sales Stage", "Sales Pipeline Analytics"
RESPONSE = "Minutes to First Response for Opportunity"
TOLD = {"Number": "count", "Amount": "amount", "Weighted Amount": "weighted"}


class TestFiguresOpen(TestCase):
	def setUp(self):
		super().setUp()
		self.process = make_process(20, 50)
		self.first, self.second = (row.sales_stage for row in self.process.stages[:2])
		self.anna, self.ben = make_user("Sales User"), make_user("Sales User")

	def make(self, owner: str | None = None, **fields):
		return make_opportunity(sales_process=self.process.name, opportunity_owner=owner, **fields)

	def rows(self, report: str, figures: dict[str, str], **filters) -> list[dict]:
		"""The rows, after each of their figures was opened."""
		found = run(report, filters=filters)["result"]
		told = {column: what for column, what in figures.items() if found and column in found[0]}
		assert_figures_open(self, report, filters, found, told)
		return found

	def test_summary(self):
		self.make(self.anna, opportunity_amount=10.1)
		self.make(self.anna, opportunity_amount=0.2, source="Website" if self.has_source("Website") else None)
		self.make(self.anna, sales_stage=self.second, opportunity_amount=7)
		self.make(None, opportunity_amount=None)
		for based_on in ("Opportunity Owner", "Source", "Opportunity Type", "Territory"):
			for value in ("Number", "Amount"):
				columns = (*keys([row.sales_stage for row in self.process.stages]), "total")
				told = dict.fromkeys(columns, TOLD[value])
				filters = {"sales_process": [self.process.name], "based_on": based_on, "data_based_on": value}
				with self.subTest(filters):
					rows = self.rows(SUMMARY, told, **filters)
					self.assertEqual(self.sum_of(rows), 4 if value == "Number" else 17.3)

	def test_a_stage_keeps_its_list_whatever_other_filters_leave(self):
		self.make(self.anna)
		self.make(self.ben, sales_stage=self.second)
		first, second = keys([row.sales_stage for row in self.process.stages][:2])
		filters = {"sales_process": [self.process.name], "opportunity_owner": [self.ben]}
		(row,) = run(SUMMARY, filters=filters)["result"]
		self.assertEqual(row[second], 1)
		with self.assertRefused(UnreadableFilters):
			run(SUMMARY, filters={**filters, "show": first})

	def sum_of(self, rows: list[dict]) -> float:
		"""What the rows add up to, which their total says too."""
		found = round(sum(row["total"] for row in rows if not row.get("bold")), 2)
		if len(rows) > 1:
			self.assertEqual((rows[-1]["total"], rows[-1]["bold"]), (found, 1))
		return found

	def has_source(self, name: str) -> bool:
		return bool(frappe.db.exists("Lead Source", name))

	def test_analytics(self):
		for closing in ("2031-01-09", "2031-01-10", "2031-01-31", "2031-02-01", "2031-04-05", "2031-04-06"):
			self.make(self.anna, expected_closing=closing, opportunity_amount=100)
		self.make(self.ben, expected_closing="2031-01-20", opportunity_amount=3)
		self.make(None, expected_closing="2031-02-20")
		self.make(self.anna)
		period = {"from_date": "2031-01-10", "to_date": "2031-04-05", "sales_process": [self.process.name]}
		months = [f"from_2031_0{month}" for month in range(1, 5)]
		for by in ("Owner", "Sales Stage", "Source", "Country"):
			for spans in ("Monthly", "Quarterly"):
				for value, what in TOLD.items():
					told = dict.fromkeys((*months, "total"), what)
					with self.subTest(by=by, spans=spans, value=value):
						filters = {**period, "pipeline_by": by, "range": spans, "based_on": value}
						rows = self.rows(ANALYTICS, told, **filters)
						self.assertEqual(
							self.sum_of(rows), {"count": 6, "amount": 403, "weighted": 80.6}[what]
						)

	def test_the_country_is_the_partys_or_the_opportunitys(self):
		customer = make_customer(country="Italy")
		lead = make_lead(country="Peru")
		for fields in (
			{"opportunity_from": "Customer", "party_name": customer.name},
			{"opportunity_from": "Customer", "party_name": customer.name, "country": "Chad"},
			{"opportunity_from": "Lead", "party_name": lead.name},
			{"country": "Mali"},
		):
			self.make(self.anna, expected_closing=in_days(3), **fields)
		rows = self.rows(ANALYTICS, {"total": "count"}, **self.by_country())
		counts = {row.get("row"): row["total"] for row in rows}
		self.assertEqual(counts, {"Italy": 2, "Mali": 1, "Peru": 1, None: 4})

	def test_no_country_is_told_of_parties_that_are_out_of_reach(self):
		lead = make_lead(country="Peru")
		self.make(
			self.anna,
			expected_closing=in_days(3),
			opportunity_from="Lead",
			party_name=lead.name,
			country="Mali",
		)
		make_property_setter("Lead", "country", "permlevel", 3, "Int")
		frappe.clear_cache(doctype="Lead")
		self.addCleanup(frappe.clear_cache, doctype="Lead")
		frappe.set_user(self.anna)
		(row,) = self.rows(ANALYTICS, {"total": "count"}, **self.by_country())
		self.assertEqual((row["row"], row["total"]), ("Mali", 1))

	def test_no_country_is_told_of_parties_that_are_hidden(self):
		seen, hidden = make_customer(country="Italy"), make_customer(country="Peru")
		opportunity = self.make(
			self.anna,
			expected_closing=in_days(3),
			opportunity_from="Customer",
			party_name=hidden.name,
			country="Mali",
		)
		frappe.share.add("Opportunity", opportunity.name, self.anna)
		limit = {"user": self.anna, "allow": "Customer", "for_value": seen.name}
		frappe.get_doc({"doctype": "User Permission", **limit}).insert()
		frappe.set_user(self.anna)
		(row,) = self.rows(ANALYTICS, {"total": "count"}, **self.by_country())
		self.assertEqual((row["row"], row["total"]), ("Mali", 1))

	def by_country(self) -> dict:
		return {"pipeline_by": "Country", "sales_process": [self.process.name]}

	def answered_by_nobody(self, minutes: int) -> str:
		opportunity = self.make(None)
		make_mail(opportunity, communication_date=add_to_date(opportunity.creation, minutes=minutes))
		return opportunity.name

	def test_minutes(self):
		for owner, minutes in ((self.anna, 10), (self.anna, 20), (self.ben, 5), (None, 7)):
			opportunity = self.make(owner)
			make_mail(opportunity, communication_date=add_to_date(opportunity.creation, minutes=minutes))
		frappe.db.set_value("Opportunity", self.answered_by_nobody(9), "opportunity_owner", "")
		self.make(self.anna)
		rows = {row["row"]: row for row in self.rows(RESPONSE, {"responded": "count"}, group_by="Owner")}
		responded = [rows[user]["responded"] for user in (self.anna, self.ben)]
		self.assertEqual(responded, [2, 1])
		self.assertGreaterEqual(rows[""]["responded"], 2)  # what nobody owns is one row
		filters = {"group_by": "Owner", "show": f"median:{self.anna}"}
		listed = run(RESPONSE, filters=filters)["result"]
		self.assertEqual(sorted(row["minutes"] for row in listed), [10, 20])
		self.assertEqual(rows[self.anna]["mins_to_first_response"], 15)
		(day,) = self.rows(RESPONSE, {"responded": "count"}, opportunity_owner=[self.anna])
		self.assertEqual(day["row"], in_days(0))

	def test_lists_hide_what_figures_hide(self):
		settings(opportunity_visibility=OWN)
		for owner in (self.anna, self.anna, self.anna, self.ben):
			self.make(owner, expected_closing=in_days(3))
		frappe.set_user(self.anna)
		for report in (SUMMARY, ANALYTICS):
			(row,) = self.rows(report, {"total": "count"}, sales_process=[self.process.name])
			self.assertEqual((row["row"], row["total"]), (self.anna, 3))
			hidden = run(report, {"sales_process": [self.process.name], "show": f"total:{self.ben}"})
			self.assertEqual(hidden["result"], [])

	def test_columns_out_of_reach_are_not_listed(self):
		self.make(self.anna, opportunity_amount=5)
		make_property_setter("Opportunity", "opportunity_amount", "permlevel", 3, "Int")
		frappe.clear_cache(doctype="Opportunity")
		self.addCleanup(frappe.clear_cache, doctype="Opportunity")
		frappe.set_user(self.anna)
		answer = run(SUMMARY, {"sales_process": [self.process.name], "show": "total"})
		names = {column["fieldname"] for column in answer["columns"]}
		self.assertFalse({"amount", "weighted"} & (names | set(answer["result"][0])))
		self.assertTrue({"opportunity", "title"} <= names)

	def test_figures_that_are_not_there(self):
		for report in (SUMMARY, ANALYTICS, RESPONSE):
			for show in ("name", "stage_99:x", "from_1999_01", 7, {"a": 1}):
				with self.subTest(report, show=show), self.assertRefused(UnreadableFilters):
					run(report, {"show": show})

	def test_nothing_at_all(self):
		nobody = {"opportunity_owner": [make_user("Sales User")]}
		for report in (SUMMARY, ANALYTICS, RESPONSE):
			with self.subTest(report):
				self.assertEqual(run(report, nobody)["result"], [])
				self.assertEqual(run(report, {**nobody, "show": self.whole(report)})["result"], [])

	def whole(self, report: str) -> str:
		return "responded" if report == RESPONSE else "total"
