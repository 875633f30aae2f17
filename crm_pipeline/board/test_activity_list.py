"""Activities across opportunities: by when they are due on the user's own clock, whose they are, and what is done to them."""

import frappe
from frappe.utils import get_system_timezone

from crm_pipeline.api import activity_list
from crm_pipeline.api.activities import add_activity
from crm_pipeline.exceptions import ImpossibleDate, StateGone, UnknownChoice, UnreadableFilters
from crm_pipeline.permissions.visibility import OWN
from crm_pipeline.tests.activity_lists import MORNING, NOW, ActivityListCase, begin_weeks
from crm_pipeline.tests.factories import make, make_team, make_user
from crm_pipeline.tests.limited import settings


class TestWhenTheyAreDue(ActivityListCase):
	def test_tasks_go_by_the_day(self):
		days = ("2031-01-07", "2031-01-08", "2031-01-09", "2031-01-12", "2031-01-13", "")
		late, today, next_day, sunday, monday, never = (self.task(date=day).name for day in days)
		done = self.task(date="2031-01-08", status="Closed").name
		self.task(date="2031-01-08", status="Cancelled")
		self.assertEqual(
			self.records(),
			{
				"overdue": [late],
				"today": [today],
				"this_week": [next_day, sunday],
				"later": [monday],
				"no_date": [never],
				"done": [done],
			},
		)

	def test_next_contacts_go_by_the_moment(self):
		moments = (
			"2031-01-08 11:59:59",
			NOW,
			"2031-01-08 23:59:59",
			"2031-01-09 00:00:00",
			"2031-01-12 23:59:59",
			"2031-01-13 00:00:00",
		)
		names = [self.make(next_contact_date=each, next_contact_by=self.seller).name for each in moments]
		self.assertEqual(
			self.records(),
			{"overdue": names[:1], "today": names[1:3], "this_week": names[3:5], "later": names[5:]},
		)

	def test_entries_of_the_calendar_go_by_their_start(self):
		late, soon = (self.event(f"2031-01-08 {hour}:00:00").name for hour in (11, 12))
		today, gone = (self.event(f"2031-01-0{day} 00:00:00", all_day=1).name for day in (8, 7))
		later = self.event("2031-01-13 00:00:00", all_day=1).name
		self.event("2031-01-08 15:00:00", status="Cancelled")
		self.assertEqual(self.records(), {"overdue": [gone, late], "today": [today, soon], "later": [later]})
		rows = {row["record"]: row for section in self.asked()["sections"] for row in section["rows"]}
		self.assertEqual((rows[soon]["at"], rows[today]["at"]), ("2031-01-08 12:00:00", "2031-01-08"))

	def test_entries_that_are_under_way_are_due_today(self):
		under_way, over = (
			self.event("2031-01-08 11:00:00", ends_on=f"2031-01-08 {end}").name
			for end in ("12:00:00", "11:59:59")
		)
		days, gone = (
			self.event("2031-01-06 00:00:00", ends_on=f"2031-01-0{last} 00:00:00", all_day=1).name
			for last in (8, 7)
		)
		self.assertEqual(self.records(), {"overdue": [gone, over], "today": [days, under_way]})

	def test_the_last_day_of_the_week_has_no_rest_of_it(self):
		today = self.task(date="2031-01-12").name
		tomorrow = self.make(next_contact_date="2031-01-13 00:00:00", next_contact_by=self.seller).name
		self.assertEqual(self.records("2031-01-12 09:00:00"), {"today": [today], "later": [tomorrow]})
		begin_weeks("Sunday")
		self.assertEqual(self.records("2031-01-12 09:00:00"), {"today": [today], "this_week": [tomorrow]})

	def test_the_day_is_the_users_own(self):
		contact = self.make(next_contact_date="2031-01-09 01:00:00", next_contact_by=self.seller).name
		task = self.task(date="2031-01-09").name
		settings(opportunity_visibility="All")
		frappe.set_user(self.seller)
		for zone, expected in (
			(get_system_timezone(), {"this_week": {contact, task}}),
			("Pacific/Kiritimati", {"today": {contact, task}}),
			("Pacific/Pago_Pago", {"today": {contact}, "this_week": {task}}),
		):
			frappe.db.set_value("User", self.seller, "time_zone", zone)
			with self.subTest(zone):
				found = {key: set(names) for key, names in self.records().items()}
				self.assertEqual(found, expected)

	def test_a_pause_asks_for_nothing_but_what_was_missed(self):
		for moment in ("2031-01-07 09:00:00", "2031-01-08 15:00:00"):
			opportunity = self.make(next_contact_date=moment, next_contact_by=self.seller)
			with self.at(MORNING):
				opportunity.reload().pause("2031-03-01")
		self.assertEqual([*self.records()], ["overdue"])

	def test_its_own_entry_of_the_calendar_is_no_second_activity(self):
		opportunity = self.make(next_contact_date="2031-01-08 15:00:00", next_contact_by=self.seller)
		self.assertEqual(self.records(), {"today": [opportunity.name]})
		with self.at(NOW):
			opportunity.reload().complete_follow_up("Reached")
		(row,) = self.asked()["sections"][-1]["rows"]
		self.assertEqual((row["doctype"], row["kind"], row["at"]), ("Pipeline Change", "follow_up", NOW))

	def test_nothing_at_all(self):
		answer = self.asked()
		self.assertEqual({section["count"] for section in answer["sections"]}, {0})
		self.assertEqual((answer["cards"], len(answer["sections"])), ([], 6))


class TestWhichTheyAre(ActivityListCase):
	def rows(self, **arguments) -> list[dict]:
		return [row for section in self.asked(**arguments)["sections"] for row in section["rows"]]

	def test_each_kind_alone(self):
		contact = self.make(next_contact_date="2031-01-08 15:00:00", next_contact_by=self.seller).name
		task = self.task(date="2031-01-08").name
		entries = {
			kind: self.event("2031-01-08 16:00:00", event_category=category).name
			for kind, category in (("event", "Other"), ("call", "Call"), ("meeting", "Meeting"))
		}
		with self.at("2031-01-08 11:00:00"):
			for kind in ("Call", "Meeting", "Note"):
				add_activity(self.opportunity.name, kind, "Reached")
		mail = self.mail("Sent")
		self.mail("Received")
		expected = {"follow_up": {contact}, "task": {task}, "email": {mail}}
		for kind, names in (expected | {kind: {name} for kind, name in entries.items()}).items():
			with self.subTest(kind):
				found = self.rows(kind=kind)
				self.assertEqual({row["kind"] for row in found}, {kind})
				self.assertLessEqual(names, {row["record"] for row in found})
				self.assertEqual(len(found), len(names) + (kind in ("call", "meeting")))
		self.assertEqual(len(self.rows()), 8)

	def mail(self, direction: str) -> str:
		about = {"reference_doctype": "Opportunity", "reference_name": self.opportunity.name}
		values = {"communication_type": "Communication", "communication_medium": "Email", "subject": "Offer"}
		with self.at("2031-01-07 10:00:00"):
			return make("Communication", **values, **about, sent_or_received=direction, content="Text").name

	def test_what_was_done_long_ago_is_left_out(self):
		with self.at("2030-12-01 10:00:00"):
			add_activity(self.opportunity.name, "Call", "Reached")
		with self.at("2031-01-07 10:00:00"):
			add_activity(self.opportunity.name, "Call", "Again")
		self.assertEqual([row["at"] for row in self.rows(kind="call")], ["2031-01-07 10:00:00"])

	def test_whose_they_are(self):
		other, leader = make_user("Sales User"), make_user("Sales Manager")
		mine, theirs = self.task(date="2031-01-08"), self.task(date="2031-01-08", allocated_to=other)
		make_team(self.seller, manager=leader)
		frappe.set_user(self.seller)
		self.assertEqual(self.records(scope="mine"), {"today": [mine.name]})
		self.assertEqual(self.records(scope=f"user:{other}"), {"today": [theirs.name]})
		frappe.set_user(leader)
		self.assertEqual(self.records(scope="mine"), {})
		self.assertEqual(self.records(scope="team"), {"today": [mine.name]})

	def test_what_i_gave_to_others(self):
		other, me = make_user("Sales User"), frappe.session.user
		given = self.task(date="2031-01-08", assigned_by=me).name
		further = self.task(date="2031-01-09", assigned_by=me, allocated_to=other).name
		self.task(date="2031-01-08", assigned_by=me, allocated_to=me)
		self.task(date="2031-01-08", assigned_by=other)
		self.make(next_contact_date="2031-01-08 15:00:00", next_contact_by=self.seller)
		found = {"today": [given], "this_week": [further]}
		self.assertEqual(self.records(delegated=1), found)
		self.assertEqual(self.records(delegated=1, scope="mine"), found)
		self.assertEqual(self.records(delegated=1, scope=f"user:{other}"), {"this_week": [further]})
		self.assertEqual(self.records(delegated=1, kind="event"), {})
		self.assertEqual(self.rows(delegated=1)[0]["given_by"], me)

	def test_tasks_of_what_has_ended_stay(self):
		task = self.task(date="2031-01-08").name
		with self.at(MORNING):
			self.opportunity.reload().mark_won()
			frappe.db.set_value("ToDo", task, "status", "Open")  # such as to ask again
		self.assertEqual(self.records(), {"today": [task]})

	def test_of_whom_is_disabled(self):
		task = self.task(date="2031-01-08").name
		frappe.db.set_value("User", self.seller, "enabled", 0)
		answer = self.asked()
		self.assertEqual([row["record"] for row in answer["sections"][1]["rows"]], [task])
		self.assertIn(self.seller, answer["people"])

	def test_what_is_hidden_is_neither_told_nor_counted(self):
		self.task(date="2031-01-08", allocated_to=None)
		self.event("2031-01-08 15:00:00")
		self.make(next_contact_date="2031-01-08 15:00:00", next_contact_by=self.seller)
		with self.at("2031-01-07 10:00:00"):
			add_activity(self.opportunity.name, "Call", "Reached")
		self.assertEqual(len(self.rows()), 4)
		settings(opportunity_visibility=OWN)
		with self.as_user("Sales User"):
			self.assertEqual(self.records(), {})

	def test_private_entries_of_others_stay_private(self):
		self.event("2031-01-08 15:00:00", event_type="Private")
		self.assertEqual(len(self.rows()), 1)
		with self.as_user("Sales User"):
			self.assertEqual(self.rows(), [])

	def test_whoever_is_invited_twice_comes_once(self):
		guest = {"reference_doctype": "Opportunity", "reference_docname": self.opportunity.name}
		event = self.event("2031-01-08 15:00:00", event_participants=[guest, dict(guest)])
		later = self.event("2031-01-08 16:00:00")
		self.assertEqual(self.records(), {"today": [event.name, later.name]})
		parts = [
			self.asked(section="today", start=start, limit=1)["sections"][1]["rows"] for start in (0, 1, 2)
		]
		self.assertEqual(
			[[row["record"] for row in rows] for rows in parts], [[event.name], [later.name], []]
		)

	def test_texts_are_plain_and_cards_come_along(self):
		self.task(date="2031-01-08")
		answer = self.asked()
		(row,) = answer["sections"][1]["rows"]
		self.assertEqual((row["what"], row["opportunity"]), ("Send it", self.opportunity.name))
		self.assertEqual([card.name for card in answer["cards"]], [self.opportunity.name])

	def test_a_section_in_parts(self):
		tasks = [self.task(date=f"2031-01-{day:02}").name for day in range(20, 25)]
		contact = self.make(next_contact_date="2031-01-21 09:00:00", next_contact_by=self.seller).name
		order = [*tasks[:2], contact, *tasks[2:]]
		parts = []
		for start in (0, 2, 4, 6):
			answer = self.asked(section="later", start=start, limit=2)["sections"]
			self.assertEqual([each["count"] for each in answer], [0, 0, 0, 6, 0, 0])
			parts += [row["record"] for row in answer[3]["rows"]]
		self.assertEqual(parts, order)

	def test_portions_meet_where_many_are_due_on_one_day(self):
		entries = [self.event("2031-01-08 15:00:00", status="Completed").name for _each in range(30)]
		tasks = [self.task(date="2031-01-20", on=self.make()).name for _each in range(60)]
		undated = [self.task(date="", on=self.make()).name for _each in range(30)]
		for section, names in (("later", tasks), ("no_date", undated), ("done", entries)):
			found = []
			for start in range(0, len(names), 5):
				answer = self.asked(section=section, start=start, limit=5)["sections"]
				found += [row["record"] for each in answer for row in each["rows"]]
			with self.subTest(section):
				self.assertCountEqual(found, names)

	def test_the_number_of_statements_does_not_grow(self):
		self.task(date="2031-01-08")
		self.asked()  # fills what is kept
		few = self.statements(self.asked)
		for _each in range(5):
			self.task(date="2031-01-08", on=self.make())
		self.assertEqual(self.statements(self.asked), few)

	def test_bad_input(self):
		for refusal, arguments in (
			(UnknownChoice, {"kind": "letter"}),
			(UnknownChoice, {"section": "never"}),
			(UnreadableFilters, {"filters": {"scope": "nobody"}}),
		):
			with self.subTest(arguments), self.assertRefused(refusal):
				self.asked(**arguments)


class TestWhatIsDoneToThem(ActivityListCase):
	def test_a_task_is_done_once_and_opened_again(self):
		task = self.task(date="2031-01-08")
		sent = ("ToDo", task.name, self.opportunity.name)
		for request in ("a", "a", "b"):
			answer = activity_list.set_done(*sent, request_id=request)
			self.assertEqual(answer["card"]["name"], self.opportunity.name)
			self.assertEqual(frappe.db.get_value("ToDo", task.name, "status"), "Closed")
		activity_list.set_done(*sent, done=0)
		self.assertEqual(frappe.db.get_value("ToDo", task.name, "status"), "Open")
		frappe.db.set_value("ToDo", task.name, "status", "Cancelled")
		with self.assertRefused(StateGone):
			activity_list.set_done(*sent)

	def test_a_task_is_moved_and_moved_back(self):
		task = self.task(date="2031-01-08")
		sent = ("ToDo", task.name, self.opportunity.name)
		activity_list.move_activity(*sent, "2031-01-10", "2031-01-08")
		self.assertEqual(str(task.reload().date), "2031-01-10")
		with self.assertRefused(StateGone):
			activity_list.move_activity(*sent, "2031-01-11", "2031-01-08")
		activity_list.move_activity(*sent, "2031-01-08", "2031-01-10")
		self.assertEqual(str(task.reload().date), "2031-01-08")
		activity_list.set_done(*sent)
		with self.assertRefused(StateGone):
			activity_list.move_activity(*sent, "2031-01-11", "2031-01-08")

	def test_a_task_without_day_gets_one_and_loses_it(self):
		task = self.task(date="")
		sent = ("ToDo", task.name, self.opportunity.name)
		activity_list.move_activity(*sent, "2031-01-10", "")
		activity_list.move_activity(*sent, "", "2031-01-10")
		self.assertIsNone(task.reload().date)

	def test_an_entry_keeps_its_length(self):
		event = self.event("2031-01-08 15:00:00", ends_on="2031-01-08 16:30:00")
		sent = ("Event", event.name, self.opportunity.name)
		activity_list.move_activity(*sent, "2031-01-09 09:00:00", "2031-01-08 15:00:00")
		event.reload()
		self.assertEqual(
			(str(event.starts_on)[:19], str(event.ends_on)[:19]),
			("2031-01-09 09:00:00", "2031-01-09 10:30:00"),
		)
		activity_list.set_done(*sent)
		self.assertEqual(self.records("2031-01-10 09:00:00"), {"done": [event.name]})
		for day in ("", "tomorrow"):
			with self.assertRefused(ImpossibleDate):
				activity_list.move_activity(*sent, day, "2031-01-09 09:00:00")

	def test_an_entry_of_a_whole_day_is_moved_by_the_day(self):
		event = self.event("2031-01-08 10:30:00", ends_on="2031-01-08 17:00:00", all_day=1)
		row = self.asked()["sections"][1]["rows"][0]
		self.assertEqual(row["at"], "2031-01-08")
		sent = ("Event", event.name, self.opportunity.name)
		for to, seen in (("2031-01-10 00:00:00", row["at"]), ("2031-01-08", "2031-01-10 00:00:00")):
			activity_list.move_activity(*sent, to, seen)
			event.reload()
			self.assertEqual(
				(str(event.starts_on)[:19], str(event.ends_on)[:19]),
				(f"{to[:10]} 10:30:00", f"{to[:10]} 17:00:00"),
			)
		for seen in ("2031-01-10", "", None):
			with self.assertRefused(StateGone):
				activity_list.move_activity(*sent, "2031-01-11", seen)

	def test_a_task_of_another_opportunity(self):
		task = self.task(date="2031-01-08")
		elsewhere = self.make()
		with self.assertRefused(frappe.DoesNotExistError):
			activity_list.set_done("ToDo", task.name, elsewhere.name)
		with self.assertRefused(frappe.DoesNotExistError):
			activity_list.move_activity("ToDo", task.name, elsewhere.name, "2031-01-10", "2031-01-08")
		self.assertEqual(task.reload().status, "Open")

	def test_who_may_not(self):
		task, event = self.task(date="2031-01-08"), self.event("2031-01-08 15:00:00", event_type="Private")
		sent = [("ToDo", task.name, self.opportunity.name), ("Event", event.name, self.opportunity.name)]
		elsewhere = self.make()
		with self.assertRefused(frappe.DoesNotExistError):
			activity_list.set_done("Event", event.name, elsewhere.name)
		with self.assertRefused(UnknownChoice):
			activity_list.set_done("User", self.seller, self.opportunity.name)
		with self.as_user("Purchase User"):
			for each in sent:
				with self.assertRefused(frappe.PermissionError):
					activity_list.set_done(*each)
		settings(opportunity_visibility=OWN)
		with self.as_user("Sales User"):
			for each in sent:
				with self.assertRefused(frappe.DoesNotExistError):
					activity_list.set_done(*each)
