"""Dates, rates and names in what the app says are written as people of the site write them."""

import json

import frappe
from frappe.utils import get_datetime

from crm_pipeline.api.assignment import condition_in_words, get_rules
from crm_pipeline.install import DEFAULTS
from crm_pipeline.money.conversion import shown
from crm_pipeline.patches import translate_neglected
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import make_user
from crm_pipeline.tests.following_up import FollowUpCase
from crm_pipeline.tests.inactive_opportunities import AutoCloseCase


def shipped(name: str) -> list[dict]:
	return json.loads((DEFAULTS / name).read_text())


class TestDates(AutoCloseCase):
	def test_the_reason_of_a_closing_has_the_sites_date_format(self):
		for date_format, pattern in (("dd.mm.yyyy", "%d.%m.%Y"), ("mm/dd/yyyy", "%m/%d/%Y")):
			with self.subTest(date_format):
				frappe.db.set_default("date_format", date_format)
				opportunity = self.inactive_opportunity()
				self.run_job()
				row = self.row(opportunity)
				self.assertIn(get_datetime(row.inactive_since).strftime(pattern), row.why)


class TestRates(TestCase):
	def test_a_rate_has_the_decimals_that_it_has(self):
		for rate, text in ((1.5, "1.5"), (0.92, "0.92"), (1.086957, "1.086957"), (2.0, "2"), (110.0, "110")):
			with self.subTest(rate):
				self.assertEqual(shown(rate), text)


class TestNeglected(FollowUpCase):
	def notification(self):
		(record,) = shipped("9_notification.json")
		return record

	def rendered(self, field: str, doc) -> str:
		return frappe.render_template(self.notification()[field], {"doc": doc})

	def test_it_is_in_the_language_of_the_site_and_names_people(self):
		frappe.db.set_default("lang", "de")
		user = make_user("Sales User")
		doc = self.opportunity(title="Printers", next_contact_by=user)
		self.assertEqual(self.rendered("subject", doc), "Wiedervorlage überfällig: Printers")
		message = self.rendered("message", doc)
		self.assertIn("Test sollte", message)
		self.assertNotIn(user, message)

	def test_sites_that_have_the_former_one_get_it_unless_they_edited_it(self):
		name = self.notification()["name"]
		former = {
			"subject": translate_neglected.FORMER_SUBJECT,
			"message": "<p>{{ _('{0} was to contact {1}').format(doc.next_contact_by, doc.title) }}</p>",
		}
		for texts, expected in (
			(former, self.notification()["subject"]),
			({**former, "subject": "Ours"}, "Ours"),
		):
			frappe.db.set_value("Notification", name, texts)
			translate_neglected.execute()
			self.assertEqual(frappe.db.get_value("Notification", name, "subject"), expected)


class TestAssignment(TestCase):
	def test_every_condition_that_comes_with_the_app_is_said_in_words(self):
		for rule in shipped("8_assignment_rule.json"):
			with self.subTest(rule["name"]):
				self.assertTrue(condition_in_words(rule["assign_condition"]))

	def test_one_of_the_companys_own_is_shown_as_it_is(self):
		self.assertIsNone(condition_in_words("territory == 'North'"))

	def test_rules_carry_their_words(self):
		words = {rule["name"]: rule["condition_in_words"] for rule in get_rules()}
		self.assertEqual(words["Opportunities in Turn"], "Only open opportunities without an owner.")
