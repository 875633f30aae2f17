import frappe

from crm_pipeline import exceptions
from crm_pipeline.crm_pipeline.doctype.opportunity.form_data import facts_for_form
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make_competitor,
	make_lost_reason,
	make_opportunity,
	make_party_opportunity,
	make_quotation,
)


class TestOpportunityOutcome(TestCase):
	def test_lost_needs_a_reason(self):
		opportunity = make_opportunity()
		with self.assertRefused(exceptions.LostReasonsMissing):
			opportunity.declare_lost([])
		opportunity = opportunity.reload()
		opportunity.status = "Lost"
		with self.assertRefused(exceptions.LostReasonsMissing):
			opportunity.save()

	def test_declare_lost_records_why(self):
		reason, competitor = make_lost_reason().name, make_competitor().name
		opportunity = make_opportunity(sales_stage="Quoting")
		opportunity.declare_lost([reason], [competitor], "Half our price")
		opportunity.reload()
		self.assertEqual(
			(opportunity.status, opportunity.sales_stage, opportunity.probability), ("Lost", "Lost", 0)
		)
		self.assertEqual([row.lost_reason for row in opportunity.lost_reasons], [reason])
		self.assertEqual([row.competitor for row in opportunity.competitors], [competitor])
		self.assertEqual(opportunity.order_lost_reason, "Half our price")
		self.assertEqual(str(opportunity.closed_on), frappe.utils.today())

	def test_lost_is_refused_while_a_quotation_stands(self):
		opportunity = make_party_opportunity()
		quotation = make_quotation(opportunity)
		opportunity.reload()
		with self.assertRefused(exceptions.ActiveQuotationStands, quotation.name):
			opportunity.declare_lost([make_lost_reason().name])

	def test_lost_by_hand_with_reasons_in_the_same_save(self):
		opportunity = make_opportunity()
		opportunity.update({"status": "Lost", "lost_reasons": [{"lost_reason": make_lost_reason().name}]})
		self.assertEqual(opportunity.save().sales_stage, "Lost")

	def test_reopen_goes_back_to_the_last_open_stage(self):
		opportunity = make_opportunity(sales_stage="Quoting", probability=61)
		opportunity.declare_lost([make_lost_reason().name])
		opportunity.reopen()
		self.assertEqual(
			(opportunity.status, opportunity.sales_stage, opportunity.probability), ("Open", "Quoting", 61)
		)
		self.assertFalse(opportunity.closed_on or opportunity.lost_reasons or opportunity.close_revenue)

	def test_won_with_revenue_and_day(self):
		opportunity = make_opportunity(opportunity_amount=500, transaction_date=in_days(-9))
		opportunity.mark_won(close_revenue=450, closed_on=in_days(-2))
		opportunity.reload()
		self.assertEqual((opportunity.close_revenue, opportunity.base_close_revenue), (450, 450))
		self.assertEqual(str(opportunity.closed_on), in_days(-2))

	def test_closing_before_the_opportunity_came_in_or_in_the_future_is_refused(self):
		for day in (in_days(-10), in_days(1)):
			opportunity = make_opportunity(transaction_date=in_days(-9))
			with self.assertRefused(exceptions.ClosedOutOfTime):
				opportunity.mark_won(closed_on=day)

	def test_closing_lies_between_its_day_and_today_and_may_be_either(self):
		for came_in, allowed, refused in (
			(-9, (-9, -8, -1, 0), (-10, 1)),
			(0, (0,), (-1, 1)),
			(3, (0, 1, 3), (-1, 4)),
		):
			opportunity = make_opportunity(transaction_date=in_days(came_in))
			for days in allowed:
				with self.subTest(came_in=came_in, closed=days):
					opportunity.reload().mark_won(closed_on=in_days(days))
					self.assertEqual(str(opportunity.reload().closed_on), in_days(days))
					opportunity.reopen()
			for days in refused:
				with (
					self.subTest(came_in=came_in, closed=days),
					self.assertRefused(exceptions.ClosedOutOfTime),
				):
					opportunity.reload().mark_won(closed_on=in_days(days))

	def test_pause_and_resume(self):
		opportunity = make_opportunity()
		opportunity.pause(in_days(5), "Budget next quarter")
		self.assertEqual((opportunity.status, opportunity.pause_reason), ("Paused", "Budget next quarter"))
		opportunity.resume()
		self.assertEqual((opportunity.status, opportunity.paused_until), ("Open", None))

	def test_only_a_paused_opportunity_resumes_and_only_an_ended_one_reopens(self):
		lost, paused = make_opportunity(), make_opportunity()
		lost.declare_lost([make_lost_reason().name])
		paused.pause(in_days(5))
		for act in (lost.resume, paused.reopen, make_opportunity().resume, make_opportunity().reopen):
			with self.assertRefused(exceptions.IllegalStatusChange):
				act()

	def test_names_that_are_no_list(self):
		for names in ("[oops", [1, 2], "{"):
			with self.assertRefused(exceptions.UnreadableList):
				make_opportunity().declare_lost(names)

	def test_pause_needs_a_day_after_today(self):
		opportunity = make_opportunity()
		for day, refusal in (
			("", exceptions.PauseDateMissing),
			(frappe.utils.today(), exceptions.PauseDatePassed),
			(in_days(-1), exceptions.PauseDatePassed),
			("2026-02-30", exceptions.ImpossibleDate),
		):
			with self.assertRefused(refusal):
				opportunity.reload().pause(day)

	def test_a_pause_is_moved_to_a_day_after_today_only(self):
		opportunity = make_opportunity()
		opportunity.pause(in_days(5))
		for day in (in_days(-1), in_days(0)):
			for move in (
				lambda doc, day: doc.update({"paused_until": day}).save(),
				lambda doc, day: doc.pause(day),
			):
				with self.assertRefused(exceptions.PauseDatePassed):
					move(opportunity.reload(), day)
		opportunity.reload().update({"paused_until": in_days(1)}).save()
		self.assertEqual(str(opportunity.reload().paused_until), in_days(1))

	def test_a_pause_that_is_over_keeps_nobody_from_editing(self):
		opportunity = make_opportunity()
		opportunity.pause(in_days(5))
		frappe.db.set_value("Opportunity", opportunity.name, "paused_until", in_days(-1))
		opportunity.reload().update({"to_discuss": "Price"}).save()
		self.assertEqual((opportunity.status, str(opportunity.paused_until)), ("Paused", in_days(-1)))
		opportunity.resume()
		with self.assertRefused(exceptions.PauseDatePassed):
			opportunity.reload().pause(in_days(-1))

	def test_what_the_table_does_not_have_is_refused(self):
		won = make_opportunity()
		won.mark_won()
		for opportunity, asked in (
			(won, "Lost"),
			(won, "Closed"),
			(make_opportunity(), "Quotation"),
			(make_opportunity(), "Converted"),
		):
			opportunity.reload().status = asked
			with self.assertRefused(exceptions.IllegalStatusChange, asked):
				opportunity.save()

	def test_a_new_opportunity_may_come_in_ended(self):
		won = make_opportunity(
			status="Converted", opportunity_amount=70, transaction_date=in_days(-40), closed_on=in_days(-4)
		)
		self.assertEqual((won.sales_stage, won.probability, won.close_revenue), ("Won", 100, 70))
		lost = make_opportunity(sales_stage="Lost", lost_reasons=[{"lost_reason": make_lost_reason().name}])
		self.assertEqual((lost.status, lost.probability), ("Lost", 0))
		with self.assertRefused(exceptions.LostReasonsMissing):
			make_opportunity(status="Lost")
		with self.assertRefused(exceptions.IllegalStatusChange):
			make_opportunity(status="Quotation")


class TestQuotedAgain(TestCase):
	def facts(self, opportunity) -> dict:
		return facts_for_form(frappe.get_doc("Opportunity", opportunity.name))

	def test_what_lost_quotations_lost_is_quoted_again(self):
		opportunity = make_party_opportunity()
		make_quotation(opportunity).declare_lost([make_lost_reason().name])
		facts = self.facts(opportunity)
		self.assertTrue(facts["quotes_again"])
		self.assertNotIn("reopen", facts["actions"])
		make_quotation(opportunity)
		self.assertEqual((opportunity.reload().status, opportunity.lost_reasons), ("Quotation", []))
		self.assertFalse(self.facts(opportunity)["quotes_again"])

	def test_what_a_person_lost_is_reopened(self):
		opportunity = make_party_opportunity()
		opportunity.declare_lost([make_lost_reason().name])
		facts = self.facts(opportunity)
		self.assertEqual((facts["quotes_again"], "reopen" in facts["actions"]), (False, True))
