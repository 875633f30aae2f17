"""The report Supplier Response."""

import frappe

from crm_pipeline import exceptions
from crm_pipeline.crm_pipeline.report.supplier_response.supplier_response import execute
from crm_pipeline.quoting import request_answers
from crm_pipeline.quoting.request_answers import Answer, OfferedRow
from crm_pipeline.tests.limited import Limited, as_
from crm_pipeline.tests.requesting import RequestCase, make_reachable_supplier


class TestReport(RequestCase):
	def rows(self, **filters) -> list[dict]:
		return execute({"from_date": "2031-04-01", "to_date": "2031-06-30", **filters})[1]

	def asked(self, day: str, supplier=None, opportunity: str | None = None):
		with self.at(f"{day} 10:00:00"):
			self.opportunity = frappe.copy_doc(self.opportunity).insert()
			return self.request(supplier, answer_by=day[:8] + "28")

	def answered(self, request, day: str):
		offers = {row.name: OfferedRow(5, 0, 0) for row in request.items}
		with self.at(f"{day} 12:00:00"):
			request_answers.answer(request.name, Answer(offers, None, ""))

	def test_by_supplier_and_month(self):
		self.answered(self.asked("2031-05-01"), "2031-05-04")
		self.answered(self.asked("2031-05-02"), "2031-06-01")
		self.asked("2031-06-02")
		with self.at("2031-06-30 12:00:00"):
			whole = self.rows(supplier=[self.supplier.name])
			months = self.rows(supplier=[self.supplier.name], period="Month")
		(row,) = whole
		self.assertEqual((row["asked"], row["answered"], row["waiting"], row["late"]), (3, 2, 1, 2))
		self.assertEqual((row["answer_rate"], row["days_to_answer"]), (66.7, 16.5))
		self.assertEqual([(row["period"], row["asked"]) for row in months], [("2031-05", 2), ("2031-06", 1)])

	def test_the_last_day_counts_whole_and_plain_drafts_not_at_all(self):
		other = make_reachable_supplier()
		request = self.asked("2031-06-28", other)
		frappe.db.set_value("Supplier Quotation", request.name, "requested_on", "2031-06-28 23:59:59")
		frappe.get_doc({"doctype": "Supplier Quotation", "supplier": other.name, "net_total": 5}).insert()
		(row,) = self.rows(supplier=other.name, to_date="2031-06-28")
		self.assertEqual(row["asked"], 1)

	def test_bad_filters_are_refused(self):
		for refusal, filters in (
			(exceptions.ImpossibleDate, {"from_date": "2031-07-01"}),
			(frappe.ValidationError, {"period": "Decade"}),
			(exceptions.UnreadableFilters, {"supplier": {"like": "%"}}),
		):
			with self.subTest(filters), self.assertRaises(refusal):
				self.rows(**filters)


class TestVisibility(Limited, RequestCase):
	def test_requests_of_others_are_not_counted(self):
		as_("Administrator")
		self.opportunity.opportunity_owner = self.anna
		self.opportunity.save()
		self.request()
		for user in (self.anna, self.ben):
			frappe.get_doc("User", user).add_roles("Purchase User")
		for user, seen in ((self.anna, 1), (self.ben, 0)):
			as_(user)
			with self.subTest(user):
				rows = execute({"supplier": self.supplier.name})[1]
				self.assertEqual(len(rows), seen)
