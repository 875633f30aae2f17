"""Search over all opportunities that the user sees."""

import frappe
from frappe.utils import add_to_date, now_datetime

from crm_pipeline.api.search import search_opportunities
from crm_pipeline.tests.boards import BoardCase
from crm_pipeline.tests.factories import in_days, make_lost_reason, make_opportunity, make_user


class TestSearch(BoardCase):
	def setUp(self):
		super().setUp()
		self.word = frappe.generate_hash(length=10)

	def found(self, text: str | None = None, **options) -> list[str]:
		return [row.name for row in search_opportunities(text or self.word, **options)["rows"]]

	def test_all_processes_and_ended_ones_those_in_play_first(self):
		lost = self.opportunity(title=f"{self.word} lost")
		lost.declare_lost([make_lost_reason().name])
		closed = self.opportunity(
			title=f"{self.word} closed",
			transaction_date=in_days(-900),
			status="Closed",
			closed_on=in_days(-800),
		)
		open_one = make_opportunity(title=f"{self.word} open")
		for opportunity, minutes in ((lost, 0), (closed, -5), (open_one, -9)):
			moment = add_to_date(now_datetime(), minutes=minutes)
			frappe.db.set_value("Opportunity", opportunity.name, "modified", moment, update_modified=False)
		self.assertEqual(self.found(), [open_one.name, lost.name, closed.name])
		self.assertEqual(self.found(limit=1), [open_one.name])
		self.assertEqual(len(self.found(limit=-1)), 1)

	def test_by_mail_phone_party_and_number(self):
		opportunity = self.opportunity(
			contact_email=f"{self.word}@example.org", contact_mobile="+49 30 901820"
		)
		self.assertEqual(self.found(f"{self.word}@example"), [opportunity.name])
		self.assertIn(opportunity.name, self.found("901820", limit=100))
		self.assertEqual(self.found(opportunity.name), [opportunity.name])
		self.assertEqual(self.found(f"{self.word} 901820"), [opportunity.name])

	def test_what_a_row_says(self):
		opportunity = self.opportunity(title=self.word, opportunity_owner=make_user("Sales User"))
		answer = search_opportunities(self.word)
		row = answer["rows"][0]
		self.assertEqual(
			(row.title, row.status, row.sales_process, row.sales_stage, row.opportunity_amount),
			(self.word, "Open", self.process.name, self.first, 100),
		)
		self.assertIn(opportunity.opportunity_owner, answer["people"])
		self.assertIn(opportunity.currency, answer["decimals"])

	def test_short_and_empty_texts_find_nothing(self):
		self.opportunity(title="x")
		for text in ("", " ", "x", " x ", "\n\n\n"):
			self.assertEqual(search_opportunities(text)["rows"], [])

	def test_wildcards_and_long_or_broken_texts(self):
		self.opportunity(title=self.word)
		for text in (
			"%%",
			"__",
			"%" * 50,
			"x" * 10**6,
			"\0\0",
			"\ud800\udfff",
			"' or 1=1 --",
			"(" * 140,
			"zzz " * 70,
		):
			self.assertNotIn(self.word, frappe.as_json(search_opportunities(text, 100)["rows"]), text[:20])

	def test_hidden_ones_are_not_found(self):
		frappe.db.set_single_value("Selling Settings", "opportunity_visibility", "Own, Assigned and Shared")
		frappe.clear_document_cache("Selling Settings", "Selling Settings")
		hidden = self.opportunity(title=self.word, opportunity_owner=make_user("Sales User"))
		with self.as_user("Sales User"):
			own = self.opportunity(title=self.word)
			self.assertEqual(self.found(), [own.name])
			self.assertEqual(self.found(hidden.name), [])
		with self.as_user(), self.assertRefused(frappe.PermissionError):
			search_opportunities(self.word)

	def test_one_statement_whatever_there_is(self):
		self.opportunity(title=self.word)
		self.found()
		before = self.statements(self.found)
		for _number in range(4):
			self.opportunity(title=self.word)
		self.assertEqual(self.statements(self.found), before)
