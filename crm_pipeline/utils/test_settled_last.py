"""What another app's hooks make of an opportunity after our own checks: settled with the rest, or refused."""

from itertools import combinations

import frappe

from crm_pipeline import exceptions
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make_customer,
	make_exchange_rate,
	make_lost_reason,
	make_mail,
	make_opportunity,
	make_party_opportunity,
	make_process,
	make_quotation,
)
from crm_pipeline.tests.invariants import contradictions
from crm_pipeline.tests.other_apps import hooked, setting

SET = (
	{"status": "Replied"},
	{"status": "Quotation"},
	{"status": "Paused"},
	{"status": "Converted"},
	{"status": "Lost"},
	{"status": "Closed"},
	{"own_status": "Open"},
	{"own_status": "Closed"},
	{"own_status": "Lost"},
	{"sales_stage": "Won"},
	{"sales_stage": "Lost"},
	{"sales_stage": "Quoting"},
	{"sales_process": "Solution Sale"},
	{"probability": 100},
	{"probability": 0},
	{"opportunity_amount": 42},
	{"base_opportunity_amount": 42},
	{"weighted_amount": 42},
	{"currency": "EUR"},
	{"conversion_rate": 3},
	{"close_revenue": 42},
	{"base_close_revenue": 42},
	{"closed_on": "2020-01-01"},
	{"paused_until": "2099-01-01"},
	{"auto_closed": 1},
	{"waiting_for": "Them"},
)
PAIRED = [
	each
	for each in SET
	if not each.keys().isdisjoint(("status", "own_status", "sales_stage", "opportunity_amount"))
]


class TestOpportunity(TestCase):
	def setUp(self):
		super().setUp()
		make_exchange_rate("EUR", "USD", 2)

	def assertAgrees(self, name: str):
		self.assertEqual(contradictions(name), [])
		stored = frappe.get_doc("Opportunity", name)
		self.assertEqual(stored.conversion_rate, {"USD": 1, "EUR": 2}[stored.currency])
		self.assertFalse(stored.auto_closed)

	def all_of(self, act):
		"""Let another app set each of the fields, and each two of them, while `act` saves and returns a name."""
		for several in (*((each,) for each in SET), *combinations(PAIRED, 2)):
			values = {field: value for each in several for field, value in each.items()}
			if len(values) < len(several):
				continue
			with self.subTest(values):
				frappe.db.savepoint("combination")
				try:
					with setting("Opportunity", **values):
						name = act()
				except frappe.ValidationError:
					pass
				else:
					self.assertAgrees(name)
				frappe.db.rollback(save_point="combination")

	def test_nothing_contradictory_is_inserted(self):
		self.all_of(lambda: make_opportunity(opportunity_amount=1000).name)

	def test_nothing_contradictory_is_saved(self):
		name = make_opportunity(opportunity_amount=1000).name

		def save():
			opportunity = frappe.get_doc("Opportunity", name)
			opportunity.to_discuss = "Price"
			return opportunity.save().name

		self.all_of(save)

	def test_a_mail_passes_whatever_another_app_sets(self):
		name = make_opportunity(opportunity_amount=1000, status="Replied").name
		for values in SET:
			with self.subTest(values):
				frappe.db.savepoint("mail")
				with setting("Opportunity", **values):
					mail = make_mail(frappe.get_doc("Opportunity", name), "Received")
				self.assertEqual(frappe.db.get_value("Opportunity", name, "status"), "Open")
				self.assertFalse(frappe.db.exists("Mail Intake Log", {"communication": mail.name}))
				self.assertAgrees(name)
				frappe.db.rollback(save_point="mail")

	def test_amounts_are_added_up_again(self):
		with setting("Opportunity", opportunity_amount=42):
			opportunity = make_opportunity(opportunity_amount=1000, currency="EUR", probability=50)
		self.assertEqual((opportunity.opportunity_amount, opportunity.base_opportunity_amount), (42, 84))
		self.assertEqual(opportunity.reload().weighted_amount, 42)

	def test_rows_are_added_up_again(self):
		def double(doc):
			doc.items[0].qty = 4

		with hooked("Opportunity", "before_save", then=double):
			opportunity = make_party_opportunity()
		row = opportunity.reload().items[0]
		self.assertEqual((row.amount, row.base_amount, opportunity.opportunity_amount), (400, 400, 400))

	def test_a_row_of_another_app_gets_its_values(self):
		def add(doc):
			if len(doc.items) == 1:
				doc.append("items", {"item_name": "Freight", "qty": 1, "rate": 30})

		with hooked("Opportunity", "validate", then=add):
			opportunity = make_party_opportunity()
		self.assertEqual(
			[(row.item_name, row.amount, row.uom) for row in opportunity.reload().items[1:]],
			[("Freight", 30, "Nos")],
		)
		self.assertEqual(opportunity.opportunity_amount, 230)

	def test_a_party_of_another_app_brings_its_name(self):
		customer = make_customer()
		values = {"opportunity_from": "Customer", "party_name": customer.name}
		with setting("Opportunity", **values):
			opportunity = make_opportunity()
		self.assertEqual(opportunity.reload().customer_name, customer.customer_name)

	def test_no_number_is_no_number_here_either(self):
		with (
			setting("Opportunity", opportunity_amount="1,5"),
			self.assertRefused(exceptions.ImpossibleNumber),
		):
			make_opportunity()

	def test_a_status_is_as_if_a_person_had_asked_for_it(self):
		opportunity = make_opportunity()
		with setting("Opportunity", status="Lost"), self.assertRefused(exceptions.LostReasonsMissing):
			opportunity.save()
		self.assertIn("Another app or a script", str(frappe.local.message_log))
		reasons = [{"lost_reason": make_lost_reason().name}]
		with setting("Opportunity", status="Lost", lost_reasons=reasons):
			opportunity.reload().save()
		opportunity.reload()
		self.assertEqual(
			(opportunity.own_status, opportunity.sales_stage, opportunity.probability), ("Lost", "Lost", 0)
		)

	def test_what_a_person_asked_for_is_not_turned_round(self):
		opportunity = make_opportunity(opportunity_amount=1000)
		with (
			setting("Opportunity", status="Open"),
			self.assertRefused(exceptions.ChangeDoesNotStand, "Converted"),
		):
			opportunity.mark_won()
		with setting("Opportunity", sales_stage="Quoting"), self.assertRefused(exceptions.ChangeDoesNotStand):
			opportunity.reload().mark_won()
		with setting("Opportunity", to_discuss="Thanks"):
			opportunity.reload().mark_won()
		self.assertEqual((opportunity.reload().status, opportunity.close_revenue), ("Converted", 1000))

	def test_revenue_follows_the_amount_that_another_app_gives(self):
		opportunity = make_opportunity(opportunity_amount=1000)
		with setting("Opportunity", opportunity_amount=42):
			opportunity.mark_won()
		self.assertEqual((opportunity.reload().close_revenue, opportunity.base_close_revenue), (42, 42))

	def test_what_has_ended_stays_as_it_is(self):
		opportunity = make_opportunity(opportunity_amount=1000)
		opportunity.mark_won()
		with setting("Opportunity", opportunity_amount=42):
			make_mail(opportunity, "Received")
			with self.as_user("Sales User"), self.assertRefused(exceptions.OpportunityEnded):
				opportunity.reload().save()
		self.assertEqual((opportunity.reload().opportunity_amount, opportunity.contacted_in), (1000, 1))

	def test_quotations_pass(self):
		opportunity = make_party_opportunity()
		with setting("Opportunity", status="Open"):
			quotation = make_quotation(opportunity)
			self.assertEqual(opportunity.reload().status, "Quotation")
			quotation.mark_ordered()
		self.assertEqual(opportunity.reload().status, "Converted")
		self.assertAgrees(opportunity.name)

	def test_an_override_and_its_reason_are_kept(self):
		process = make_process(10, 50)
		second = {"sales_stage": process.stages[1].sales_stage}
		process.append("requirements", {**second, "requirement": "Item"})
		process.save()
		opportunity = make_opportunity(sales_process=process.name)
		with setting("Opportunity", customer_need="Chairs"):
			opportunity.advance(override_reason="Known for years")
		change = {"opportunity": opportunity.name, "change": "Override"}
		self.assertEqual(frappe.get_all("Pipeline Change", change, pluck="new_value"), ["Known for years"])

	def test_converted_once_and_announced_once(self):
		opportunity = make_opportunity(opportunity_amount=1000)
		opportunity.currency = "EUR"
		frappe.clear_messages()
		with setting("Opportunity", probability=50):
			opportunity.save()
		self.assertEqual(
			(opportunity.reload().opportunity_amount, opportunity.base_opportunity_amount), (500, 1000)
		)
		self.assertEqual(str(frappe.local.message_log).count("converted from USD to EUR"), 1)

	def test_fields_that_hang_together_are_not_written_alone(self):
		opportunity = make_party_opportunity()
		for values in ({"status": "Lost"}, {"own_status": "Lost"}, {"opportunity_amount": 42}):
			with self.subTest(values), self.assertRefused(exceptions.SettledBySaving):
				opportunity.db_set(values)
		with self.assertRefused(exceptions.RowWithoutDocument):
			opportunity.items[0].db_set("rate", 5)

		def lose(doc):
			doc.db_set("status", "Lost")

		with hooked("Opportunity", "on_update", then=lose), self.assertRefused(exceptions.SettledBySaving):
			opportunity.reload().save()
		opportunity.reload().db_set("expected_closing", in_days(3))
		self.assertAgrees(opportunity.name)
