"""An amount on a permission level that the user may not read is shown on no path, nor what follows from it."""

import frappe
import pytest
from frappe.custom.doctype.property_setter.property_setter import make_property_setter
from frappe.desk.query_report import run
from frappe.permissions import add_permission

from crm_pipeline.api.activity_list import get_activities
from crm_pipeline.api.auto_close import preview_auto_close
from crm_pipeline.api.my_day import get_my_day
from crm_pipeline.api.party_history import party_history
from crm_pipeline.api.pipeline import changes_since, get_board, get_cards, get_list
from crm_pipeline.api.search import search_opportunities
from crm_pipeline.auto_close.preview import rows_due
from crm_pipeline.crm_pipeline.doctype.opportunity.mapping import make_quotation, make_supplier_quotation
from crm_pipeline.exceptions import FieldOutOfReach
from crm_pipeline.permissions.desk_overrides import get_card_result, get_count
from crm_pipeline.permissions.field_levels import hidden_fields, is_readable
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make,
	make_lost_reason,
	make_party_opportunity,
	make_team,
	make_user,
)
from crm_pipeline.tests.http import answering

SELLER, MANAGER, BUYER = "Sales User", "Sales Manager", "Purchase User"
AMOUNT = 4711.0


class LevelCase(TestCase):
	def setUp(self):
		super().setUp()
		self.addCleanup(frappe.clear_cache)
		self.seller, self.manager = make_user(SELLER, BUYER), make_user(MANAGER, SELLER)
		self.opportunity = make_party_opportunity(
			items=[{"item_name": "Advice", "qty": 1, "rate": AMOUNT}], expected_closing=in_days(9)
		)
		self.lost = make_party_opportunity(items=[], opportunity_amount=AMOUNT)
		self.lost.declare_lost([make_lost_reason().name])
		make_property_setter("Opportunity", "opportunity_amount", "permlevel", 1, "Int")
		add_permission("Opportunity", MANAGER, 1)
		frappe.clear_cache()

	def use(self, user: str):
		frappe.set_user(user)
		frappe.clear_messages()

	def both(self):
		"""The user who may read amounts, and the one who may not."""
		for user, readable in ((self.manager, True), (self.seller, False)):
			self.use(user)
			with self.subTest(readable=readable):
				yield readable

	def assertTold(self, told: bool, answer):
		text = frappe.as_json(answer)
		self.assertEqual("4711" in text or "4,711" in text, told, text[:2000])


class TestAnswers(LevelCase):
	"""Frappe answers with a document as it was saved, whatever the levels."""

	def save(self, path: str, **sent):
		with answering(path, **sent):
			opportunity = frappe.get_doc("Opportunity", self.opportunity.name)
			opportunity.campaign = frappe.generate_hash(length=8)
			return opportunity.save()

	def test_saved_by_a_client(self):
		doctype = {"doctype": "Opportunity"}
		for path, sent in (
			(f"/api/resource/Opportunity/{self.opportunity.name}", {}),
			(f"/api/v2/document/Opportunity/{self.opportunity.name}", {}),
			("/api/method/frappe.client.set_value", doctype),
			("/api/method/frappe.client.save", {"doc": frappe.as_json(doctype)}),
			("/api/method/frappe.desk.form.save.savedocs", {"doc": frappe.as_json(doctype)}),
		):
			for readable in self.both():
				self.assertEqual(bool(self.save(path, **sent).opportunity_amount), readable, path)
				stored = frappe.db.get_value("Opportunity", self.opportunity.name, "opportunity_amount")
				self.assertEqual(stored, AMOUNT)

	def test_its_form_opens_after_that(self):
		self.use(self.seller)
		saved = self.save("/api/method/frappe.desk.form.save.savedocs", doctype="Opportunity")
		saved.run_method("onload")

	def test_made_by_a_client(self):
		for readable in self.both():
			with answering("/api/resource/Opportunity"):
				items = [{"item_name": "Advice", "qty": 1, "rate": AMOUNT}]
				made = frappe.get_doc(doctype="Opportunity", title="New", items=items).insert()
			self.assertEqual(bool(made.opportunity_amount), readable)

	def test_a_request_that_names_a_hook_empties_nothing_in_the_middle_of_a_save(self):
		typed = make_party_opportunity(items=[], opportunity_amount=AMOUNT)
		self.use(self.seller)
		for hook in ("before_validate", "validate", "before_save"):
			for sent in ({"method": hook}, {"run_method": hook}):
				with self.subTest(sent), answering(f"/api/resource/Opportunity/{typed.name}", **sent):
					opportunity = frappe.get_doc("Opportunity", typed.name)
					opportunity.campaign = f"{sent}"
					opportunity.save()
					stored = frappe.db.get_value("Opportunity", typed.name, "opportunity_amount")
					self.assertEqual(stored, AMOUNT)

	def test_saved_by_code_that_goes_on_with_it(self):
		self.use(self.seller)
		for path in ("/api/resource/Quotation/X", "/api/method/crm_pipeline.api.opportunities.declare_lost"):
			self.assertEqual(self.save(path).opportunity_amount, AMOUNT, path)


class TestFieldLevels(LevelCase):
	def test_what_follows_is_hidden_too(self):
		for readable in self.both():
			hidden = hidden_fields("Opportunity")
			self.assertEqual("base_opportunity_amount" in hidden, not readable)
			self.assertEqual(is_readable("Opportunity", "title", "weighted_amount"), readable)
			self.assertTrue(is_readable("Opportunity", "title", "status"))

	def test_board(self):
		for readable in self.both():
			board = get_board(self.opportunity.sales_process, 200)
			self.assertTold(readable, board)
			self.assertEqual(board["totals"]["amount"] is None, not readable)
			self.assertEqual(board["totals"]["weighted"] is None, not readable)
			self.assertGreater(board["totals"]["count"], 0)
			cards = get_cards(self.opportunity.sales_process, self.opportunity.sales_stage, limit=200)[
				"cards"
			]
			self.assertTold(readable, cards)
			self.assertIn(self.opportunity.title, [card.title for card in cards])

	def test_pulse_list_changes_and_search(self):
		process = self.opportunity.sales_process
		about = {"reference_type": "Opportunity", "reference_name": self.opportunity.name}
		make("ToDo", description="Call", **about)
		self.opportunity.db_set("opportunity_owner", self.manager)
		for readable in self.both():
			pulse = get_board(process)["pulse"]
			self.assertEqual({each["amount"] is None for each in pulse.values()}, {not readable})
			self.assertEqual({each["weighted"] is None for each in pulse.values()}, {not readable})
			self.assertGreater(pulse["no_step"]["count"], 0)
			listed = get_list({"text": self.opportunity.name}, process)
			self.assertEqual(listed["amount"] is None, not readable)
			for answer in (
				listed,
				changes_since(in_days(-1), process, {"text": self.opportunity.name}),
				search_opportunities(self.opportunity.name),
				get_my_day(f"user:{self.manager}"),
				get_activities({"scope": "all", "text": self.opportunity.name}),
			):
				self.assertTold(readable, answer)
				self.assertIn(self.opportunity.title, frappe.as_json(answer))

	def test_neither_orders_nor_filters_nor_ranks_tell_of_it(self):
		for readable in self.both():
			for ask in (
				lambda: get_list(order_by="amount"),
				lambda: get_list({"value": [1, None]}),
				lambda: get_board(filters={"value": [None, 5]}),
			):
				if readable:
					ask()
				else:
					with self.assertRefused(FieldOutOfReach):
						ask()
			sections = get_my_day("all", 200)["sections"]
			ranks = [row["rank"] for row in sections[4]["rows"]]
			self.assertTrue(ranks)
			self.assertEqual(set(ranks) == {None}, not readable)
			self.assertEqual(sections[4]["amount"] is None, not readable)

	def test_a_team_is_offered_only_to_who_may_read_owners(self):
		leader = make_user(MANAGER)
		make_team(manager=leader)
		for level, scope in ((1, "team"), (2, "all")):
			make_property_setter("Opportunity", "opportunity_owner", "permlevel", level, "Int")
			frappe.clear_cache()
			self.use(leader)
			with self.subTest(level=level):
				self.assertEqual(get_board(self.opportunity.sales_process)["default_scope"], scope)
				if scope == "all":
					with self.assertRefused(FieldOutOfReach):
						get_list({"scope": "team"})
			self.use("Administrator")

	def test_states_of_a_field_out_of_reach_are_not_told(self):
		self.opportunity.update({"next_contact_date": in_days(2), "next_contact_by": self.seller}).save()
		make_property_setter("Opportunity", "next_contact_date", "permlevel", 1, "Int")
		frappe.clear_cache()
		for readable in self.both():
			board = get_board(self.opportunity.sales_process)
			told = {state for state, each in board["pulse"].items() if each["count"] is not None}
			keys = {section["key"] for section in get_my_day("all")["sections"]}
			self.assertEqual("no_step" in told, readable)
			self.assertEqual("overdue" in keys, readable)
			self.assertIn("waiting", told & keys)
			planned = get_activities({"text": self.opportunity.name}, "follow_up")["sections"]
			self.assertEqual(sum(section["count"] for section in planned), int(readable))
			if not readable:
				with self.assertRefused(FieldOutOfReach):
					get_list({"state": "overdue"})

	def test_party_history(self):
		for readable in self.both():
			for opportunity in (self.opportunity, self.lost):
				history = party_history("Opportunity", opportunity.name)
				self.assertTold(readable, history)
				self.assertEqual(history["opportunities"][0]["value"] is None, not readable)
				self.assertEqual(history["values"]["Won"] is None, False)
				self.assertEqual(history["values"]["Open"] is None, not readable)

	def test_history(self):
		for readable in self.both():
			rows = frappe.get_list("Pipeline Change", {"opportunity": self.opportunity.name}, ["*"])
			self.assertEqual(bool(rows), readable)
			self.assertEqual(
				get_count("Pipeline Change", {"opportunity": self.opportunity.name}) > 0, readable
			)
			name = frappe.get_all("Pipeline Change", {"opportunity": self.opportunity.name}, pluck="name")[0]
			self.assertEqual(frappe.has_permission("Pipeline Change", "read", name), readable)

	def test_reports(self):
		for readable in self.both():
			answer = run("Lost Opportunity", ignore_prepared_report=True)
			self.assertTold(readable, answer)
			self.assertIn(self.lost.name, frappe.as_json(answer))
			for report, filters in (
				("Opportunity Summary by Sales Stage", {"data_based_on": "Amount"}),
				("Sales Pipeline Analytics", {"based_on": "Amount"}),
				("Sales Pipeline Analytics", {"based_on": "Weighted Amount"}),
				("Lost Opportunity", {"group_by": "Owner", "based_on": "Amount"}),
				("What Moved", {}),
				("What Moved", {"show": "New"}),
				("Forecast", {}),
				("Owner Performance", {}),
				("Slipping", {}),
				("Follow-ups Due", {}),
				("Ageing Opportunities", {}),
				("Probability Check", {}),
				("Stage Conversion and Time in Stage", {}),
			):
				self.assertAllowed(readable, lambda report=report, filters=filters: run(report, filters))
			for report in ("Opportunity Summary by Sales Stage", "Sales Pipeline Analytics"):
				self.assertTold(False, run(report, ignore_prepared_report=True))
			for report in ("Auto-close Preview", "Rotting Opportunities"):
				if frappe.db.exists("Report", report):
					columns = [column["fieldname"] for column in run(report)["columns"]]
					self.assertEqual("opportunity_amount" in columns, readable)

	def assertAllowed(self, allowed: bool, call):
		if allowed:
			call()
		else:
			with self.assertRefused(FieldOutOfReach, "Amount"):
				call()

	def test_filters_of_reports(self):
		frappe.set_user("Administrator")
		make_property_setter("Opportunity", "territory", "permlevel", 2, "Int")
		frappe.clear_cache()
		self.use(self.seller)
		with self.assertRefused(FieldOutOfReach, "Territory"):
			run("Lost Opportunity", {"territory": "North"})

	def test_auto_close_preview(self):
		old = {"status": "Replied", "own_status": "Replied", "status_since": "2020-01-01 10:00:00"}
		frappe.db.set_value("Opportunity", self.opportunity.name, {**old, "next_contact_date": None})
		for readable in self.both():
			rows = {row.name: row for row in rows_due(frappe.utils.getdate(), 0, 500)}
			self.assertEqual("opportunity_amount" in rows[self.opportunity.name], readable)
			self.assertTold(readable, preview_auto_close(limit=500)["rows"])

	def test_answers_of_document_methods(self):
		for user, shown in ((self.seller, False), (self.manager, True)):
			with self.subTest(shown=shown):
				self.use(user)
				with answering("/api/method/run_doc_method", method="pause"):
					answer = frappe.get_doc("Opportunity", self.opportunity.name)
					answer.run_method("pause", in_days(5))
				self.assertEqual(bool(answer.get("opportunity_amount")), shown)
				self.use("Administrator")
				self.opportunity.reload().resume()
				self.assertEqual(self.opportunity.opportunity_amount, AMOUNT)

	def test_quotations_made_from_it(self):
		for readable in self.both():
			for opportunity in (self.opportunity, self.lost):
				self.assertTold(readable, make_quotation(opportunity.name).as_dict())
			self.assertTold(readable, make_supplier_quotation(self.opportunity.name).as_dict())

	def test_rows_have_levels_of_their_own(self):
		frappe.set_user("Administrator")
		frappe.db.delete("Property Setter", {"doc_type": "Opportunity", "field_name": "opportunity_amount"})
		make_property_setter("Opportunity Item", "rate", "permlevel", 1, "Int")
		frappe.clear_cache()
		for readable in self.both():
			rows = make_quotation(self.opportunity.name).items
			self.assertEqual(bool(rows[0].rate), readable)


@pytest.mark.bench_only("number cards are counted by Desk's own code, which only Desk calls")
class TestNumberCards(LevelCase):
	def card(self, function: str, field: str) -> float | None:
		"""What a card says of the one opportunity."""
		card = {
			"document_type": "Opportunity",
			"function": function,
			"aggregate_function_based_on": field,
			"filters_json": "[]",
		}
		return get_card_result(card, [["Opportunity", "name", "=", self.opportunity.name]])

	def test_whatever_they_make_of_an_amount_is_hidden(self):
		for readable in self.both():
			for function in ("Sum", "Average", "Minimum", "Maximum"):
				for field in ("opportunity_amount", "base_opportunity_amount"):
					with self.subTest(function=function, field=field):
						self.assertEqual(self.card(function, field), AMOUNT if readable else None)

	def test_numbers_and_other_fields_are_shown(self):
		for _readable in self.both():
			self.assertEqual(self.card("Count", "opportunity_amount"), 1)
			self.assertEqual(self.card("Average", "probability"), self.opportunity.probability)
