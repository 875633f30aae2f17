"""Auto-close at its edges: the first and the last moment that counts, what is not known, and what is not its own."""

from datetime import timedelta

import frappe
from frappe.utils import add_days, get_datetime, now_datetime

from crm_pipeline.api.auto_close import preview_auto_close
from crm_pipeline.auto_close.closing import make_batch
from crm_pipeline.tests.factories import in_days, make, make_opportunity, make_user
from crm_pipeline.tests.inactive_opportunities import DAYS, AutoCloseCase

NOON = "2026-06-17 12:00:00"
A_MOMENT = timedelta(microseconds=1)


class TestTasks(AutoCloseCase):
	def task(self, reference_type: str, name: str, **fields):
		reference = {"reference_type": reference_type, "reference_name": name}
		task = make("ToDo", description="Call", allocated_to=make_user("Sales User"), **reference)
		if fields:
			frappe.db.set_value("ToDo", task.name, fields)
		return task

	def test_only_open_ones_of_the_opportunity_are_closed(self):
		opportunity = self.inactive_opportunity()
		namesake = make("Customer", customer_name=opportunity.name)
		long_ago = "2020-02-02 10:00:00"
		expected = {
			self.task("Opportunity", opportunity.name).name: "Closed",
			self.task("Opportunity", opportunity.name, status="Cancelled").name: "Cancelled",
			self.task("Customer", namesake.name).name: "Open",
		}
		done = self.task("Opportunity", opportunity.name, status="Closed").name
		frappe.db.set_value("ToDo", done, "modified", long_ago, update_modified=False)
		self.shift(opportunity, DAYS)
		self.run_job()
		self.assertEqual(opportunity.reload().status, "Closed")
		for name, status in expected.items():
			self.assertEqual(frappe.db.get_value("ToDo", name, "status"), status)
		self.assertEqual(get_datetime(frappe.db.get_value("ToDo", done, "modified")), get_datetime(long_ago))


class TestTheFirstMoment(AutoCloseCase):
	"""Silence counts in days: from any hour of the day DAYS ago on, and from none of the day after it."""

	def setUp(self):
		super().setUp()
		moved = self.at(NOON)
		moved.__enter__()
		self.addCleanup(moved.__exit__, None, None, None)
		self.first_day_too_late = get_datetime(f"{in_days(-DAYS + 1)} 00:00:00")

	def closed(self, **fields) -> bool:
		"""Whether an opportunity that has been quiet for long but for these fields is closed."""
		opportunity = self.inactive_opportunity(90)
		frappe.db.set_value("Opportunity", opportunity.name, fields)
		self.run_job()
		return opportunity.reload().status == "Closed"

	def test_of_each_thing_that_breaks_silence(self):
		for field in ("status_since", "last_contacted_on", "last_response_on"):
			with self.subTest(field=field):
				self.assertFalse(self.closed(**{field: self.first_day_too_late}))
				self.assertTrue(self.closed(**{field: self.first_day_too_late - A_MOMENT}))

	def test_without_any_contact_known(self):
		self.assertTrue(self.closed(last_contacted_on=None, last_response_on=None))

	def test_of_the_warning_that_a_missed_contact_needs(self):
		missed = {"next_contact_date": in_days(-40), "opportunity_owner": make_user("Sales User")}
		first_too_late = get_datetime(f"{in_days(-3 + 1)} 00:00:00")
		self.assertFalse(self.closed(**missed, auto_close_warned_on=first_too_late))
		self.assertTrue(self.closed(**missed, auto_close_warned_on=first_too_late - A_MOMENT))
		just_then = get_datetime(f"{in_days(-30)} 10:00:00")
		for warned_on, expected in ((just_then, True), (just_then - A_MOMENT, False), (None, False)):
			warned = {**missed, "next_contact_date": just_then, "auto_close_warned_on": warned_on}
			self.assertIs(self.closed(**warned), expected)

	def test_a_missed_contact_protects_nothing_where_there_is_nobody_to_warn(self):
		self.assertTrue(self.closed(next_contact_date=in_days(-40), opportunity_owner=None))

	def test_after_it_was_passed_over_or_brought_back(self):
		batch = make_batch()
		for result, field in (("Skipped", "creation"), ("Undone", "modified")):
			for moment, expected in (
				(self.first_day_too_late, "Replied"),
				(self.first_day_too_late - A_MOMENT, "Closed"),
			):
				with self.subTest(result=result, moment=moment):
					opportunity = self.inactive_opportunity(90)
					entry = {"batch": batch, "opportunity": opportunity.name, "result": result}
					row = make("Auto Closed Opportunity", **entry)
					long_ago = {"creation": add_days(moment, -60), "modified": add_days(moment, -60)}
					values = {**long_ago, field: moment}
					frappe.db.set_value("Auto Closed Opportunity", row.name, values, update_modified=False)
					earlier = add_days(moment, -90)
					frappe.db.set_value(
						"Opportunity", opportunity.name, "modified", earlier, update_modified=False
					)
					self.run_job()
					self.assertEqual(opportunity.reload().status, expected)


class TestNextContacts(AutoCloseCase):
	"""Nobody is warned here, so that a missed contact keeps nothing."""

	def setUp(self):
		super().setUp()
		self.set_limit(DAYS, warn_before=0)

	def due_on(self, opportunity, day: str) -> bool:
		rows = preview_auto_close(day=day, limit=500)["rows"]
		return opportunity.name in [row.name for row in rows]

	def test_a_preview_counts_those_to_come_on_its_day(self):
		opportunity = self.inactive_opportunity(next_contact_date=f"{in_days(2)} 10:00:00")
		expected = {0: False, 1: False, 2: False, 3: True}
		self.assertEqual({days: self.due_on(opportunity, in_days(days)) for days in expected}, expected)

	def test_one_at_the_very_beginning_of_the_day_is_missed_on_it(self):
		opportunity = self.inactive_opportunity(next_contact_date=f"{in_days(2)} 00:00:00")
		self.assertEqual([self.due_on(opportunity, in_days(days)) for days in (1, 2)], [False, True])

	def test_a_run_takes_the_moment_and_not_the_day(self):
		with self.at(NOON):
			missed = self.inactive_opportunity(next_contact_date=f"{in_days(0)} 09:00:00")
			now = self.inactive_opportunity(next_contact_date=NOON)
			to_come = self.inactive_opportunity(next_contact_date=f"{in_days(0)} 12:00:01")
			self.run_job()
		self.assertEqual(
			[each.reload().status for each in (missed, now, to_come)], ["Closed", "Closed", "Replied"]
		)


class TestWhatIsNotKnown(AutoCloseCase):
	def outcome(self, **fields) -> tuple[str, str]:
		opportunity = self.inactive_opportunity()
		frappe.db.set_value("Opportunity", opportunity.name, fields, update_modified=False)
		self.run_job()
		return opportunity.reload().status, self.row(opportunity).get("result")

	def test_an_empty_link_is_no_broken_one(self):
		for empty in (None, ""):
			for field in ("opportunity_owner", "party_name"):
				with self.subTest(field=field, empty=empty):
					party = {"opportunity_from": "Customer"} if field == "party_name" else {}
					self.assertEqual(self.outcome(**party, **{field: empty}), ("Closed", "Closed"))

	def test_an_unknown_underlying_status_is_a_contradiction(self):
		for own in (None, "Open"):
			with self.subTest(own=own):
				self.assertEqual(self.outcome(own_status=own), ("Replied", "Skipped"))

	def test_one_that_came_in_today_as_replied_is_not_due(self):
		opportunity = make_opportunity(status="Replied", transaction_date=str(now_datetime().date()))
		self.run_job()
		self.assertEqual(opportunity.reload().status, "Replied")
