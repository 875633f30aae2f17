"""A leaver's pipeline goes to another user in one step."""

from unittest.mock import patch

import frappe
from frappe.desk.form import assign_to
from frappe.utils import get_datetime

from crm_pipeline.api.handover import preview_handover
from crm_pipeline.tests.factories import (
	in_days,
	make,
	make_customer,
	make_lead,
	make_lost_reason,
	make_opportunity,
	make_user,
)
from crm_pipeline.tests.handing_over import KINDS, NOTHING, HandoverCase, make_event, make_task, value


class TestWhatMoves(HandoverCase):
	def test_the_preview_counts_and_names_just_what_moves(self):
		self.make_pipeline(2)
		preview = preview_handover(self.leaver)
		self.assertEqual(self.counts(), dict.fromkeys(KINDS, 2))
		self.assertEqual((preview["from_user"], preview["total"]), (self.leaver, 12))
		named = {kind["kind"]: {row["name"] for row in kind["rows"]} for kind in preview["kinds"]}
		self.assertEqual({kind: set(names) for kind, names in self.moved().items()}, named)
		self.assertEqual(self.counts(), NOTHING)

	def test_the_preview_shows_the_first_few_as_plain_text(self):
		for _each in range(7):
			make_task(self.leaver, description="<p>Call <b>Ada &amp; Co</b></p>")
		tasks = next(kind for kind in preview_handover(self.leaver)["kinds"] if kind["kind"] == "tasks")
		self.assertEqual((tasks["count"], len(tasks["rows"])), (7, 5))
		self.assertEqual(tasks["rows"][0]["title"], "Call Ada & Co")

	def test_open_opportunities_move_and_ended_ones_stay(self):
		opportunity = make_opportunity(opportunity_owner=self.leaver, next_contact_by=self.leaver)
		lost = make_opportunity(opportunity_owner=self.leaver, next_contact_by=self.leaver)
		lost.declare_lost([make_lost_reason().name])
		others = make_opportunity(opportunity_owner=self.successor, next_contact_by=self.leaver)
		moved = self.moved()
		self.assertEqual(moved["opportunities"], [opportunity.name])
		self.assertEqual(set(moved["follow_ups"]), {opportunity.name, others.name})
		for doc, user in ((opportunity, self.successor), (lost, self.leaver)):
			self.assertEqual((value(doc, "opportunity_owner"), value(doc, "next_contact_by")), (user, user))
		self.assertEqual(value(others, "next_contact_by"), self.successor)

	def test_leads_and_customers_move(self):
		lead, customer = make_lead(lead_owner=self.leaver), make_customer(account_manager=self.leaver)
		self.moved()
		self.assertEqual(value(lead, "lead_owner"), self.successor)
		self.assertEqual(value(customer, "account_manager"), self.successor)

	def test_what_moved_is_modified_by_whoever_moved_it(self):
		opportunity = make_opportunity(opportunity_owner=self.leaver)
		stale = frappe.get_doc("Opportunity", opportunity.name)
		with self.as_user("Sales Manager") as manager:
			self.moved()
		self.assertEqual(value(opportunity, "modified_by"), manager)
		self.assertGreater(get_datetime(value(opportunity, "modified")), get_datetime(stale.modified))
		with self.assertRefused(frappe.TimestampMismatchError):
			stale.save()

	def test_nothing_to_hand_over_is_no_error(self):
		self.assertEqual(self.moved(), {kind: [] for kind in KINDS})

	def test_a_second_time_moves_nothing(self):
		self.make_pipeline()
		self.moved()
		self.assertEqual(self.moved(), {kind: [] for kind in KINDS})


class TestHistory(HandoverCase):
	def rows(self, opportunity):
		return frappe.get_all(
			"Pipeline Change",
			filters={"opportunity": opportunity.name},
			fields=[
				"idx",
				"change",
				"old_value",
				"new_value",
				"opportunity_owner",
				"by",
				"opportunity_amount",
			],
			order_by="idx",
		)

	def test_the_new_owner_is_recorded_with_the_state_after_it(self):
		opportunity = make_opportunity(opportunity_owner=self.leaver, opportunity_amount=250)
		opportunity.db_set("expected_closing", in_days(9))
		with self.as_user("Sales Manager") as manager:
			self.moved()
		row = self.rows(opportunity)[-1]
		self.assertEqual((row.idx, row.change, row.by), (3, "Owner", manager))
		self.assertEqual((row.old_value, row.new_value), (self.leaver, self.successor))
		self.assertEqual((row.opportunity_owner, row.opportunity_amount), (self.successor, 250))

	def test_the_next_save_goes_on_from_there(self):
		opportunity = make_opportunity(opportunity_owner=self.leaver)
		self.moved()
		opportunity.reload()
		opportunity.opportunity_amount = 90
		opportunity.save()
		self.assertEqual(
			[(row.idx, row.change) for row in self.rows(opportunity)],
			[(1, "Created"), (2, "Owner"), (3, "Amount")],
		)


class TestTasks(HandoverCase):
	def test_open_assignments_move_in_step_with_the_record(self):
		opportunity, lead, third = make_opportunity(), make_lead(), make_user("Sales User")
		self.assign(opportunity, third, self.leaver)
		self.assign(lead, self.leaver)
		self.moved()
		self.assertEqual(set(self.assigned(opportunity)), {third, self.successor})
		self.assertEqual(self.assigned(lead), [self.successor])
		tasks = assign_to.get({"doctype": "Lead", "name": lead.name})
		self.assertEqual([task.owner for task in tasks], [self.successor])

	def test_a_successor_who_is_assigned_already_is_named_once(self):
		for order in ((self.leaver, self.successor), (self.successor, self.leaver)):
			opportunity, third = make_opportunity(), make_user("Sales User")
			self.assign(opportunity, *order, third)
			self.moved()
			self.assertEqual(sorted(self.assigned(opportunity)), sorted([self.successor, third]))

	def test_users_of_similar_names_are_distinguished(self):
		opportunity = make_opportunity()
		similar = make("User", first_name="Test", email=f"x{self.leaver}", send_welcome_email=0).name
		self.assign(opportunity, self.leaver, similar)
		self.moved()
		self.assertEqual(set(self.assigned(opportunity)), {self.successor, similar})

	def test_closed_tasks_stay(self):
		task = make_task(self.leaver, status="Closed")
		self.moved()
		self.assertEqual(value(task, "allocated_to"), self.leaver)

	def test_tasks_about_other_records_stay(self):
		task = make_task(self.leaver, reference_type="User", reference_name=self.leaver)
		self.moved()
		self.assertEqual(value(task, "allocated_to"), self.leaver)

	def test_a_task_about_no_record_moves_if_one_may_see_it(self):
		task = make_task(self.leaver)
		with self.as_user("Sales Manager"):
			self.assertEqual(self.moved()["tasks"], [])
		with self.as_user("System Manager"):
			self.assertEqual(self.moved()["tasks"], [task.name])


class TestEvents(HandoverCase):
	def test_appointments_to_come_move(self):
		opportunity = make_opportunity()
		coming = make_event(self.leaver, opportunity)
		under_way = make_event(
			self.leaver, opportunity, starts_on=f"{in_days(-2)} 10:00:00", ends_on=f"{in_days(2)} 10:00:00"
		)
		self.assertEqual(set(self.moved()["events"]), {coming.name, under_way.name})
		self.assertEqual(value(coming, "owner"), self.successor)

	def test_those_past_or_cancelled_stay(self):
		opportunity = make_opportunity()
		make_event(self.leaver, opportunity, starts_on=f"{in_days(-2)} 10:00:00")
		make_event(self.leaver, opportunity, status="Cancelled")
		self.assertEqual(self.moved()["events"], [])

	def test_a_private_one_about_nothing_of_ours_may_be_personal_and_stays(self):
		make_event(self.leaver)
		public = make_event(self.leaver, event_type="Public")
		self.assertEqual(self.moved()["events"], [public.name])


class TestStatements(HandoverCase):
	def cost(self) -> tuple[int, int]:
		with patch.object(frappe.db, "sql", wraps=frappe.db.sql) as reading:
			preview_handover(self.leaver)
		with patch.object(frappe.db, "sql", wraps=frappe.db.sql) as writing:
			self.moved()
		return reading.call_count, writing.call_count

	def test_they_do_not_grow_with_the_number_of_opportunities(self):
		self.make_pipeline()
		self.moved()  # so that what is read once and kept is there
		costs = []
		for opportunities in (1, 12):
			self.make_pipeline(opportunities)
			costs.append(self.cost())
		self.assertEqual(*costs)
		self.assertLess(costs[0][1], 40)
