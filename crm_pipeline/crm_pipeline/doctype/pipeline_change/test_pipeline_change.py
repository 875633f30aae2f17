import frappe
from frappe.utils import getdate

from crm_pipeline import exceptions
from crm_pipeline.patches import date_last_changes, date_statuses
from crm_pipeline.tasks import wake_paused_opportunities
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make_exchange_rate,
	make_lost_reason,
	make_opportunity,
	make_party_opportunity,
	make_process,
	make_quotation,
	unique,
)
from crm_pipeline.tests.invariants import contradictions


class TestPipelineChange(TestCase):
	def changes(self, opportunity, *fields):
		return frappe.get_all(
			"Pipeline Change",
			{"opportunity": opportunity.name},
			list(fields) or ["change", "old_value", "new_value"],
			order_by="idx",
			as_list=True,
		)

	def test_a_new_opportunity_is_recorded_once_with_its_state(self):
		opportunity = make_opportunity(opportunity_amount=100, expected_closing=in_days(9))
		row = frappe.get_last_doc("Pipeline Change", {"opportunity": opportunity.name})
		self.assertEqual(
			(row.change, row.status, row.sales_stage, row.probability), ("Created", "Open", "Lead", 10)
		)
		self.assertEqual(
			(row.opportunity_amount, row.base_opportunity_amount, row.currency), (100, 100, "USD")
		)
		self.assertEqual(str(row.expected_closing), in_days(9))
		self.assertEqual(len(self.changes(opportunity)), 1)

	def test_one_row_per_field_that_changed(self):
		opportunity = make_opportunity(opportunity_amount=100)
		opportunity.update(
			{"sales_stage": "Quoting", "opportunity_amount": 250, "expected_closing": in_days(3)}
		)
		opportunity.save()
		self.assertEqual(
			set(self.changes(opportunity)[1:]),
			{
				("Stage", "Lead", "Quoting"),
				("Probability", "10.0", "50.0"),
				("Amount", "100.0", "250.0"),
				("Expected Closing", "", in_days(3)),
			},
		)

	def test_a_save_that_changes_nothing_watched_writes_nothing(self):
		opportunity = make_opportunity()
		opportunity.to_discuss = "Delivery"
		opportunity.save()
		self.assertEqual(len(self.changes(opportunity)), 1)

	def test_db_set_is_recorded_too(self):
		opportunity = make_opportunity()
		opportunity.db_set("expected_closing", in_days(4))
		self.assertEqual(self.changes(opportunity)[-1], ("Expected Closing", "", in_days(4)))

	def test_quotations_leave_their_trace(self):
		opportunity = make_party_opportunity()
		make_quotation(opportunity)
		self.assertEqual(self.changes(opportunity)[-1], ("Status", "Open", "Quotation"))

	def test_an_opportunity_that_comes_in_ended_was_open_until_its_closing_date(self):
		opportunity = make_opportunity(
			transaction_date=in_days(-90),
			status="Lost",
			closed_on=in_days(-20),
			lost_reasons=[{"lost_reason": make_lost_reason().name}],
		)
		rows = self.changes(opportunity, "change", "status", "at")
		self.assertEqual((rows[0][:2], str(rows[0][2].date())), (("Created", "Open"), in_days(-90)))
		self.assertEqual((rows[1][:2], str(rows[1][2].date())), (("Status", "Lost"), in_days(-20)))

	def test_nobody_edits_or_deletes_it(self):
		opportunity = make_opportunity()
		row = frappe.get_last_doc("Pipeline Change", {"opportunity": opportunity.name})
		row.new_value = "Rewritten"
		with self.assertRefused(exceptions.HistoryIsAppendOnly):
			row.save()
		with self.assertRefused(exceptions.HistoryIsAppendOnly):
			frappe.delete_doc("Pipeline Change", row.name)
		with self.assertRefused(exceptions.HistoryIsAppendOnly):
			frappe.get_doc(
				doctype="Pipeline Change", opportunity=opportunity.name, change="Status", at=in_days(0)
			).insert()

	def test_a_renamed_stage_is_followed(self):
		process = make_process(30)
		opportunity = make_opportunity(sales_process=process.name)
		renamed = frappe.rename_doc("Sales Stage", opportunity.sales_stage, unique("Offering"))
		opportunity.reload().declare_lost([make_lost_reason().name])
		self.assertEqual(opportunity.reopen().sales_stage, renamed)

	def test_a_patch_dates_the_statuses_of_old_opportunities_from_it(self):
		opportunity, younger = make_opportunity(), make_opportunity(transaction_date=in_days(-9))
		opportunity.pause(in_days(3))
		frappe.db.set_value("Pipeline Change", {"opportunity": opportunity.name}, "at", in_days(-40))
		row = frappe.get_last_doc("Pipeline Change", {"opportunity": opportunity.name})
		frappe.db.set_value("Pipeline Change", row.name, "at", in_days(-20))
		frappe.db.set_value("Opportunity", opportunity.name, "status_since", None)
		before = younger.reload().status_since
		date_statuses.execute()
		self.assertEqual(str(getdate(opportunity.reload().status_since)), in_days(-20))
		self.assertEqual(younger.reload().status_since, before)

	def test_a_patch_dates_the_last_changes_of_old_opportunities_from_it(self):
		opportunity, younger = make_opportunity(), make_opportunity(transaction_date=in_days(-9))
		moment = str(opportunity.last_change_on)
		frappe.db.set_value("Opportunity", opportunity.name, "last_change_on", None)
		frappe.db.set_value("Opportunity", younger.name, "last_change_on", in_days(-30))
		date_last_changes.execute()
		self.assertEqual(str(opportunity.reload().last_change_on), moment)
		self.assertEqual(str(getdate(younger.reload().last_change_on)), in_days(-30))


class TestLastChange(TestCase):
	def changed_on(self, opportunity) -> str:
		"""What a reader of the stored record is told, and the document at hand."""
		stored = str(frappe.db.get_value("Opportunity", opportunity.name, "last_change_on"))
		self.assertEqual(contradictions(opportunity.name), [])
		return stored

	def test_a_new_one_has_come_in(self):
		early, today = make_opportunity(transaction_date=in_days(-9)), make_opportunity()
		self.assertEqual(self.changed_on(early), f"{in_days(-9)} 00:00:00")
		self.assertEqual(self.changed_on(today), str(today.creation))

	def test_every_way_to_change_one(self):
		opportunity = make_opportunity(transaction_date=in_days(-9), next_contact_date=in_days(3))
		changes = (
			opportunity.advance,
			lambda: opportunity.update({"opportunity_amount": 77}).save(),
			lambda: opportunity.db_set("expected_closing", in_days(40)),
			lambda: opportunity.complete_follow_up("Spoken"),
			lambda: opportunity.pause("2031-01-15"),
			wake_paused_opportunities,
		)
		for position, change in enumerate(changes):
			with self.subTest(position), self.at(f"2031-01-{10 + position} 09:00:00"):
				change()
				opportunity.reload()
				self.assertEqual(self.changed_on(opportunity), f"2031-01-{10 + position} 09:00:00")

	def test_what_is_no_change(self):
		rate = make_exchange_rate("EUR", "USD", 1.2)
		opportunity = make_opportunity(transaction_date=in_days(-9), currency="EUR", opportunity_amount=10)
		before = self.changed_on(opportunity)
		rate.update({"exchange_rate": 1.7}).save()
		opportunity.reload().update({"to_discuss": "The gate"}).save()
		self.assertEqual(opportunity.conversion_rate, 1.7)
		self.assertEqual(self.changed_on(opportunity), before)

	def test_a_client_does_not_say(self):
		opportunity = make_opportunity()
		opportunity.update({"last_change_on": in_days(-90), "opportunity_amount": 5}).save()
		self.assertNotIn(in_days(-90), self.changed_on(opportunity))
