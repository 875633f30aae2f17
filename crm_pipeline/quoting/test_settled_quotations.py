"""What another app's hooks make of quotations after our own checks: settled with the rest, or refused."""

from itertools import combinations

import frappe

from crm_pipeline import exceptions
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	make,
	make_exchange_rate,
	make_lost_reason,
	make_party_opportunity,
	make_quotation,
	make_supplier,
)
from crm_pipeline.tests.other_apps import hooked, setting

SET = (
	{"status": "Open"},
	{"status": "Ordered"},
	{"status": "Draft"},
	{"ordered_on": "2020-01-01"},
	{"net_total": 42},
	{"base_net_total": 42},
	{"total": 42},
	{"total_qty": 42},
	{"currency": "EUR"},
	{"conversion_rate": 3},
)
PAIRED = [
	{field: value}
	for each in SET
	for field, value in each.items()
	if field in ("status", "net_total", "currency")
]


def make_supplier_quotation() -> frappe.model.document.Document:
	rows = [{"item_name": "Consulting", "qty": 1, "rate": 100}]
	return make("Supplier Quotation", supplier=make_supplier().name, items=rows)


class TestQuotations(TestCase):
	def setUp(self):
		super().setUp()
		make_exchange_rate("EUR", "USD", 2)

	def assertAgrees(self, doctype: str, name: str):
		stored = frappe.get_doc(doctype, name)
		statuses = {0: "Draft", 1: "Open" if doctype == "Quotation" else "Submitted", 2: "Cancelled"}
		self.assertEqual(stored.status, statuses[stored.docstatus])
		self.assertFalse(stored.get("ordered_on"))
		rate, (row,) = {"USD": 1, "EUR": 2}[stored.currency], stored.items
		self.assertEqual((stored.conversion_rate, row.qty), (rate, 1))
		self.assertEqual((stored.total, stored.net_total, row.amount), (row.rate, row.rate, row.rate))
		self.assertEqual((stored.base_net_total, row.base_amount), (row.rate * rate, row.rate * rate))
		self.assertEqual(stored.total_qty, 1)

	def all_of(self, doctype: str, events: tuple, act):
		for several in (*((each,) for each in SET), *combinations(PAIRED, 2)):
			values = {field: value for each in several for field, value in each.items()}
			with self.subTest(f"{doctype} {events} {values}"):
				frappe.db.savepoint("combination")
				try:
					with setting(doctype, *events, **values):
						name = act()
				except frappe.ValidationError:
					pass
				else:
					self.assertAgrees(doctype, name)
				frappe.db.rollback(save_point="combination")

	def test_nothing_contradictory_is_inserted_submitted_or_cancelled(self):
		makers = {
			"Quotation": lambda: make_quotation(submit=False),
			"Supplier Quotation": make_supplier_quotation,
		}
		for doctype, make_one in makers.items():
			draft, submitted = make_one().name, make_one().submit().name
			self.all_of(doctype, (), lambda make_one=make_one: make_one().name)
			for name, action, event in (
				(draft, "save", "before_save"),
				(draft, "submit", "before_submit"),
				(submitted, "cancel", "before_cancel"),
			):

				def act(doctype=doctype, name=name, action=action):
					doc = frappe.get_doc(doctype, name)
					getattr(doc, action)()
					return name

				self.all_of(doctype, (event,), act)

	def test_amounts_are_added_up_again(self):
		def double(doc):
			doc.items[0].qty = 2

		with hooked("Quotation", "before_submit", then=double):
			quotation = make_quotation()
		self.assertEqual(
			(quotation.reload().net_total, quotation.total_qty, quotation.items[0].amount), (200, 2, 200)
		)

	def test_a_status_that_does_not_stand_is_refused(self):
		quotation = make_quotation(submit=False)
		with setting("Quotation", status="Ordered"):
			with self.assertRefused(exceptions.ChangeDoesNotStand, "Ordered"):
				quotation.submit()

	def test_ordering_and_losing_pass(self):
		opportunity = make_party_opportunity()
		with setting("Quotation", "before_update_after_submit", status="Lost", ordered_on="2020-01-01"):
			quotation = make_quotation(opportunity)
			quotation.mark_ordered()
		self.assertEqual(
			(quotation.reload().status, str(quotation.ordered_on)), ("Ordered", frappe.utils.today())
		)
		self.assertEqual(opportunity.reload().status, "Converted")
		lost = make_quotation()
		with setting("Quotation", "before_update_after_submit", status="Open", lost_reasons=[]):
			lost.declare_lost([make_lost_reason().name])
		self.assertEqual((lost.reload().status, len(lost.lost_reasons)), ("Lost", 1))

	def test_the_outcome_is_not_given_by_the_way(self):
		quotation = make_quotation()
		with setting("Quotation", "before_update_after_submit", status="Ordered"):
			with self.assertRefused(exceptions.QuotationNotOpen):
				quotation.save()
		with self.assertRefused(exceptions.SettledBySaving):
			quotation.reload().db_set("status", "Ordered")

	def test_cancelling_changes_nothing_else(self):
		quotation = make_quotation()
		quotation.update({"docstatus": 2, "net_total": 42, "base_net_total": 42, "total": 42})
		quotation.items[0].update({"rate": 42, "amount": 42})
		quotation.save()
		self.assertAgrees("Quotation", quotation.name)
		row = frappe.get_doc("Quotation", quotation.name).items[0]
		self.assertEqual((row.rate, row.amount), (100, 100))

	def test_prices_that_a_site_lets_people_change_add_up(self):
		fields = ("items", "net_total", "base_net_total", "total", "total_qty")
		setters = [("Quotation", field) for field in fields]
		setters += [("Quotation Item", field) for field in ("qty", "amount", "base_amount")]
		for doctype, field in setters:
			make(
				"Property Setter",
				doctype_or_field="DocField",
				doc_type=doctype,
				field_name=field,
				property="allow_on_submit",
				property_type="Check",
				value="1",
			)
			frappe.clear_cache(doctype=doctype)
		self.addCleanup(frappe.clear_cache, doctype="Quotation")
		self.addCleanup(frappe.clear_cache, doctype="Quotation Item")
		quotation = frappe.get_doc("Quotation", make_quotation().name)
		quotation.items[0].qty = 3
		quotation.save()
		self.assertEqual(
			(quotation.reload().net_total, quotation.base_net_total, quotation.items[0].amount),
			(300, 300, 300),
		)
