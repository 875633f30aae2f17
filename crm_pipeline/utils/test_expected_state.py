"""A request that comes twice is carried out once; one that comes too late changes nothing."""

import frappe

from crm_pipeline.exceptions import FollowUpChanged, FollowUpDone, QuotationNotOpen, StateGone
from crm_pipeline.tests.factories import (
	in_days,
	make_lost_reason,
	make_opportunity,
	make_party_opportunity,
	make_quotation,
	unique,
)
from crm_pipeline.tests.following_up import FollowUpCase, in_hours
from crm_pipeline.tests.rest import RestTestCase


def stored(doc):
	return frappe.get_doc(doc.doctype, doc.name)


class TestFollowUps(FollowUpCase):
	def calls(self, opportunity) -> int:
		filters = {"reference_name": opportunity.name, "communication_medium": "Phone"}
		return frappe.db.count("Communication", filters)

	def test_done_whose_answer_was_lost_is_done_once(self):
		opportunity = self.opportunity(hours=-2)
		request = {
			"outcome": "Spoke to Ada",
			"medium": "Phone",
			"next_contact_date": str(in_hours(100)),
			"due": str(opportunity.next_contact_date),
		}
		stored(opportunity).complete_follow_up(**request)
		with self.assertRefused(FollowUpDone, "is done already"):
			stored(opportunity).complete_follow_up(**request)
		self.assertEqual((self.calls(opportunity), stored(opportunity).next_contact_date), (1, in_hours(100)))

	def test_also_where_no_other_follows(self):
		opportunity = self.opportunity(hours=-2)
		due = str(opportunity.next_contact_date)
		stored(opportunity).complete_follow_up("Agreed", due=due)
		for method, values in (
			("complete_follow_up", {"outcome": "Agreed"}),
			("snooze_follow_up", {"until": str(in_hours(9))}),
			("move_follow_up", {"to": str(in_hours(9))}),
		):
			with self.subTest(method=method), self.assertRefused(FollowUpDone):
				getattr(stored(opportunity), method)(**values, due=due)

	def test_of_two_with_the_same_dialog_the_second_is_refused(self):
		opportunity = self.opportunity(hours=-2)
		due = str(opportunity.next_contact_date)
		stored(opportunity).snooze_follow_up(str(in_hours(24)), due=due)
		for method, values in (
			("complete_follow_up", {"outcome": "Agreed"}),
			("snooze_follow_up", {"until": str(in_hours(48))}),
			("move_follow_up", {"to": str(in_hours(48))}),
		):
			with self.subTest(method=method), self.assertRefused(FollowUpChanged, "postponed"):
				getattr(stored(opportunity), method)(**values, due=due)
		self.assertEqual(stored(opportunity).next_contact_date, in_hours(24))

	def test_without_saying_so_the_present_one_is_meant(self):
		opportunity = self.opportunity(hours=-2)
		stored(opportunity).complete_follow_up("First", next_contact_date=str(in_hours(24)))
		stored(opportunity).complete_follow_up("Second")
		self.assertIsNone(stored(opportunity).next_contact_date)


class TestStates(FollowUpCase):
	def assertOnce(self, doc, method: str, fields: tuple, **arguments):
		"""The first request passes, the same one again is refused and changes nothing."""
		getattr(stored(doc), method)(**arguments)
		after = [stored(doc).get(field) for field in fields]
		with self.assertRefused(StateGone, "Nothing was changed"):
			getattr(stored(doc), method)(**arguments)
		self.assertEqual([stored(doc).get(field) for field in fields], after)

	def test_of_opportunities(self):
		reasons = [make_lost_reason().name]
		for method, values, arguments in (
			("advance", {}, {"from_stage": "Lead"}),
			("step_back", {"sales_stage": "Quoting"}, {"from_stage": "Quoting"}),
			(
				"change_process",
				{},
				{"sales_process": "Standard", "sales_stage": "Pitching", "from_stage": "Lead"},
			),
			("mark_won", {}, {"from_status": "Open"}),
			("declare_lost", {}, {"lost_reasons": reasons, "from_status": "Open"}),
			("pause", {}, {"until": in_days(3), "from_status": "Open"}),
			("reopen", {"status": "Closed"}, {"from_status": "Closed"}),
		):
			with self.subTest(method=method):
				opportunity = make_opportunity(**values)
				self.assertOnce(opportunity, method, ("status", "sales_stage", "paused_until"), **arguments)

	def test_of_quotations(self):
		reasons = [make_lost_reason().name]
		for method, arguments in (("mark_ordered", {}), ("declare_lost", {"lost_reasons": reasons})):
			with self.subTest(method=method):
				quotation = make_quotation(make_party_opportunity())
				self.assertOnce(quotation, method, ("status", "ordered_on"), **arguments, from_status="Open")
				with self.assertRefused(QuotationNotOpen):
					getattr(stored(quotation), method)(**arguments)

	def test_without_saying_so_the_present_state_is_meant(self):
		opportunity = make_opportunity()
		opportunity.advance()
		self.assertEqual(stored(opportunity).advance().sales_stage, "Quoting")


class TestOverRest(RestTestCase):
	def test_a_request_sent_again_is_refused(self):
		due = f"{in_days(-1)} 10:00:00"
		name = self.create("Opportunity", title=unique("Twice"), next_contact_date=due)["name"]
		request = {"outcome": "Spoke", "next_contact_date": f"{in_days(3)} 10:00:00", "due": due}
		self.run_ok(name, "complete_follow_up", **request)
		answer = self.api.run("Opportunity", name, "complete_follow_up", **request)
		self.assertAnswer(answer, 417, "FollowUpDone")
		self.run_ok(name, "advance", from_stage="Lead")
		self.assertAnswer(self.api.run("Opportunity", name, "advance", from_stage="Lead"), 417, "StateGone")
		self.assertEqual(self.opportunity(name)["sales_stage"], "Pitching")
