import frappe
from frappe.desk.query_report import run

from crm_pipeline import exceptions
from crm_pipeline.crm_pipeline.report.opportunity_summary_by_sales_stage.opportunity_summary_by_sales_stage import (
	keys,
)
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make_competitor,
	make_lost_reason,
	make_mail,
	make_opportunity,
	make_process,
	make_user,
	unique,
)

RESPONSE = "Minutes to First Response for Opportunity"
LOST = "Lost Opportunity"
SUMMARY = "Opportunity Summary by Sales Stage"
ANALYTICS = "Sales Pipeline Analytics"
ACTIVITIES = "Activities and Tasks"
PREVIEW, ROTTING = "Auto-close Preview", "Rotting Opportunities"
MOVED, FORECAST, AGEING, DUE = "What Moved", "Forecast", "Ageing Opportunities", "Follow-ups Due"
SCREEN = 1100  # pixels that Frappe 16 leaves to columns on a screen of 1,400


def rows(report: str, **filters) -> list[dict]:
	return [row for row in run(report, filters=filters)["result"] if isinstance(row, dict)]


class TestReports(TestCase):
	def setUp(self):
		super().setUp()
		self.owner = make_user("Sales User")

	def make(self, **fields):
		return make_opportunity(opportunity_owner=self.owner, **fields)

	def test_every_report_runs_without_filters(self):
		for report in (
			RESPONSE,
			LOST,
			SUMMARY,
			ANALYTICS,
			PREVIEW,
			ROTTING,
			ACTIVITIES,
			MOVED,
			FORECAST,
			AGEING,
		):
			with self.subTest(report=report):
				self.assertIn("columns", run(report, filters={}))

	def test_text_is_never_taken_for_a_number(self):
		for report in (LOST, PREVIEW, ROTTING):
			with self.subTest(report=report):
				kinds = {
					column["fieldtype"]: column.get("align") for column in run(report, filters={})["columns"]
				}
				self.assertEqual((kinds["Data"], kinds["Link"], kinds["Currency"]), ("left", "left", None))

	def test_what_to_act_on_is_seen_without_scrolling(self):
		for report in (PREVIEW, ROTTING, MOVED, FORECAST, AGEING, DUE):
			with self.subTest(report=report):
				columns = run(report, filters={})["columns"]
				self.assertLessEqual(sum(column["width"] for column in columns), SCREEN)

	def test_minutes_to_first_response_by_day(self):
		for minutes in (10, 20):
			opportunity = self.make()
			at = frappe.utils.add_to_date(opportunity.creation, minutes=minutes)
			make_mail(opportunity, communication_date=at)
		self.make()
		(row,) = rows(RESPONSE, opportunity_owner=self.owner)
		self.assertEqual(str(row["transaction_date"]), frappe.utils.today())
		self.assertEqual((row["responded"], row["mins_to_first_response"]), (2, 15))

	def test_median_and_nine_of_ten(self):
		for minutes, median, slowest in (
			((7,), 7, 7),
			((1, 3), 2, 3),
			((9, 1, 2), 2, 9),
			((5, 5, 5, 100), 5, 100),
			(range(1, 11), 5.5, 9),
			(range(1, 21), 10.5, 18),
		):
			owner = make_user("Sales User")
			for each in minutes:
				opportunity = make_opportunity(opportunity_owner=owner)
				values = {"mins_to_first_response": each, "first_responded_on": opportunity.creation}
				frappe.db.set_value("Opportunity", opportunity.name, values)
			make_opportunity(opportunity_owner=owner)
			for group in ("Day", "Owner"):
				with self.subTest(f"{minutes} by {group}"):
					(row,) = rows(RESPONSE, opportunity_owner=owner, group_by=group)
					self.assertEqual(
						(row["responded"], row["median"], row["slowest_tenth"]),
						(len(minutes), median, slowest),
					)

	def test_lost_opportunities_with_all_reasons(self):
		price, timing = make_lost_reason().name, make_lost_reason().name
		rival = make_competitor().name
		self.make(opportunity_amount=70).declare_lost([price, timing], [rival], "Beaten")
		self.make().declare_lost([timing])
		self.make()
		found = rows(LOST, opportunity_owner=self.owner)
		self.assertEqual(len(found), 2)
		(row,) = rows(LOST, opportunity_owner=self.owner, lost_reason=price)
		self.assertEqual((row["lost_reasons"], row["competitors"]), (f"{price}, {timing}", rival))
		self.assertEqual((row["opportunity_amount"], row["order_lost_reason"]), (70, "Beaten"))
		self.assertEqual(row["owner_name"], frappe.db.get_value("User", self.owner, "full_name"))
		self.assertNotEqual(row["owner_name"], self.owner)
		self.assertFalse(rows(LOST, opportunity_owner=self.owner, to_date=in_days(-1)))

	def test_what_was_lost_last_comes_first_with_its_reasons_in_their_order(self):
		names = [f"{number}, {unique('Reason')} {number}" for number in range(12, 0, -1)]
		reasons = [make_lost_reason(lost_reason=name).name for name in names]
		former, latter = self.make(transaction_date=in_days(-9)), self.make()
		with self.at(f"{in_days(-3)} 12:00:00"):
			former.declare_lost(reasons[:1])
		latter.declare_lost(reasons)
		found = rows(LOST, opportunity_owner=self.owner)
		self.assertEqual([row["name"] for row in found], [latter.name, former.name])
		self.assertEqual([row["lost_reasons"] for row in found], [", ".join(reasons), reasons[0]])
		(row,) = rows(LOST, opportunity_owner=self.owner, lost_reason=f'["{reasons[7]}"]')
		self.assertEqual(row["name"], latter.name)

	def test_summary_by_stage_in_number_and_amount(self):
		process = make_process(10, 40)
		hint, talk = (row.sales_stage for row in process.stages[:2])
		for stage, amount in ((hint, 100), (hint, 50), (talk, 1000)):
			self.make(sales_process=process.name, sales_stage=stage, opportunity_amount=amount)
		for value, expected in (("Number", [2, 1, 3]), ("Amount", [150, 1000, 1150])):
			result = run(SUMMARY, filters={"opportunity_owner": self.owner, "data_based_on": value})
			self.assertEqual([column["label"] for column in result["columns"]][1:], [hint, talk, "Total"])
			(row,) = result["result"]
			self.assertEqual([row[key] for key in (*keys([hint, talk]), "total")], expected)
			self.assertEqual(row["row"], self.owner)

	def test_owners_go_by_their_names_with_a_total_below(self):
		other = make_user("Sales User")
		for user, name in ((self.owner, "Ada Adler"), (other, "Ben Berg")):
			frappe.db.set_value("User", user, "full_name", name)
		process = make_process()
		stage = process.stages[0].sales_stage
		for user, amount in ((self.owner, 0.1), (self.owner, 0.2), (other, 0.7), (None, 0.05)):
			make_opportunity(
				opportunity_owner=user,
				sales_process=process.name,
				opportunity_amount=amount,
				expected_closing=in_days(3),
			)
		for report, name, value in (
			(SUMMARY, "based_on", "data_based_on"),
			(ANALYTICS, "pipeline_by", "based_on"),
		):
			with self.subTest(report):
				found = rows(report, sales_process=[process.name], **{value: "Amount"})
				self.assertEqual(
					[(row[name], row.get("row"), row["total"]) for row in found],
					[
						("Ben Berg", other, 0.7),
						("Ada Adler", self.owner, 0.3),
						("Not Set", "", 0.05),
						("Total", None, 1.05),
					],
				)
				self.assertEqual([row.get("bold") for row in found], [None, None, None, 1])
				self.assertEqual(found[-1]["currency"], found[0]["currency"])
				(alone,) = rows(report, sales_process=[process.name], opportunity_owner=[other])
				self.assertEqual((alone[name], alone["total"]), ("Ben Berg", 1))
		self.assertEqual(rows(SUMMARY, sales_process=[process.name])[-1][keys([stage])[0]], 4)

	def test_analytics_keep_the_months_of_different_years_apart(self):
		for closing, amount in (("2031-03-31", 10), ("2031-03-01", 5), ("2032-03-15", 7)):
			self.make(expected_closing=closing, opportunity_amount=amount)
		filters = {
			"opportunity_owner": self.owner,
			"from_date": "2031-02-10",
			"to_date": "2032-04-05",
			"based_on": "Amount",
		}
		with self.at("2031-03-10 12:00:00"):
			result = run(ANALYTICS, filters=filters)
			(quarters,) = rows(ANALYTICS, **filters, range="Quarterly")
		(row,) = result["result"]
		self.assertEqual(len(result["columns"]), 1 + 15 + 1)
		self.assertEqual((row["from_2031_03"], row["from_2032_03"], row["total"]), (15, 7, 22))
		self.assertEqual((quarters["from_2031_01"], quarters["from_2032_01"]), (15, 7))

	def test_analytics_weigh_and_leave_out_what_is_over(self):
		self.make(expected_closing=in_days(3), opportunity_amount=200, probability=25)
		self.make(expected_closing=in_days(3), opportunity_amount=800).mark_won()
		(row,) = rows(ANALYTICS, opportunity_owner=self.owner, based_on="Weighted Amount")
		self.assertEqual(row["total"], 50)
		for value, total in (("Amount", 1000), ("Number", 2)):
			filters = {"status": ["Open", "Converted"], "based_on": value}
			(row,) = rows(ANALYTICS, opportunity_owner=self.owner, **filters)
			self.assertEqual(row["total"], total)

	def test_bad_filters_are_refused(self):
		for report, filters, refusal in (
			(LOST, {"from_date": "2026-02-30"}, exceptions.ImpossibleDate),
			(LOST, {"from_date": "2026-02-02", "to_date": "2026-02-01"}, exceptions.ImpossibleDate),
			(SUMMARY, {"based_on": "name; DROP TABLE"}, frappe.ValidationError),
			(ANALYTICS, {"range": "Yearly"}, frappe.ValidationError),
		):
			with self.subTest(report=report, filters=filters), self.assertRefused(refusal):
				run(report, filters=filters)

	def test_a_reason_with_a_quote_is_just_a_reason(self):
		self.make().declare_lost([make_lost_reason().name])
		self.assertEqual(rows(LOST, opportunity_owner=self.owner, lost_reason="x') OR ('1'='1"), [])

	def test_without_a_role_there_is_no_report(self):
		with self.as_user(), self.assertRefused(frappe.PermissionError):
			run(LOST, filters={})
