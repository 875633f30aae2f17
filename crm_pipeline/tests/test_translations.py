"""Everybody reads their own language, and the catalogues have every text."""

import json
import re
import unittest
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import frappe
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import crm_pipeline
from crm_pipeline.follow_ups.calendar import texts_of
from crm_pipeline.locale.records import SAID_BY_DOCTYPE
from crm_pipeline.rules import colors
from crm_pipeline.tasks import send_follow_up_digest, wake_paused_opportunities
from crm_pipeline.tests.factories import in_days, make_opportunity, make_user
from crm_pipeline.tests.following_up import MORNING, NOON, ReminderCase
from crm_pipeline.tests.http import Api
from crm_pipeline.tests.inactive_opportunities import AutoCloseCase
from crm_pipeline.tests.test_sessions import SessionCase

APP = Path(crm_pipeline.__file__).parent
COMPLETE = {"de"}  # other languages have the statuses only
NAME_MISSING = {
	"de": "Geben Sie der Chance einen Namen, oder wählen Sie ihre Partei.",
	"en": "Enter a name for the opportunity, or choose its party.",
}


def set_language_of_site(language: str) -> None:
	frappe.db.set_single_value("System Settings", "language", language)
	frappe.db.set_default("lang", language)


def set_language(user: str, language: str | None) -> None:
	frappe.db.set_value("User", user, "language", language)


class TestMails(ReminderCase):
	def setUp(self):
		super().setUp()
		self.german, self.english = self.user, make_user("Sales User")
		set_language(self.german, "de")
		set_language(self.english, "en")

	def follow_ups(self, due: str):
		for user in (self.german, self.english):
			self.opportunity(due, title="Printers", next_contact_by=user)

	def assertMail(self, user: str, subject: str, *texts: str):
		(mail,) = self.mails(user)
		self.assertEqual(mail.subject, subject)
		for text in texts:
			self.assertIn(text, mail.text)

	def test_a_reminder_is_in_the_language_of_each_user(self):
		self.follow_ups("2031-05-14 11:00:00")
		self.run_at(NOON)
		self.assertMail(
			self.german, "Printers kontaktieren", "Guten Tag Test", "es ist Zeit, sich zu melden:"
		)
		self.assertMail(self.english, "Contact Printers", "Hello Test", "it is time to get in touch:")

	def test_so_is_the_notification(self):
		self.follow_ups("2031-05-14 11:00:00")
		self.run_at(NOON)
		for user, text in ((self.german, "Es ist so weit."), (self.english, "it is time.")):
			subject = frappe.db.get_value("Notification Log", {"for_user": user}, "subject")
			self.assertIn(text, subject)

	def test_so_is_the_mail_of_the_morning(self):
		self.follow_ups("2031-05-13 11:00:00")
		self.run_at(MORNING, send_follow_up_digest)
		self.assertMail(self.german, "Ihre Wiedervorlagen: 1 überfällig, 0 heute", "Überfällig")
		self.assertMail(self.english, "Your follow-ups: 1 overdue, 0 today", "Overdue")

	def test_without_a_catalogue_it_is_english(self):
		set_language(self.german, "ja")
		self.follow_ups("2031-05-14 11:00:00")
		self.run_at(NOON)
		self.assertMail(self.german, "Contact Printers")

	def test_a_dialect_has_the_texts_of_its_language(self):
		opportunity = make_opportunity(title="Printers")
		former, frappe.local.lang = frappe.local.lang, "de-AT"
		self.addCleanup(setattr, frappe.local, "lang", former)
		self.assertEqual(texts_of(opportunity)["subject"], "Printers kontaktieren")


class TestNotices(AutoCloseCase):
	def test_owners_are_notified_of_closing_each_in_their_language(self):
		for language, words in (("de", "Ihrer Chancen"), ("en", "of your opportunities")):
			owner = make_user("Sales User")
			set_language(owner, language)
			with self.subTest(language):
				self.inactive_opportunity(opportunity_owner=owner)
				self.run_job()
				(told,) = self.told(owner)
				self.assertIn(words, told)

	def test_what_a_job_writes_on_records_is_in_the_sites_language(self):
		set_language_of_site("de")
		opportunity = self.inactive_opportunity()
		self.run_job()
		self.assertIn("Kein Kontakt seit", self.row(opportunity).why)

	def test_the_task_after_a_pause_is_in_its_owners_language(self):
		set_language_of_site("de")
		for language, words in (
			("en", "The pause of Printers is over."),
			(None, "Die Pause von Printers ist"),
		):
			owner = make_user("Sales User")
			set_language(owner, language)
			with self.subTest(language):
				opportunity = make_opportunity(title="Printers", opportunity_owner=owner)
				opportunity.pause(in_days(3))
				frappe.db.set_value("Opportunity", opportunity.name, "paused_until", in_days(0))
				wake_paused_opportunities()
				self.assertIn(words, frappe.db.get_value("ToDo", {"allocated_to": owner}, "description"))


class TestRequests(SessionCase):
	def assertRefusedIn(self, language: str, answer):
		(message,) = json.loads(answer.json["_server_messages"])
		self.assertEqual(json.loads(message)["message"], NAME_MISSING[language])

	def signed_in_with(self, language: str | None):
		set_language(self.user, language)
		frappe.db.commit()
		return self.signed_in()

	def test_a_refusal_is_in_the_users_language(self):
		for language in ("de", "en"):
			with self.subTest(language):
				browser = self.signed_in_with(language)
				self.assertRefusedIn(language, browser.call("POST", "/api/resource/Opportunity", json={}))

	def test_with_an_api_token_it_is_in_the_language_that_the_client_accepts(self):
		api = Api("Sales User")
		self.addCleanup(self.forget, api.user)
		for language in ("de", "en"):
			with self.subTest(language):
				headers = {"Accept-Language": f"{language};q=0.9"}
				answer = api.call("POST", "/api/resource/Opportunity", json={}, headers=headers)
				self.assertRefusedIn(language, answer)

	def test_the_pipeline_page_is_in_the_users_language(self):
		page = self.signed_in_with("de").call("GET", "/pipeline", headers={"Accept": "text/html"})
		self.assertIn('<html lang="de" dir="ltr">', page.text)
		self.assertIn("Alles erledigt. Nichts ist fällig", page.text)

	def test_stages_have_their_names_translated_on_the_board(self):
		browser = self.signed_in_with("de")
		answer = browser.call("GET", "/api/method/crm_pipeline.api.pipeline.get_board").json["message"]
		labels = {stage["stage"]: stage["label"] for stage in answer["stages"]}
		self.assertEqual((labels["Quoting"], labels["Won"]), ("Angebot", "Gewonnen"))


class TestCatalogues(unittest.TestCase):
	"""See docs/translations.md for what to do when one of these fails."""

	def test_the_template_has_every_text(self):
		template = {message.id for message in catalogue("main.pot") if message.id}
		self.assertEqual({*texts_in_code(), *texts_in_records()} - template, set())

	def test_every_language_has_the_texts_of_the_template(self):
		for path in (APP / "locale").glob("*.po"):
			with self.subTest(path.name):
				template, texts = (
					{(m.id, m.context) for m in catalogue(each)} for each in ("main.pot", path.name)
				)
				complete = path.stem in COMPLETE
				wanted = template if complete else {each for each in template if each[1] or not each[0]}
				self.assertEqual(texts, wanted)

	def test_every_status_is_a_text_of_its_own_doctype(self):
		"""Frappe has words of its own for some, with another meaning: "Open" is what a button does."""
		statuses = {(status, doctype) for doctype in SAID_BY_DOCTYPE for status in colors.COLORS[doctype]}
		template = {(message.id, message.context) for message in catalogue("main.pot")}
		self.assertEqual({each for each in template if each[1]}, statuses)

	def test_no_language_says_half_of_the_statuses(self):
		for path in (APP / "locale").glob("*.po"):
			with self.subTest(path.name):
				for doctype in SAID_BY_DOCTYPE:
					words = {m.id: m.string for m in catalogue(path.name) if m.context == doctype}
					self.assertEqual(set(words), set(colors.COLORS[doctype]))
					self.assertEqual(len(set(words.values())), len(words))

	def test_a_status_is_said_in_the_words_of_its_doctype(self):
		for language, word in (("ar", "مفتوحة"), ("es", "Abierta"), ("de", "Offen"), ("en", "Open")):
			self.assertEqual(frappe._("Open", language, "Opportunity"), word)

	def test_every_text_is_translated_with_its_placeholders_and_markup(self):
		for path in (APP / "locale").glob("*.po"):
			with self.subTest(path.name):
				entries = [message for message in catalogue(path.name) if message.id]
				self.assertEqual([each.id for each in entries if not each.string or each.fuzzy], [])
				pairs = [(each.id, each.string) for each in entries]
				self.assertEqual([pair for pair in pairs if len({*map(placeholders, pair)}) > 1], [])


def catalogue(name: str) -> Catalog:
	with (APP / "locale" / name).open("rb") as file:
		return read_po(file)


def placeholders(text: str) -> tuple[str, ...]:
	return tuple(sorted(re.findall(r"\{\d*\}|%[sd]|#|<[^>]+>", text)))


def texts_in_code() -> Iterator[str]:
	"""What stands within `_()` and `__()`, and what the app's own extractor finds."""
	records = "crm_pipeline.locale.records.extract"
	methods = [
		("tests/**", "ignore"),
		("**/test_*.py", "ignore"),
		("processes/stage_boards.py", "crm_pipeline.locale.records.extract_stage_board"),
		("**.py", "python"),
		("**.js", "javascript"),
		("**.html", "jinja2.ext.babel_extract"),
		("defaults/*.json", records),
		("fixtures/*.json", records),
		("**/number_card/*/*.json", records),
		("**/dashboard_chart/*/*.json", records),
	]
	options = {"**.js": {"parse_template_string": True}}
	for _file, _line, text, *_more in extract_from_dir(APP, methods, options, {"_": None, "__": None}):
		yield text


def texts_in_records() -> Iterator[str]:
	"""Names, labels, descriptions and options of DocTypes, reports, workspaces and sidebars."""
	paths = [(APP / "crm_pipeline" / kind).glob("*/*.json") for kind in ("doctype", "report", "workspace")]
	for path in chain(*paths, (APP / "workspace_sidebar").glob("*.json")):
		yield from texts_within(json.loads(path.read_text()))


def texts_within(part) -> Iterator[str]:
	if isinstance(part, list):
		for each in part:
			yield from texts_within(each)
	elif isinstance(part, dict):
		if part.get("doctype") in ("DocType", "Report"):
			yield part["name"]
		yield from (part[key] for key in ("label", "description") if part.get(key))
		if part.get("fieldtype") == "Select" and part["fieldname"] != "naming_series":
			yield from (option for option in (part.get("options") or "").split("\n") if option)
		for value in part.values():
			yield from texts_within(value)
