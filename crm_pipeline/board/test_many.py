"""The same done to several opportunities: each with its own refusal, once for each request."""

from unittest.mock import patch

import frappe
from frappe.custom.doctype.property_setter.property_setter import make_property_setter

from crm_pipeline.api.opportunities import act_on_many, undo_many
from crm_pipeline.board import many
from crm_pipeline.board.requests import WRITE
from crm_pipeline.exceptions import TooManyRecords, UnknownChoice, UnreadableList, UnreadableValues
from crm_pipeline.permissions.visibility import OWN
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import in_days, make_lost_reason, make_opportunity, make_process, make_user
from crm_pipeline.tests.limited import settings


class TestMany(TestCase):
	def setUp(self):
		super().setUp()
		self.process = make_process(10, 40)
		self.stages = [row.sales_stage for row in self.process.stages]
		self.records = [make_opportunity(sales_process=self.process.name) for _each in range(3)]
		self.names = [record.name for record in self.records]

	def act(self, action, **args) -> dict:
		return act_on_many(self.names, action, args)

	def values(self, field) -> list:
		return [record.reload().get(field) for record in self.records]

	def test_each_action(self):
		owner, reason = make_user("Sales User"), make_lost_reason().name
		everything = {"done": self.names, "refused": {}, "queued": 0}
		done = {"done": self.names, "refused": {}}
		for action, args, field, value in (
			("assign", {"owner": owner}, "opportunity_owner", owner),
			("move", {"sales_stage": self.stages[1]}, "sales_stage", self.stages[1]),
			("pause", {"until": in_days(4), "reason": "Budget"}, "status", "Paused"),
			("lost", {"lost_reasons": [reason]}, "status", "Lost"),
		):
			with self.subTest(action=action):
				before = self.values(field)
				answer = self.act(action, **args)
				versions = answer.pop("undo")
				self.assertEqual((answer, list(versions)), (everything, self.names))
				self.assertEqual(self.values(field), [value] * 3)
				self.assertEqual(undo_many(versions), done)
				self.assertEqual(self.values(field), before)
				self.assertEqual(list(undo_many(versions)["refused"]), self.names)  # a second click
				self.act(action, **args)

	def test_what_somebody_touched_since_is_not_taken_back(self):
		versions = self.act("close_date", expected_closing=in_days(9))["undo"]
		self.records[0].reload().update({"expected_closing": in_days(3)}).save()
		with self.as_user("Sales User"):
			self.assertEqual(undo_many(versions)["done"], [])
		answer = undo_many(frappe.as_json(versions))
		self.assertEqual((answer["done"], list(answer["refused"])), (self.names[1:], self.names[:1]))
		self.assertEqual([str(day or "") for day in self.values("expected_closing")], [in_days(3), "", ""])

	def test_undoing_takes_versions_by_name(self):
		for refusal, versions in (
			(UnreadableValues, {self.names[0]: ["like", "%"]}),
			(UnreadableValues, {self.names[0]: None}),
			(UnreadableValues, "no object"),
			(UnreadableValues, "[]"),
			(TooManyRecords, {str(number): "a" for number in range(101)}),
		):
			with self.subTest(versions=str(versions)[:30]), self.assertRefused(refusal):
				undo_many(versions)

	def test_next_contacts_of_the_owner_go_along_if_asked_for(self):
		old, other, new = (make_user("Sales User") for _each in range(3))
		moment = f"{in_days(2)} 09:00:00"
		for record, by in zip(self.records, (old, other, None), strict=True):
			planned = {"next_contact_date": moment, "next_contact_by": by} if by else {}
			record.update({"opportunity_owner": old, **planned}).save()
		self.act("assign", owner=other)
		self.assertEqual(self.values("next_contact_by"), [old, other, None])
		for record in self.records:
			record.update({"opportunity_owner": old}).save()
		self.act("assign", owner=new, next_contacts=1)
		self.assertEqual(self.values("opportunity_owner"), [new] * 3)
		self.assertEqual(self.values("next_contact_by"), [new, other, None])

	def test_next_contacts_that_one_may_not_set_stay(self):
		old, new = make_user("Sales User"), make_user("Sales User")
		for record in self.records:
			planned = {"next_contact_date": f"{in_days(2)} 09:00:00", "next_contact_by": old}
			record.update({"opportunity_owner": old, **planned}).save()
		make_property_setter("Opportunity", "next_contact_by", "permlevel", 2, "Int")
		frappe.clear_cache(doctype="Opportunity")
		self.addCleanup(frappe.clear_cache, doctype="Opportunity")
		with self.as_user("Sales Manager"):
			self.act("assign", owner=new, next_contacts=1)
		self.assertEqual(self.values("opportunity_owner"), [new] * 3)
		self.assertEqual(self.values("next_contact_by"), [old] * 3)

	def test_closing_dates_and_tags(self):
		self.act("close_date", expected_closing=in_days(9))
		self.assertEqual([str(day) for day in self.values("expected_closing")], [in_days(9)] * 3)
		for _each in "ab":
			self.assertEqual(self.act("tag", tag="Fair")["undo"], {})
		self.act("tag", tag="Big")
		tags = frappe.db.get_value("Opportunity", self.names[0], "_user_tags")
		self.assertEqual(tags.strip(",").split(","), ["Fair", "Big"])

	def test_refusals_are_told_in_words(self):
		make_quoted = self.records[1]
		make_quoted.declare_lost([make_lost_reason().name])
		answer = self.act("pause", until=in_days(4))
		self.assertEqual(answer["done"], [self.names[0], self.names[2]])
		self.assertEqual(list(answer["refused"]), [self.names[1]])
		self.assertNotIn("<", answer["refused"][self.names[1]])
		self.assertEqual(self.values("status"), ["Paused", "Lost", "Paused"])

	def test_what_is_hidden_is_not_there(self):
		settings(opportunity_visibility=OWN)
		with self.as_user("Sales User") as user:
			mine = make_opportunity(opportunity_owner=user).name
			answer = act_on_many([mine, self.names[0], "No such"], "tag", {"tag": "Fair"})
		self.assertEqual((answer["done"], len(answer["refused"])), ([mine], 2))

	def test_who_may_only_read_changes_nothing(self):
		with self.as_user("Purchase User"):
			self.assertEqual(self.act("tag", tag="Fair")["done"], [])

	def test_bad_input_changes_nothing(self):
		for refusal, names, action, args in (
			(UnknownChoice, self.names, "delete", {}),
			(UnreadableValues, self.names, "assign", {}),
			(UnreadableValues, self.names, "assign", {"owner": "a", "status": "Lost"}),
			(UnreadableValues, self.names, "tag", {"tag": "a,b"}),
			(UnreadableValues, self.names, "tag", "no object"),
			(UnreadableList, "{}", "tag", {"tag": "a"}),
			(TooManyRecords, [str(number) for number in range(2501)], "tag", {"tag": "a"}),
		):
			with self.subTest(action=action, args=args), self.assertRefused(refusal):
				act_on_many(names, action, args)

	def test_the_same_request_is_done_once(self):
		with (
			patch.object(many, "act_on_each", wraps=many.act_on_each) as spy,
			patch.object(frappe.db, "commit"),
		):
			answers = [act_on_many(self.names, "tag", {"tag": "Fair"}, "a") for _each in "ab"]
		self.assertEqual(spy.call_count, 1)
		self.assertEqual(answers[0], answers[1])

	def test_very_many_are_gone_through_in_the_background(self):
		with (
			patch("crm_pipeline.api.opportunities.MOST_AT_ONCE", 2),
			patch.object(frappe, "enqueue") as enqueue,
		):
			answer = self.act("tag", tag="Fair")
		self.assertEqual(answer, {"done": [], "refused": {}, "undo": {}, "queued": 3})
		kwargs = enqueue.call_args.kwargs
		many.act_and_notify(kwargs["names"], kwargs["action"], kwargs["args"])
		many.act_and_notify(self.names, "close_date", {"expected_closing": in_days(9)})
		self.assertEqual([str(day) for day in self.values("expected_closing")], [in_days(9)] * 3)
		self.assertFalse(
			frappe.db.exists(WRITE, {"opportunity": ["in", self.names]})
		)  # nobody is told how to undo it
		self.assertEqual(self.values("name"), self.names)
