"""Two people close the same opportunity at the same moment: one does, the other is told, and nothing is half done."""

import frappe

from crm_pipeline.tests.factories import make_lost_reason, unique
from crm_pipeline.tests.http import Api, send_together
from crm_pipeline.tests.rest import RestTestCase

CONFLICT = (417, "TimestampMismatchError")


class TestTwoClosers(RestTestCase):
	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		cls.colleague = Api(*cls.roles)
		cls.made.append(("User", cls.colleague.user))

	def setUp(self):
		super().setUp()
		self.reason = self.keep(make_lost_reason())
		self.name = self.create("Opportunity", title=unique("Contested"), opportunity_amount=10)["name"]

	def outcomes(self, *answers) -> list[tuple]:
		return sorted((answer.status_code, answer.json.get("exc_type") or "") for answer in answers)

	def assertWhole(self):
		"""Status, stage, closing data and history tell of one ending, whichever it was."""
		opportunity = self.opportunity(self.name)
		won = opportunity["status"] == "Converted"
		self.assertIn(
			(opportunity["status"], opportunity["sales_stage"]), {("Converted", "Won"), ("Lost", "Lost")}
		)
		self.assertEqual(
			(opportunity["probability"], opportunity["close_revenue"]), (100, 10) if won else (0, 0)
		)
		self.assertEqual(len(opportunity["lost_reasons"]), 0 if won else 1)
		changes = frappe.get_all("Pipeline Change", {"opportunity": self.name}, pluck="change")
		self.assertEqual(sorted(changes), ["Created", "Probability", "Stage", "Status"])

	def test_two_updates_from_the_same_state(self):
		path, modified = f"/api/resource/Opportunity/{self.name}", self.opportunity(self.name)["modified"]
		lost = {"status": "Lost", "lost_reasons": [{"lost_reason": self.reason}]}
		answers = send_together(
			{
				"method": "PUT",
				"path": path,
				"headers": self.api.headers,
				"json": {"sales_stage": "Won", "modified": modified},
			},
			{
				"method": "PUT",
				"path": path,
				"headers": self.colleague.headers,
				"json": {**lost, "modified": modified},
			},
		)
		self.assertEqual(self.outcomes(*answers), [(200, ""), CONFLICT])
		self.assertWhole()

	def test_two_forms_opened_before_either_closed(self):
		form = self.opportunity(self.name)
		answers = send_together(
			self.api.pressing(form, "mark_won"),
			self.colleague.pressing(form, "declare_lost", lost_reasons=[self.reason]),
		)
		self.assertEqual(self.outcomes(*answers), [(200, ""), CONFLICT])
		self.assertWhole()
