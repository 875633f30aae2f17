"""What was lost by reason, competitor, owner and stage, over time; every figure opens what it counts."""

import frappe
from frappe.custom.doctype.property_setter.property_setter import make_property_setter
from frappe.desk.query_report import run

from crm_pipeline import exceptions
from crm_pipeline.permissions.visibility import OWN
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	make,
	make_competitor,
	make_exchange_rate,
	make_lost_reason,
	make_opportunity,
	make_process,
	make_user,
)
from crm_pipeline.tests.figures import assert_figures_open
from crm_pipeline.tests.limited import settings

LOST = "Lost Opportunity"
MONTHS = ("from_2031_01", "from_2031_02", "from_2031_03")
PERIOD = {"from_date": "2031-01-10", "to_date": "2031-03-15"}
OVERLAP = "In Several Rows"


class GroupedCase(TestCase):
	def setUp(self):
		super().setUp()
		self.process = make_process(20, 50)
		self.first, self.second = (row.sales_stage for row in self.process.stages[:2])
		self.anna, self.ben = make_user("Sales User"), make_user("Sales User")
		self.price, self.timing = make_lost_reason().name, make_lost_reason().name
		self.rival = make_competitor().name

	def lose(self, day: str, *reasons: str, rivals: tuple = (), stage: str | None = None, **fields):
		fields = {"sales_process": self.process.name, "opportunity_owner": self.anna, **fields}
		with self.at(f"{day} 09:00:00"):
			opportunity = make_opportunity(transaction_date=day, **fields)
			if stage:
				opportunity.reload().update({"sales_stage": stage}).save()
			opportunity.reload().declare_lost(list(reasons), list(rivals))
		return opportunity

	def report(self, **filters) -> dict:
		return run(LOST, filters={**PERIOD, "opportunity_owner": [self.anna, self.ben], **filters})

	def rows(self, group_by: str = "Lost Reason", **filters) -> dict[str, dict]:
		"""The rows by what they are called, after each of their figures was opened and their columns were added up."""
		filters = {"group_by": group_by, **filters}
		found = self.report(**filters)["result"]
		of = "count" if filters.get("based_on", "Number") == "Number" else "amount"
		columns = [
			name for name in (found[0] if found else {}) if name == "total" or name.startswith("from_")
		]
		opened = [row for row in found if "row" in row or row.get("bold")]
		asked = {**PERIOD, "opportunity_owner": [self.anna, self.ben], **filters}
		assert_figures_open(self, LOST, asked, opened, dict.fromkeys(columns, of))
		for name in columns:
			parts = sum(row[name] for row in found if not row.get("bold"))
			self.assertEqual(round(parts, 2), found[-1][name], name)
		return {row["group"]: row for row in found}

	def figures(self, row: dict) -> list[float]:
		return [row[name] for name in (*MONTHS, "total")]


class TestGrouped(GroupedCase):
	def setUp(self):
		super().setUp()
		self.lose("2031-01-09", self.price, opportunity_amount=1000)  # the day before
		self.lose("2031-01-10", self.price, opportunity_amount=10.1)
		self.lose("2031-01-31", self.price, self.timing, rivals=(self.rival,), opportunity_amount=0.2)
		self.lose("2031-02-01", self.timing, opportunity_amount=7, opportunity_owner=self.ben)
		self.lose("2031-03-15", self.price, stage=self.second, opportunity_amount=0.01)
		self.lose("2031-03-16", self.price, opportunity_amount=1000)  # the day after
		with self.at("2031-02-02 09:00:00"):
			make_opportunity(opportunity_owner=self.anna, opportunity_amount=99).reload().mark_won()

	def test_by_reason_in_number_and_amount(self):
		rows = self.rows()
		self.assertEqual(list(rows), [self.price, self.timing, OVERLAP, "Total"])
		self.assertEqual(
			[*map(self.figures, rows.values())], [[2, 0, 1, 3], [1, 1, 0, 2], [-1, 0, 0, -1], [2, 1, 1, 4]]
		)
		rows = self.rows(based_on="Amount")
		self.assertEqual(self.figures(rows[self.price]), [10.3, 0, 0.01, 10.31])
		self.assertEqual(self.figures(rows[OVERLAP]), [-0.2, 0, 0, -0.2])
		self.assertEqual(self.figures(rows["Total"]), [10.3, 7, 0.01, 17.31])

	def test_what_is_counted_more_than_once_is_said(self):
		self.assertIn("Total has each opportunity once", self.report(group_by="Lost Reason")["message"])
		for group_by in ("Competitor", "Owner", "Sales Stage"):
			self.assertIsNone(self.report(group_by=group_by)["message"])

	def test_quarters_and_years(self):
		rows = self.rows(range="Quarterly")
		self.assertEqual((rows["Total"]["from_2031_01"], rows["Total"]["total"]), (4, 4))
		rows = self.rows(range="Yearly", from_date="2030-06-01", to_date="2031-12-31", based_on="Amount")
		names = [name for name in rows["Total"] if name.startswith("from_")]
		self.assertEqual(names, ["from_2030_01", "from_2031_01"])
		self.assertEqual(rows["Total"]["from_2031_01"], 2017.31)
		labels = [column["label"] for column in self.report(group_by="Owner", range="Yearly")["columns"]]
		self.assertEqual(labels, ["Owner", "2031", "Total"])

	def test_by_competitor(self):
		rows = self.rows("Competitor")
		self.assertEqual(
			{name: row["total"] for name, row in rows.items()}, {"Not Set": 3, self.rival: 1, "Total": 4}
		)

	def test_by_owner(self):
		rows = {row.get("row"): row for row in self.report(group_by="Owner", based_on="Amount")["result"]}
		self.assertEqual(
			(rows[self.anna]["total"], rows[self.ben]["total"], rows[None]["total"]), (10.31, 7, 17.31)
		)
		frappe.db.set_value("User", self.anna, "full_name", "Anna Adler")
		self.assertEqual(self.rows("Owner")["Anna Adler"]["total"], 3)

	def test_by_the_stage_in_which_it_was_lost(self):
		rows = self.rows("Sales Stage")
		self.assertEqual(
			{name: row["total"] for name, row in rows.items()}, {self.first: 3, self.second: 1, "Total": 4}
		)

	def test_lost_again_counts_where_it_was_lost_last(self):
		again = self.lose("2031-02-03", self.price)
		with self.at("2031-02-04 09:00:00"):
			again.reload().reopen()
			again.reload().update({"sales_stage": self.second}).save()
			again.reload().declare_lost([self.timing])
		self.assertEqual(self.rows("Sales Stage")[self.second]["total"], 2)

	def test_what_came_in_lost_was_in_the_first_stage(self):
		fields = {"sales_process": self.process.name, "opportunity_owner": self.anna, "status": "Lost"}
		reasons = [{"lost_reason": self.price}]
		with self.at("2031-02-06 09:00:00"):
			make_opportunity(
				transaction_date="2031-02-03", closed_on="2031-02-05", lost_reasons=reasons, **fields
			)
		self.assertEqual(self.rows("Sales Stage")[self.first]["total"], 4)

	def test_a_reason_that_is_named_twice_counts_once(self):
		doubled = self.lose("2031-02-05", self.price)
		row = doubled.lost_reasons[0].as_dict()
		frappe.get_doc({**row, "name": None, "idx": 2, "doctype": "Lost Reason Detail"}).db_insert()
		self.assertEqual(self.rows()[self.price]["from_2031_02"], 1)

	def test_without_any_reason(self):
		bare = self.lose("2031-02-05", self.price)
		frappe.db.delete("Lost Reason Detail", {"parent": bare.name})
		self.assertEqual(self.rows()["Not Set"]["total"], 1)

	def test_filters_on_reasons_leave_their_rows(self):
		rows = self.rows(lost_reason=[self.timing])
		self.assertEqual({name: row["total"] for name, row in rows.items()}, {self.timing: 2, "Total": 2})
		rows = self.rows("Competitor", lost_reason=[self.timing])
		self.assertEqual(
			{name: row["total"] for name, row in rows.items()}, {"Not Set": 1, self.rival: 1, "Total": 2}
		)
		self.assertEqual(self.rows(competitor=[self.rival])["Total"]["total"], 1)

	def test_other_currencies_are_added_up_in_that_of_the_site(self):
		with self.at("2031-02-06 09:00:00"):
			make_exchange_rate("EUR", "USD", 1.1, "2031-02-06")
		self.lose("2031-02-06", self.timing, currency="EUR", opportunity_amount=33.33)
		self.assertEqual(self.rows(based_on="Amount")[self.timing]["from_2031_02"], 43.66)

	def test_the_chart_has_the_largest_and_adds_up_the_rest(self):
		for number in range(8):
			self.lose("2031-02-07", make_lost_reason().name, opportunity_amount=20 + number)
		data = self.report(group_by="Lost Reason", based_on="Amount")["chart"]["data"]
		self.assertEqual(len(data["datasets"]), 7)
		self.assertEqual(data["datasets"][-1]["name"], "Others")
		self.assertEqual(round(sum(sum(each["values"]) for each in data["datasets"]), 2), 205.51)

	def test_the_list_is_as_it_was(self):
		answer = self.report()
		self.assertEqual(len(answer["result"]), 4)
		self.assertIn("lost_reasons", answer["result"][0])
		self.assertEqual(len(self.report(show=f"total:{self.price}")["result"]), 4)


class TestBounds(GroupedCase):
	def test_nothing(self):
		for group_by in ("Lost Reason", "Competitor", "Owner", "Sales Stage"):
			answer = self.report(group_by=group_by)
			self.assertEqual((answer["result"], answer["chart"], answer["message"]), ([], None, None))

	def test_at_most_as_many_columns_as_one_can_read(self):
		ten_years = {"from_date": "2031-01-01", "to_date": "2040-12-31", "group_by": "Owner"}
		with self.assertRefused(exceptions.TooManyPeriods):
			self.report(**ten_years)
		self.assertEqual(self.report(**ten_years, range="Yearly")["result"], [])

	def test_figures_that_are_not_there(self):
		for show in ("name:x", "from_1999_01", "lost_reasons", 7, {"a": 1}):
			with self.subTest(show), self.assertRefused(exceptions.UnreadableFilters):
				self.report(group_by="Lost Reason", show=show)
		for filters in ({"group_by": "name"}, {"range": "Daily"}, {"based_on": "Weighted Amount"}):
			with self.subTest(filters), self.assertRefused(frappe.ValidationError):
				self.report(**{"group_by": "Owner", **filters})

	def test_hidden_ones_count_for_nothing(self):
		settings(opportunity_visibility=OWN)
		self.lose("2031-02-01", self.price)
		self.lose("2031-02-01", self.timing, opportunity_owner=self.ben)
		frappe.set_user(self.anna)
		self.assertEqual(list(self.rows()), [self.price, "Total"])
		self.assertEqual(self.report(group_by="Lost Reason", show=f"total:{self.timing}")["result"], [])

	def test_fields_out_of_reach_are_neither_grouped_nor_filtered_by(self):
		self.lose("2031-02-01", self.price)
		for field, filters in (
			("lost_reasons", {"group_by": "Lost Reason"}),
			("competitors", {"group_by": "Competitor"}),
			("opportunity_amount", {"group_by": "Owner", "based_on": "Amount"}),
			("closed_on", {"group_by": "Sales Stage"}),
			("lost_reasons", {"group_by": "Owner", "lost_reason": [self.price]}),
			("lost_reasons", {"lost_reason": [self.price]}),
			("competitors", {"competitor": self.rival}),
		):
			make_property_setter("Opportunity", field, "permlevel", 3, "Int")
			frappe.clear_cache(doctype="Opportunity")
			self.addCleanup(frappe.clear_cache, doctype="Opportunity")
			with self.as_user("Sales User"), self.subTest(field):
				with self.assertRefused(exceptions.FieldOutOfReach):
					self.report(**filters)
			frappe.db.delete("Property Setter", {"doc_type": "Opportunity", "field_name": field})
			frappe.clear_cache(doctype="Opportunity")

	def test_texts_of_people_stay_texts(self):
		reason = make("Lost Reason", lost_reason=f"5' OR ''=' {frappe.generate_hash(length=6)}").name
		self.lose("2031-02-01", reason)
		self.assertEqual(self.rows()[reason]["total"], 1)
