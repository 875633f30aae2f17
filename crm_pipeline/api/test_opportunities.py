"""Several opportunities lost at once: each is checked by itself, and one message says which were and which refused."""

from unittest.mock import patch

import frappe

from crm_pipeline.api import opportunities
from crm_pipeline.api.opportunities import declare_lost
from crm_pipeline.exceptions import LostReasonsMissing, TooManyRecords, UnreadableList
from crm_pipeline.permissions.visibility import OWN
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	make,
	make_lost_reason,
	make_opportunity,
	make_party_opportunity,
	make_quotation,
	make_user,
	unique,
)
from crm_pipeline.tests.limited import settings


class TestBulkLost(TestCase):
	def setUp(self):
		super().setUp()
		self.reason = make_lost_reason().name
		frappe.clear_messages()

	def message(self) -> str:
		"""Return the one message that there is."""
		messages = [frappe.parse_json(message) for message in frappe.local.message_log]
		(message,) = (each["message"] for each in messages if each.get("title") == "Declare Lost")
		return message

	def lose(self, *records, **more) -> dict:
		return declare_lost([record.name for record in records], [self.reason], **more)

	def statuses(self, *records) -> list[str]:
		return [record.reload().status for record in records]

	def test_each_gets_the_reasons_competitors_and_words(self):
		ones = [make_opportunity(), make_opportunity()]
		rival = make("Competitor", competitor_name=unique("Rival")).name
		answer = self.lose(*ones, competitors=[rival], detailed_reason="Too late")
		self.assertEqual(answer, {"lost": [one.name for one in ones], "refused": {}, "queued": 0})
		for one in ones:
			one.reload()
			self.assertEqual((one.status, one.order_lost_reason), ("Lost", "Too late"))
			self.assertEqual([row.lost_reason for row in one.lost_reasons], [self.reason])
			self.assertEqual([row.competitor for row in one.competitors], [rival])
			self.assertIn(f">{one.title}</a>", self.message())

	def test_competitors_that_are_left_out_stay(self):
		rival = make("Competitor", competitor_name=unique("Rival")).name
		one = make_opportunity(competitors=[{"competitor": rival}])
		self.lose(one)
		self.assertEqual([row.competitor for row in one.reload().competitors], [rival])

	def test_refusals_are_named_and_the_others_lost(self):
		won, quoted, ready = make_opportunity(), make_party_opportunity(), make_opportunity()
		won.mark_won()
		quotation = make_quotation(quoted)
		frappe.clear_messages()
		answer = self.lose(won, quoted, ready)
		self.assertEqual(answer["lost"], [ready.name])
		self.assertEqual(list(answer["refused"]), [won.name, quoted.name])
		self.assertEqual(self.statuses(won, quoted, ready), ["Converted", "Quotation", "Lost"])
		lost, refused = self.message().split("<br><br>")
		self.assertRegex(lost, f"^1 declared lost: {self.link(ready)}$")
		self.assertRegex(refused, f"^2 refused:.*{self.link(quoted)}: ")
		self.assertIn(answer["refused"][quoted.name], refused)
		self.assertIn(quotation.name, answer["refused"][quoted.name])

	def link(self, record) -> str:
		"""Return a pattern of the link to a record, to which Frappe 16 adds attributes in messages."""
		return rf'<a href="[^"]*/opportunity/{record.name}"[^>]*>{record.title}</a>'

	def test_open_quotations_are_lost_too_if_asked(self):
		quoted = make_party_opportunity()
		quotation = make_quotation(quoted)
		self.assertEqual(self.lose(quoted, lose_quotations=True)["lost"], [quoted.name])
		self.assertEqual(self.statuses(quoted, quotation), ["Lost", "Lost"])

	def test_reasons_are_asked_for_once(self):
		one = make_opportunity()
		for none in ([], "[]", ""):
			with self.assertRefused(LostReasonsMissing):
				declare_lost([one.name], none)
		with self.assertRefused(UnreadableList):
			declare_lost(one.name, [self.reason])
		self.assertEqual(one.reload().status, "Open")

	def test_a_reason_that_there_is_not_loses_none(self):
		one = make_opportunity()
		answer = declare_lost([one.name], ["No such reason"])
		self.assertIn("No such reason", answer["refused"][one.name])
		self.assertEqual(one.reload().status, "Open")

	def test_one_named_twice_is_lost_once(self):
		one = make_opportunity()
		self.assertEqual(self.lose(one, one), {"lost": [one.name], "refused": {}, "queued": 0})

	def test_rights_are_asked_for_each(self):
		hidden, own, absent = make_opportunity(), make_opportunity(), "CRM-OPP-NONE"
		settings(opportunity_visibility=OWN)
		with self.as_user("Sales User") as user:
			own.db_set("opportunity_owner", user)
			answer = declare_lost([hidden.name, absent, own.name], [self.reason])
		self.assertEqual(answer["lost"], [own.name])
		self.assertEqual(hidden.reload().status, "Open")
		self.assertNotIn(hidden.title, self.message())
		refused = answer["refused"]
		self.assertEqual(refused[hidden.name].replace(hidden.name, absent), refused[absent])

	def test_who_may_only_read_loses_none(self):
		one = make_opportunity()
		with self.as_user("Purchase User"):
			answer = self.lose(one)
		self.assertEqual((list(answer["refused"]), one.reload().status), ([one.name], "Open"))

	def test_strangers_are_refused(self):
		one = make_opportunity()
		with self.as_user("Website Manager"), self.assertRefused(frappe.PermissionError):
			self.lose(one)

	def test_titles_are_shown_as_text(self):
		one = make_opportunity()
		one.db_set("title", "<img src=x>")
		self.lose(one)
		self.assertIn("&lt;img src=", self.message())
		self.assertNotIn("<img", self.message())

	def test_many_are_lost_in_the_background_and_their_user_is_notified(self):
		won, *ready = [make_opportunity() for _each in range(3)]
		won.mark_won()
		user = make_user("Sales User")
		frappe.set_user(user)
		with patch.object(frappe, "enqueue") as enqueue, patch.object(opportunities, "MOST_AT_ONCE", 2):
			answer = self.lose(won, *ready)
		(job,), options = enqueue.call_args
		self.assertEqual((answer["queued"], answer["lost"], options["enqueue_after_commit"]), (3, [], True))
		job(names=options["names"], loss=options["loss"])
		frappe.set_user("Administrator")
		self.assertEqual(self.statuses(won, *ready), ["Converted", "Lost", "Lost"])
		(told,) = frappe.get_all("Notification Log", {"for_user": user}, pluck="subject")
		self.assertIn("2 declared lost", told)
		self.assertIn("1 refused", told)
		self.assertIn(won.title, told)

	def test_more_than_a_list_shows_are_refused(self):
		with self.assertRefused(TooManyRecords, "2501 are too many"):
			declare_lost([f"CRM-OPP-{number}" for number in range(2501)], [self.reason])
