"""Every change of status that the table does not have is refused over REST and in bulk, and changes nothing."""

import json

import frappe
import pytest

from crm_pipeline.rules import status
from crm_pipeline.rules.test_status import STATUSES, allowed
from crm_pipeline.tests.factories import (
	in_days,
	make_lost_reason,
	make_opportunity,
	make_party_opportunity,
	make_quotation,
)
from crm_pipeline.tests.rest import RestTestCase


def illegal_from(old: str) -> list[str]:
	"""What a bare update may not turn a status into."""
	return [new for new in STATUSES if new != old and (old, new, status.BY_HAND) not in allowed()]


class TestIllegalTransitions(RestTestCase):
	def setUp(self):
		super().setUp()
		reasons = [{"lost_reason": self.keep(make_lost_reason())}]
		details = {"lost_reasons": reasons, "paused_until": in_days(5)}
		self.opportunities = {
			start: make_opportunity(status=start, **details)
			for start in STATUSES
			if start != status.QUOTATION
		}
		quoted = make_party_opportunity()
		self.keep(frappe.get_doc("Customer", quoted.party_name))
		self.keep(frappe.get_doc("Item", quoted.items[0].item_code))
		self.opportunities[status.QUOTATION] = quoted
		for opportunity in self.opportunities.values():
			self.keep(opportunity)
		self.keep(make_quotation(quoted))
		self.steps = [(old, new) for old in STATUSES for new in illegal_from(old)]

	def picture(self) -> list[dict]:
		frappe.db.rollback()
		return [
			frappe.get_doc("Opportunity", opportunity.name).as_dict()
			for opportunity in self.opportunities.values()
		]

	def test_the_table_leaves_something_to_refuse_from_every_status(self):
		self.assertEqual({old for old, _new in self.steps}, set(STATUSES))
		for start, opportunity in self.opportunities.items():
			self.assertEqual(frappe.db.get_value("Opportunity", opportunity.name, "status"), start)

	def test_over_rest(self):
		before = self.picture()
		for old, new in self.steps:
			with self.subTest(old=old, new=new):
				answer = self.api.put(f"/api/resource/Opportunity/{self.opportunities[old].name}", status=new)
				self.assertAnswer(answer, 417, "IllegalStatusChange")
		self.assertEqual(self.picture(), before)

	def test_in_bulk(self):
		before = self.picture()
		docs = [
			{"doctype": "Opportunity", "docname": self.opportunities[old].name, "status": new}
			for old, new in self.steps
		]
		answer = self.api.post("/api/method/frappe.client.bulk_update", docs=json.dumps(docs))
		self.assertEqual(answer.status_code, 200)
		failed = answer.json["message"]["failed_docs"]
		self.assertEqual(len(failed), len(self.steps))
		for each in failed:
			self.assertIn("IllegalStatusChange", each["exc"])
		self.assertEqual(self.picture(), before)

	@pytest.mark.bench_only("Desk's own bulk edit runs in Frappe's Bulk Update, which only Desk calls")
	def test_in_desk_s_bulk_edit(self):
		before = self.picture()
		for old, new in self.steps:
			answer = self.api.post(
				"/api/method/frappe.desk.doctype.bulk_update.bulk_update.submit_cancel_or_update_docs",
				doctype="Opportunity",
				docnames=json.dumps([self.opportunities[old].name]),
				action="update",
				data=json.dumps({"status": new}),
			)
			self.assertEqual(answer.json["message"], [self.opportunities[old].name])
		self.assertEqual(self.picture(), before)

	def test_what_the_table_has_goes_through(self):
		for old, new in (
			(status.OPEN, status.REPLIED),
			(status.LOST, status.OPEN),
			(status.PAUSED, status.CLOSED),
		):
			answer = self.api.put(f"/api/resource/Opportunity/{self.opportunities[old].name}", status=new)
			self.assertEqual((answer.status_code, answer.json["data"]["status"]), (200, new))
