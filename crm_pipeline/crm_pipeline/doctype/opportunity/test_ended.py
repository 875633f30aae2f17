"""What is fixed about an opportunity that has ended, and what a copy of one is."""

import frappe

from crm_pipeline import exceptions
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make_customer,
	make_exchange_rate,
	make_lost_reason,
	make_opportunity,
	make_party_opportunity,
	make_quotation,
)


class TestFixedAfterTheEnd(TestCase):
	def setUp(self):
		super().setUp()
		make_exchange_rate("EUR", "USD", 1.25)
		self.changes = (
			{"opportunity_amount": 900},
			{"currency": "EUR"},
			{"opportunity_from": "Customer", "party_name": make_customer().name},
			{"probability": 40},
			{"items": [{"item_name": "Chair", "qty": 1, "rate": 5}]},
			{"closed_on": in_days(-3)},
			{"close_revenue": 7},
			{"close_revenue_currency": "EUR"},
		)
		fields = {"opportunity_amount": 500, "transaction_date": in_days(-9)}
		self.won, self.lost, self.closed = (make_opportunity(**fields) for _ in range(3))
		self.won.mark_won()
		self.lost.declare_lost([make_lost_reason().name])
		self.closed.status = "Closed"
		self.closed.save()

	def test_a_salesperson_changes_nothing_of_it(self):
		with self.as_user("Sales User"):
			for opportunity in (self.won, self.lost, self.closed):
				for change in self.changes:
					with (
						self.subTest(status=opportunity.status, change=change),
						self.assertRefused(exceptions.OpportunityEnded, "Reopen"),
					):
						frappe.get_doc("Opportunity", opportunity.name).update(change).save()

	def test_the_rest_stays_free(self):
		with self.as_user("Sales User"):
			for opportunity in (self.won, self.lost, self.closed):
				opportunity = frappe.get_doc("Opportunity", opportunity.name)
				opportunity.update({"to_discuss": "References", "title": "Chairs", "territory": "North"})
				self.assertEqual(opportunity.save().territory, "North")

	def test_reopened_it_is_free(self):
		with self.as_user("Sales User"):
			opportunity = frappe.get_doc("Opportunity", self.won.name)
			opportunity.reopen()
			opportunity.opportunity_amount = 900
			self.assertEqual(opportunity.save().opportunity_amount, 900)

	def test_a_stage_of_another_type_reopens(self):
		with self.as_user("Sales User"):
			opportunity = frappe.get_doc("Opportunity", self.won.name)
			opportunity.sales_stage = "Quoting"
			self.assertEqual(opportunity.save().status, "Open")

	def test_a_closed_one_stays_in_its_stage(self):
		with self.as_user("Sales User"):
			opportunity = frappe.get_doc("Opportunity", self.closed.name)
			opportunity.sales_stage = "Quoting"
			with self.assertRefused(exceptions.OpportunityEnded):
				opportunity.save()

	def test_a_manager_s_correction_is_logged(self):
		customer = make_customer().name
		with self.as_user("Sales Manager"):
			opportunity = frappe.get_doc("Opportunity", self.won.name)
			opportunity.update({"close_revenue": 450, "closed_on": in_days(-2), "opportunity_amount": 480})
			opportunity.update({"opportunity_from": "Customer", "party_name": customer})
			opportunity.save()
		self.assertEqual(
			(opportunity.status, opportunity.close_revenue, opportunity.base_close_revenue),
			("Converted", 450, 450),
		)
		rows = frappe.get_all(
			"Pipeline Change",
			{"opportunity": opportunity.name, "change": ["in", ["Amount", "Correction"]]},
			["old_value", "new_value"],
			order_by="idx",
		)
		logged = {(row.old_value.rpartition(" ")[2], row.new_value) for row in rows}
		self.assertIn(("500.0", "450.0"), logged)
		self.assertIn((frappe.utils.today(), in_days(-2)), logged)
		self.assertIn(("500.0", "480.0"), logged)
		self.assertTrue(any(customer == new for _old, new in logged))

	def test_the_currency_of_the_revenue_cannot_be_emptied(self):
		opportunity = frappe.get_doc("Opportunity", self.won.name)
		opportunity.update({"close_revenue": 400, "close_revenue_currency": "EUR"}).save()
		for empty in (None, ""):
			opportunity = frappe.get_doc("Opportunity", self.won.name)
			opportunity.update({"close_revenue_currency": empty}).save()
			self.assertEqual(
				(
					opportunity.close_revenue,
					opportunity.close_revenue_currency,
					opportunity.base_close_revenue,
				),
				(400, "EUR", 500),
			)

	def test_what_follows_from_an_order_is_corrected_there(self):
		opportunity = make_party_opportunity()
		make_quotation(opportunity).mark_ordered()
		for change in ({"close_revenue": 1}, {"closed_on": in_days(-3)}):
			with self.assertRefused(exceptions.OpportunityEnded, "ordered quotation"):
				opportunity.reload().update(change).save()


class TestDuplicate(TestCase):
	"""Desk copies what is not marked as no_copy, as this does."""

	def test_of_any_it_is_a_fresh_open_one(self):
		won, lost, closed = (make_party_opportunity(sales_stage="Quoting", probability=66) for _ in range(3))
		won.update({"expected_closing": in_days(3)}).save().mark_won()
		lost.declare_lost([make_lost_reason().name])
		closed.status = "Closed"
		closed.save()
		for opportunity in (won, lost, closed):
			copied = frappe.copy_doc(opportunity.reload(), ignore_no_copy=False).insert()
			self.assertEqual(
				(copied.status, copied.own_status, copied.sales_stage, copied.probability),
				("Open", "Open", "Lead", 10),
			)
			self.assertEqual((copied.opportunity_amount, copied.party_name), (200, opportunity.party_name))
			self.assertFalse(copied.close_revenue or copied.closed_on or copied.lost_reasons)
			self.assertFalse(copied.expected_closing)
			self.assertEqual(str(copied.transaction_date), frappe.utils.today())
