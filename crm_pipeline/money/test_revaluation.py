"""Open opportunities follow the exchange rate; ended ones keep the rate they ended with."""

from random import Random
from unittest.mock import patch

import frappe

from crm_pipeline import tasks
from crm_pipeline.crm_pipeline.doctype.opportunity.opportunity import Opportunity
from crm_pipeline.tasks import revalue_open_opportunities
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make_exchange_rate,
	make_item,
	make_lost_reason,
	make_opportunity,
	unique,
)
from crm_pipeline.utils import batches

BASE_FIELDS = ("conversion_rate", "base_opportunity_amount", "base_total", "weighted_amount")


class TestRevaluation(TestCase):
	def setUp(self):
		super().setUp()
		self.base = frappe.get_cached_doc("Selling Settings").base_currency
		self.currency = self.make_currency()
		make_exchange_rate(self.currency, self.base, 1.09, in_days(-30))

	def make_currency(self) -> str:
		"""A currency that no other record on the site knows."""
		name = unique("X")[-10:]
		return frappe.get_doc({"doctype": "Currency", "currency_name": name, "enabled": 1}).insert().name

	def opportunity(self, **fields) -> Opportunity:
		return make_opportunity(**{"currency": self.currency, "opportunity_amount": 15_000, **fields})

	def base_values(self, opportunity) -> dict:
		return frappe.db.get_value("Opportunity", opportunity.name, BASE_FIELDS, as_dict=True)

	def rates(self, opportunity) -> list[tuple]:
		filters = {"opportunity": opportunity.name, "change": "Rate"}
		fields = ["conversion_rate", "base_opportunity_amount"]
		rows = frappe.get_all("Pipeline Change", filters, fields, order_by="idx", as_list=True)
		return [tuple(row) for row in rows]

	def test_a_new_rate_revalues_open_opportunities_and_leaves_ended_ones(self):
		opened, won, lost = self.opportunity(), self.opportunity(), self.opportunity()
		won.mark_won()
		lost.declare_lost([make_lost_reason().name])
		frozen = [self.base_values(ended) for ended in (won, lost)]
		make_exchange_rate(self.currency, self.base, 1.15)
		values = self.base_values(opened)
		self.assertEqual((values.conversion_rate, values.base_opportunity_amount), (1.15, 17_250))
		self.assertEqual(values.weighted_amount, 1_725)
		self.assertEqual([self.base_values(ended) for ended in (won, lost)], frozen)
		self.assertEqual((self.rates(opened), self.rates(won)), ([(1.15, 17_250)], []))

	def test_a_corrected_and_a_deleted_rate_count_at_once(self):
		opportunity = self.opportunity()
		rate = make_exchange_rate(self.currency, self.base, 1.5)
		rate.exchange_rate = 1.2
		rate.save()
		self.assertEqual(self.base_values(opportunity).base_opportunity_amount, 18_000)
		rate.delete()
		self.assertEqual(self.base_values(opportunity).base_opportunity_amount, 16_350)

	def test_the_inverse_pair_counts_too(self):
		opportunity = self.opportunity(opportunity_amount=100)
		make_exchange_rate(self.base, self.currency, 0.8)
		self.assertEqual(self.base_values(opportunity).base_opportunity_amount, 125)

	def test_a_future_rate_waits_for_its_day_and_a_back_dated_one_changes_nothing(self):
		opportunity = self.opportunity()
		before = self.base_values(opportunity)
		make_exchange_rate(self.currency, self.base, 3, in_days(-31))
		future = make_exchange_rate(self.currency, self.base, 2, in_days(1))
		self.assertEqual(self.base_values(opportunity), before)
		frappe.db.set_value("Currency Exchange", future.name, "date", in_days(0))
		revalue_open_opportunities()
		self.assertEqual(self.base_values(opportunity).base_opportunity_amount, 30_000)

	def test_without_any_rate_the_old_one_stays_and_is_logged(self):
		opportunity = self.opportunity()
		before = self.base_values(opportunity)
		frappe.get_last_doc("Currency Exchange", {"from_currency": self.currency}).delete()
		self.assertEqual(self.base_values(opportunity), before)
		self.assertTrue(frappe.db.exists("Error Log", {"method": ["like", f"%{self.currency}%"]}))

	def test_a_currency_that_stays_locked_keeps_no_other_from_its_rate(self):
		locked, free = sorted((self.make_currency(), self.make_currency()))
		opportunities = {}
		for currency in (locked, free):
			make_exchange_rate(currency, self.base, 2, in_days(-9))
			opportunities[currency] = self.opportunity(currency=currency, opportunity_amount=100)
		for opportunity in opportunities.values():
			frappe.db.set_value("Opportunity", opportunity.name, "conversion_rate", 1)
		revalue = tasks.revalue

		def find_one_locked(currency, rate):
			if currency == locked:
				raise frappe.QueryTimeoutError("Lock wait timeout exceeded")
			revalue(currency, rate)

		with patch.object(tasks, "revalue", find_one_locked), patch.object(batches, "PAUSE", 0):
			revalue_open_opportunities()
		self.assertEqual([opportunities[each].reload().conversion_rate for each in (locked, free)], [1, 2])
		self.assertTrue(frappe.db.exists("Error Log", {"method": ["like", f"%{locked}%"]}))

	def test_a_second_run_changes_nothing(self):
		opportunity = self.opportunity()
		make_exchange_rate(self.currency, self.base, 1.15)
		modified = opportunity.reload().modified
		revalue_open_opportunities()
		self.assertEqual((opportunity.reload().modified, len(self.rates(opportunity))), (modified, 1))

	def test_it_rounds_as_a_save_does(self):
		random = Random(2026)
		item = make_item().name
		opportunities = [
			self.opportunity(opportunity_amount=amount) for amount in (0.5, 1.5, 10.05, 1_234_567.85)
		]
		for _opportunity in range(12):
			rows = [
				{"item_code": item, "qty": random.randint(1, 9), "rate": round(random.uniform(0, 999), 2)}
				for _row in range(random.randint(1, 3))
			]
			opportunities.append(self.opportunity(items=rows, probability=random.randint(0, 100)))
		for rate in (1.01, 1.15, 0.905, 1.0876, 110.125):
			make_exchange_rate(self.currency, self.base, rate)
			for opportunity in opportunities:
				by_job = self.base_values(opportunity), self.rows(opportunity)
				opportunity.reload().save()
				self.assertEqual(by_job, (self.base_values(opportunity), self.rows(opportunity)))
			frappe.db.delete("Currency Exchange", {"from_currency": self.currency, "date": in_days(0)})

	def rows(self, opportunity) -> list[tuple]:
		filters, fields = {"parent": opportunity.name}, ["base_rate", "base_amount"]
		return frappe.get_all("Opportunity Item", filters, fields, order_by="idx", as_list=True)
