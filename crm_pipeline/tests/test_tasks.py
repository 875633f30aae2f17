"""What the scheduler does every day, and that doing it twice changes nothing."""

from unittest.mock import patch

import frappe
from frappe.utils import get_datetime

from crm_pipeline.crm_pipeline.doctype.opportunity import pausing
from crm_pipeline.tasks import expire_quotations, wake_paused_opportunities
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make_lost_reason,
	make_mail,
	make_opportunity,
	make_party_opportunity,
	make_quotation,
	make_user,
)
from crm_pipeline.utils import batches


class TestWaking(TestCase):
	def paused(self, days_ago: int = 0, **fields):
		"""An opportunity whose pause ends that many days ago."""
		opportunity = make_opportunity(**fields)
		opportunity.pause(in_days(3), "Budget next quarter")
		frappe.db.set_value("Opportunity", opportunity.name, "paused_until", in_days(-days_ago))
		return opportunity

	def todos(self, opportunity) -> list:
		filters = {"reference_type": "Opportunity", "reference_name": opportunity.name}
		return frappe.get_all("ToDo", filters, ["allocated_to", "description", "status", "date"])

	def test_it_wakes_on_its_date_with_a_todo_for_the_owner(self):
		owner = make_user("Sales User")
		opportunity = self.paused(opportunity_owner=owner)
		wake_paused_opportunities()
		opportunity.reload()
		self.assertEqual(
			(opportunity.status, opportunity.paused_until, opportunity.pause_reason), ("Open", None, None)
		)
		(todo,) = self.todos(opportunity)
		self.assertEqual((todo.allocated_to, todo.status, str(todo.date)), (owner, "Open", in_days(0)))
		self.assertIn("Budget next quarter", todo.description)
		self.assertIn(opportunity.title, todo.description)

	def test_a_second_run_does_nothing(self):
		opportunity = self.paused(days_ago=4, opportunity_owner=make_user("Sales User"))
		wake_paused_opportunities()
		first = opportunity.reload().modified
		wake_paused_opportunities()
		self.assertEqual(opportunity.reload().modified, first)
		self.assertEqual(len(self.todos(opportunity)), 1)

	def test_it_sleeps_until_its_date(self):
		opportunity = self.paused(days_ago=-1)
		wake_paused_opportunities()
		self.assertEqual(opportunity.reload().status, "Paused")

	def test_it_wakes_to_what_mails_and_quotations_say(self):
		replied, quoted = self.paused(), make_party_opportunity()
		make_mail(replied)
		make_quotation(quoted)
		quoted.reload().pause(in_days(3))
		frappe.db.set_value("Opportunity", quoted.name, "paused_until", in_days(0))
		wake_paused_opportunities()
		self.assertEqual((replied.reload().status, quoted.reload().status), ("Replied", "Quotation"))

	def test_one_without_owner_wakes_without_todo(self):
		opportunity = self.paused(opportunity_owner=None)
		frappe.db.set_value("Opportunity", opportunity.name, "opportunity_owner", None)
		wake_paused_opportunities()
		self.assertEqual((opportunity.reload().status, self.todos(opportunity)), ("Open", []))

	def test_a_reminder_shows_what_was_written_and_runs_nothing(self):
		opportunity = self.paused(title="<b>Bold</b>", opportunity_owner=make_user("Sales User"))
		wake_paused_opportunities()
		(todo,) = self.todos(opportunity)
		self.assertIn("&lt;b&gt;Bold&lt;/b&gt;", todo.description)

	def test_the_owner_is_assigned_beside_whoever_is(self):
		owner, colleague = make_user("Sales User"), make_user("Sales User")
		opportunity = self.paused(opportunity_owner=owner)
		frappe.get_doc(
			{
				"doctype": "ToDo",
				"description": "Prepare",
				"allocated_to": colleague,
				"reference_type": "Opportunity",
				"reference_name": opportunity.name,
			}
		).insert()
		wake_paused_opportunities()
		assigned = frappe.db.get_value("Opportunity", opportunity.name, "_assign")
		self.assertEqual(frappe.parse_json(assigned), [colleague, owner])

	def test_one_whose_quotations_were_all_lost_wakes_lost_with_their_reasons(self):
		opportunity, reason = make_party_opportunity(), make_lost_reason().name
		quotation = make_quotation(opportunity)
		opportunity.reload().pause(in_days(3))
		quotation.reload().declare_lost([reason])
		frappe.db.set_value("Opportunity", opportunity.name, "paused_until", in_days(0))
		wake_paused_opportunities()
		opportunity.reload()
		self.assertEqual((opportunity.status, opportunity.lost_reasons[0].lost_reason), ("Lost", reason))

	def test_what_it_does_is_recorded(self):
		opportunity = self.paused()
		wake_paused_opportunities()
		change = frappe.get_last_doc("Pipeline Change", {"opportunity": opportunity.name})
		self.assertEqual((change.change, change.old_value, change.new_value), ("Status", "Paused", "Open"))
		opportunity.reload()
		self.assertEqual(get_datetime(opportunity.status_since), get_datetime(opportunity.modified))

	def test_one_that_cannot_wake_is_logged_and_keeps_nobody_else_asleep(self):
		broken, sound = self.paused(days_ago=2), self.paused()
		insert_from = pausing.insert_from

		def refuse_broken(doctype, values, order_by, source):
			insert_from(doctype, values, order_by, source)
			if frappe.db.exists("ToDo", {"reference_name": broken.name}):
				raise ValueError("This row is damaged")

		frappe.db.set_value("Opportunity", broken.name, "opportunity_owner", make_user("Sales User"))
		with patch.object(pausing, "insert_from", refuse_broken):
			wake_paused_opportunities()
		self.assertEqual((broken.reload().status, sound.reload().status), ("Paused", "Open"))
		self.assertFalse(self.todos(broken))
		self.assertTrue(frappe.db.exists("Error Log", {"method": ["like", f"%{broken.name}%"]}))

	def test_one_that_was_ended_meanwhile_stays_so(self):
		ended, sound = self.paused(), self.paused()
		names = batches.names_after

		def somebody_wins_it_first(*portion):
			found = names(*portion)
			if ended.name in found and ended.reload().status == "Paused":
				ended.mark_won()
			return found

		with patch.object(batches, "names_after", somebody_wins_it_first):
			wake_paused_opportunities()
		self.assertEqual((ended.reload().status, sound.reload().status), ("Converted", "Open"))
		self.assertEqual(ended.sales_stage, "Won")

	def test_while_opportunities_are_off_nobody_is_woken(self):
		opportunity = self.paused()
		frappe.db.set_single_value("Selling Settings", "disable_opportunities", 1)
		frappe.clear_document_cache("Selling Settings", "Selling Settings")
		wake_paused_opportunities()
		self.assertEqual(opportunity.reload().status, "Paused")

	def test_statements_do_not_grow_with_the_number_of_opportunities(self):
		def statements(count: int) -> int:
			for _opportunity in range(count):
				self.paused()
			with patch.object(frappe.db, "sql", wraps=frappe.db.sql) as spy:
				wake_paused_opportunities()
			return spy.call_count

		statements(1)
		self.assertEqual(statements(2), statements(12))


class TestExpiry(TestCase):
	def quoted(self, valid_till: str):
		"""An opportunity with one open quotation that was submitted in time, and that quotation."""
		opportunity = make_party_opportunity()
		quotation = make_quotation(opportunity)
		frappe.db.set_value("Quotation", quotation.name, "valid_till", valid_till)
		return opportunity, quotation

	def test_an_expired_quotation_says_so_and_its_opportunity_follows(self):
		opportunity, quotation = self.quoted(in_days(-1))
		self.assertEqual(opportunity.reload().status, "Quotation")
		expire_quotations()
		self.assertEqual((quotation.reload().status, opportunity.reload().status), ("Expired", "Open"))

	def test_one_valid_today_stands(self):
		opportunity, quotation = self.quoted(in_days(0))
		expire_quotations()
		self.assertEqual((quotation.reload().status, opportunity.reload().status), ("Open", "Quotation"))

	def test_a_save_on_the_last_day_and_after_it_says_what_the_job_does(self):
		for days, expected in ((1, "Quotation"), (0, "Quotation"), (-1, "Open")):
			with self.subTest(days=days):
				opportunity, _quotation = self.quoted(in_days(days))
				self.assertEqual(opportunity.reload().save().status, expected)

	def test_another_open_quotation_keeps_the_opportunity(self):
		opportunity, quotation = self.quoted(in_days(-1))
		make_quotation(opportunity)
		modified = opportunity.reload().modified
		expire_quotations()
		self.assertEqual((quotation.reload().status, opportunity.reload().status), ("Expired", "Quotation"))
		self.assertEqual(opportunity.modified, modified)

	def test_an_opportunity_named_on_a_row_only_follows_too(self):
		opportunity, quotation = self.quoted(in_days(-1))
		frappe.db.set_value("Quotation", quotation.name, "opportunity", None)
		expire_quotations()
		self.assertEqual(opportunity.reload().status, "Open")

	def test_with_the_rest_lost_the_opportunity_is_lost(self):
		opportunity, _quotation = self.quoted(in_days(-1))
		reason = make_lost_reason().name
		make_quotation(opportunity).declare_lost([reason])
		expire_quotations()
		opportunity.reload()
		self.assertEqual((opportunity.status, opportunity.lost_reasons[0].lost_reason), ("Lost", reason))

	def test_a_second_run_does_nothing(self):
		opportunity, quotation = self.quoted(in_days(-1))
		expire_quotations()
		before = (opportunity.reload().modified, quotation.reload().modified)
		expire_quotations()
		self.assertEqual((opportunity.reload().modified, quotation.reload().modified), before)

	def test_a_run_that_was_cut_short_is_finished_by_the_next(self):
		opportunity, quotation = self.quoted(in_days(-1))
		frappe.db.set_value("Quotation", quotation.name, "status", "Expired")
		expire_quotations()
		self.assertEqual(opportunity.reload().status, "Open")
