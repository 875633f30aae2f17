"""Each move of the pipeline page, there and back: all that it changed is as it was, and the history tells both."""

from contextlib import contextmanager
from datetime import timedelta

import frappe
from frappe.utils import now_datetime

from crm_pipeline.api import moves
from crm_pipeline.board import snapshots
from crm_pipeline.exceptions import FieldNotEditable, StageRequirementsMissing, UndoTooLate
from crm_pipeline.permissions.visibility import OWN
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make_competitor,
	make_exchange_rate,
	make_lost_reason,
	make_mail,
	make_opportunity,
	make_party_opportunity,
	make_process,
	make_quotation,
	make_user,
)
from crm_pipeline.tests.limited import settings


def state_of(name: str) -> dict:
	"""All that a move can change, but for when it was written and by whom."""
	taken = snapshots.take(name)
	doc = {key: value for key, value in taken.doc.items() if key not in snapshots.STAMPS}
	for table in [key for key, value in doc.items() if isinstance(value, list)]:
		doc[table] = [{k: v for k, v in row.items() if k not in snapshots.STAMPS} for row in doc[table]]
	event = taken.event and {k: v for k, v in taken.event.items() if k not in snapshots.STAMPS}
	if event:
		event["event_participants"] = [
			(row["reference_doctype"], row["reference_docname"]) for row in event["event_participants"]
		]
	assigned = frappe.get_all(
		"ToDo",
		{"reference_name": name, "status": "Open"},
		["name", "allocated_to", "description", "date"],
		order_by="name",
	)
	return {
		"doc": doc,
		"event": event,
		"assigned": [dict(row) for row in assigned],
		"comments": taken.comments,
		"quotations": taken.quotations,
	}


class UndoCase(TestCase):
	def setUp(self):
		super().setUp()
		self.owner, self.colleague = make_user("Sales User"), make_user("Sales User")
		self.process = make_process(10, 40, 60)
		self.stages = [row.sales_stage for row in self.process.stages]
		self.reasons = [make_lost_reason().name, make_lost_reason().name]
		frappe.set_user(make_user("Sales User", "Sales Manager"))  # who gives it to another assigns it
		self.opportunity = make_party_opportunity(
			sales_process=self.process.name,
			opportunity_owner=self.owner,
			next_contact_date=f"{in_days(2)} 10:00:00",
			next_contact_by=self.owner,
			to_discuss="Price <b>of</b> two",
			expected_closing=in_days(20),
			probability=15,
		)
		self.name, self.title = self.opportunity.name, self.opportunity.title

	@contextmanager
	def as_administrator(self):
		former = frappe.session.user
		frappe.set_user("Administrator")
		yield
		frappe.set_user(former)

	def log(self) -> list[tuple]:
		rows = frappe.get_all(
			"Pipeline Change",
			{"opportunity": self.name},
			["change", "undone_change", "old_value", "new_value"],
			order_by="idx",
		)
		return [(row.undone_change or row.change, row.old_value, row.new_value) for row in rows]

	def there_and_back(self, act, **arguments) -> dict:
		"""Make a move and undo it; returns what it answered."""
		before, logged = state_of(self.name), self.log()
		answer = act(self.name, **arguments)
		moved = state_of(self.name)
		self.assertNotEqual(moved["doc"], before["doc"])
		forth = self.log()[len(logged) :]
		back = moves.undo(self.name, answer["undo"]["version"])
		self.assertEqual(state_of(self.name), before)
		self.assertIsNone(back["undo"])
		self.assertEqual(back["card"]["name"], self.name)
		self.assertLog(forth, self.log()[len(logged) + len(forth) :])
		return answer

	def assertLog(self, forth: list[tuple], back: list[tuple]):
		"""Each change of a value has one back."""
		watched = {(change, new, old) for change, old, new in forth if change != "Follow-up"}
		self.assertEqual({row for row in back if row[0] != "Correction"}, watched)


class TestThereAndBack(UndoCase):
	def test_a_stage(self):
		answer = self.there_and_back(
			moves.move_to_stage, sales_stage=self.stages[2], from_stage=self.stages[0]
		)
		self.assertEqual(answer["card"]["sales_stage"], self.stages[2])
		self.assertIn(self.stages[2], answer["undo"]["label"])

	def test_a_stage_with_values(self):
		self.there_and_back(
			moves.move_to_stage,
			sales_stage=self.stages[1],
			from_stage=self.stages[0],
			values={"contact_mobile": "+49 30 1", "expected_closing": in_days(3)},
		)

	def test_lost_with_the_next_contact_and_assignments(self):
		answer = self.there_and_back(
			moves.declare_lost,
			lost_reasons=self.reasons,
			competitors=[make_competitor().name],
			detailed_reason="Too dear",
			from_status="Open",
		)
		self.assertEqual(answer["card"]["status"], "Lost")

	def test_lost_from_lost_fields_of_an_earlier_loss(self):
		self.opportunity.reload().update({"competitors": [{"competitor": make_competitor().name}]}).save()
		self.there_and_back(
			moves.declare_lost, lost_reasons=self.reasons[0], competitors=[make_competitor().name]
		)

	def test_asking_again_goes_with_the_loss(self):
		name = self.name
		answer = moves.declare_lost(name, self.reasons, ask_again_on=in_days(90))
		(task,) = frappe.get_all(
			"ToDo", {"reference_name": name, "status": "Open"}, ["allocated_to", "date", "description"]
		)
		self.assertEqual((task.allocated_to, str(task.date)), (self.owner, in_days(90)))
		self.assertIn(self.opportunity.title, task.description)
		moves.undo(name, answer["undo"]["version"])
		(task,) = frappe.get_all("ToDo", {"reference_name": name, "status": "Open"}, ["date", "description"])
		self.assertNotEqual(str(task.date), in_days(90))

	def test_won(self):
		self.there_and_back(moves.mark_won, close_revenue=170.5, closed_on=in_days(0), from_status="Open")

	def test_what_was_filled_in_along_goes_along(self):
		self.process.update(
			{
				"requirements": [
					{"sales_stage": stage, "requirement": "Field", "fieldname": "campaign"}
					for stage in self.stages[3:]
				]
			}
		).save(ignore_permissions=True)
		filled_in = {"campaign": "Fair"}
		for act, arguments in ((moves.mark_won, {}), (moves.declare_lost, {"lost_reasons": self.reasons})):
			with self.subTest(act.__name__):
				for values, refusal in (
					({}, StageRequirementsMissing),
					({"first_responded_on": in_days(0)}, FieldNotEditable),
				):
					with self.assertRefused(refusal):
						act(self.name, **arguments, values=values)
				answer = self.there_and_back(act, **arguments, values=filled_in)
				self.assertTrue(answer["card"]["closed_on"])

	def test_won_by_stage(self):
		self.there_and_back(moves.move_to_stage, sales_stage=self.stages[3], from_stage=self.stages[0])

	def test_a_pause_and_its_end(self):
		self.there_and_back(moves.pause, until=in_days(30), reason="Budget", from_status="Open")
		moves.pause(self.name, in_days(30), "Budget")
		self.there_and_back(moves.resume)
		self.there_and_back(moves.pause, until=in_days(40), reason="Later still")

	def test_reopening(self):
		moves.declare_lost(self.name, self.reasons, [make_competitor().name], "Too dear")
		self.there_and_back(moves.reopen, from_status="Lost")
		moves.reopen(self.name)
		moves.mark_won(self.name, 99)
		self.there_and_back(moves.reopen)

	def test_owner_with_assignment(self):
		self.opportunity.reload().update({"opportunity_owner": self.colleague}).save()
		answer = self.there_and_back(
			moves.set_values,
			values={"opportunity_owner": self.owner},
			from_values={"opportunity_owner": self.colleague},
		)
		self.assertEqual(answer["card"]["opportunity_owner"], self.owner)

	def test_dates_amount_currency_and_texts(self):
		before = {"expected_closing": in_days(20), "currency": self.opportunity.currency}
		frappe.db.delete("Currency Exchange", {"from_currency": "EUR"})
		with self.as_administrator():
			make_exchange_rate("EUR", self.opportunity.base_currency, 1.10375)
		self.there_and_back(
			moves.set_values,
			values={
				"expected_closing": None,
				"currency": "EUR",
				"title": "Of <two> & more",
				"probability": 33.5,
				"customer_need": "<p>All <b>of</b> it</p>",
			},
			from_values=before,
		)

	def test_the_next_contact_and_its_calendar_entry(self):
		self.there_and_back(
			moves.set_values,
			values={"next_contact_date": f"{in_days(5)} 08:30:00", "next_contact_by": self.colleague},
			from_values={"next_contact_date": f"{in_days(2)} 10:00:00"},
		)
		self.there_and_back(moves.set_values, values={"next_contact_date": None})

	def test_what_people_added_to_the_calendar_entry(self):
		event = frappe.get_doc("Event", self.opportunity.reload().follow_up_event)
		event.add_participant("User", self.colleague)
		event.ends_on = f"{in_days(2)} 11:00:00"
		event.save(ignore_permissions=True)  # as its owner would
		self.there_and_back(moves.set_values, values={"next_contact_date": None})
		self.there_and_back(moves.snooze_follow_up, until=f"{in_days(9)} 10:00:00")

	def test_a_first_next_contact(self):
		self.opportunity.reload().update({"next_contact_date": None}).save()
		self.there_and_back(moves.set_values, values={"next_contact_date": f"{in_days(5)} 08:30:00"})

	def test_snoozing(self):
		due = f"{in_days(2)} 10:00:00"
		self.there_and_back(moves.snooze_follow_up, until=f"{in_days(9)} 10:00:00", due=due)

	def test_a_follow_up_done_with_and_without_another(self):
		due = f"{in_days(2)} 10:00:00"
		for following in (f"{in_days(8)} 11:00:00", None):
			with self.subTest(following=following):
				self.there_and_back(
					moves.complete_follow_up, outcome="Reached", next_contact_date=following, due=due
				)
		self.assertEqual(
			[row[0] for row in self.log()][-2:],
			["Follow-up", "Correction"],
			"that it took place is taken back in words",
		)

	def test_with_a_quotation_that_stands(self):
		make_quotation(self.opportunity)
		self.there_and_back(moves.pause, until=in_days(30), from_status="Quotation")
		self.there_and_back(moves.move_to_stage, sales_stage=self.stages[2], from_stage=self.stages[0])


class TestNotUndone(UndoCase):
	def version(self, act=moves.set_values, **arguments) -> str:
		arguments = arguments if arguments or act is not moves.set_values else {"values": {"title": "Other"}}
		return act(self.name, **arguments)["undo"]["version"]

	def assertTooLate(self, version: str):
		before = state_of(self.name)
		with self.assertRefused(UndoTooLate):
			moves.undo(self.name, version)
		self.assertEqual(state_of(self.name), before)

	def test_what_somebody_saved_upon(self):
		version = self.version()
		self.opportunity.reload().update({"campaign": "Fair"}).save()
		self.assertTooLate(version)

	def test_what_a_mail_moved(self):
		version = self.version()
		with self.as_administrator():
			make_mail(self.opportunity)
		self.assertTooLate(version)

	def test_what_was_quoted_since(self):
		version = self.version(moves.mark_won)
		make_quotation(self.opportunity.reload())
		self.assertTooLate(version)

	def test_what_the_calendar_moved(self):
		version = self.version()
		event = frappe.get_doc("Event", self.opportunity.reload().follow_up_event)
		event.update({"ends_on": f"{in_days(2)} 11:00:00"}).save(ignore_permissions=True)
		self.assertTooLate(version)

	def test_twice(self):
		version = self.version()
		moves.undo(self.name, version)
		self.assertTooLate(version)

	def test_only_the_last_of_two(self):
		first = self.version()
		second = self.version(moves.snooze_follow_up, until=f"{in_days(9)} 10:00:00")
		self.assertTooLate(first)
		moves.undo(self.name, second)
		self.assertTooLate(first)

	def test_after_five_minutes(self):
		begin = now_datetime().replace(microsecond=0)
		with self.at(begin):
			version = self.version()
		with self.at(begin + timedelta(minutes=5, seconds=1)):
			self.assertTooLate(version)
		with self.at(begin + timedelta(minutes=5)):
			moves.undo(self.name, version)
		self.assertEqual(self.opportunity.reload().title, self.title)

	def test_of_somebody_else(self):
		version = self.version()
		with self.as_user("Sales Manager"):
			self.assertTooLate(version)

	def test_of_another_opportunity(self):
		version = self.version()
		with self.assertRefused(UndoTooLate):
			moves.undo(make_opportunity().name, version)

	def test_lost_quotations_offer_no_undo(self):
		make_quotation(self.opportunity.reload())
		answer = moves.declare_lost(self.name, self.reasons, from_status="Quotation", lose_quotations=True)
		self.assertEqual((answer["undo"], answer["card"]["status"]), (None, "Lost"))

	def test_nothing_written_offers_no_undo(self):
		values = {"expected_closing": in_days(20), "probability": "15", "opportunity_owner": self.owner}
		answer = moves.set_values(self.name, values, {"expected_closing": in_days(1)})
		self.assertIsNone(answer["undo"])


class TestOutOfSight(UndoCase):
	def setUp(self):
		super().setUp()
		with self.as_administrator():
			settings(opportunity_visibility=OWN)

	def test_who_hands_an_opportunity_away_takes_it_back(self):
		frappe.set_user(self.owner)
		answer = moves.set_values(
			self.name, {"opportunity_owner": self.colleague, "next_contact_by": self.colleague}
		)
		self.assertIsNone(answer["card"])
		back = moves.undo(self.name, answer["undo"]["version"])
		self.assertEqual(back["card"]["opportunity_owner"], self.owner)

	def test_nobody_else_learns_that_it_exists(self):
		version = moves.pause(self.name, in_days(9))["undo"]["version"]
		frappe.set_user(self.colleague)
		with self.assertRefused(frappe.PermissionError):
			moves.undo(self.name, version)
