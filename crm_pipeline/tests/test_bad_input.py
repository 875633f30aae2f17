"""What cannot be is refused, and nothing is written."""

import frappe

from crm_pipeline import exceptions
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make_item,
	make_opportunity,
	make_party_opportunity,
	make_quotation,
)

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>"
SQL = "'; DROP TABLE tabOpportunity; --"


class TestBadInput(TestCase):
	def test_impossible_numbers(self):
		for value in (float("nan"), float("inf"), "NaN", "-inf", "1e400", "a lot", "12abc", 10**13, "None"):
			for field in ("opportunity_amount", "probability"):
				with self.subTest(value=value, field=field), self.assertRefused(exceptions.ImpossibleNumber):
					make_opportunity(**{field: value})
			with self.subTest(value=value, field="rate"), self.assertRefused(exceptions.ImpossibleNumber):
				make_quotation(items=[{"item_name": "A", "qty": 1, "rate": value}], submit=False)

	def test_a_product_too_large_to_keep(self):
		with self.assertRefused(exceptions.ImpossibleNumber, "Amount"):
			make_opportunity(items=[{"item_name": "A", "qty": 10**8, "rate": 10**8}])

	def test_numbers_as_text_are_read(self):
		opportunity = make_opportunity(items=[{"item_name": "A", "qty": "2", "rate": "1,250.50"}])
		self.assertEqual(opportunity.opportunity_amount, 2501)

	def test_numbers_count_with_the_decimals_that_are_stored(self):
		rows = [{"item_name": "A", "qty": 1 / 3, "rate": 3 * 10**9}]
		quotation = make_quotation(items=rows, submit=False)
		self.assertEqual((quotation.items[0].qty, quotation.net_total), (0.333333333, 999999999))
		self.assertEqual(quotation.reload().save().net_total, 999999999)
		rows = [{"item_name": "A", "qty": 1, "price_list_rate": 0.1 + 0.2, "discount_percentage": 1.25}]
		row = make_quotation(items=rows, submit=False).items[0]
		self.assertEqual((row.price_list_rate, row.discount_amount, row.rate), (0.3, 0, 0.3))

	def test_impossible_dates(self):
		for value in (
			"2026-02-30",
			"20/11/2026",
			"soon",
			"0000-00-00",
			"0999-12-31",
			"2026-01-01T10:00:00+02:00",
		):
			for field in ("expected_closing", "next_contact_date"):
				with self.subTest(value=value, field=field), self.assertRefused(exceptions.ImpossibleDate):
					make_opportunity(**{field: value})

	def test_negative_quantities_and_amounts(self):
		for fields in (
			{"opportunity_amount": -1},
			{"items": [{"item_name": "A", "qty": -1, "rate": 1}]},
			{"items": [{"item_name": "A", "qty": 1, "rate": -1}]},
		):
			with self.subTest(fields=fields), self.assertRefused(frappe.NonNegativeError):
				make_opportunity(**fields)

	def test_unknown_links(self):
		for fields in (
			{"sales_stage": "Nowhere"},
			{"sales_process": "Nothing"},
			{"opportunity_owner": "nobody@example.com"},
			{"source": "Rumour"},
			{"currency": "XXX"},
			{"opportunity_from": "Customer", "party_name": "Nobody Inc"},
			{"items": [{"item_code": "No such item", "qty": 1}]},
		):
			with self.subTest(fields=fields), self.assertRefused(frappe.LinkValidationError):
				make_opportunity(**fields)

	def test_a_party_needs_its_type(self):
		with self.assertRefused(frappe.ValidationError):
			make_opportunity(party_name="Somebody")

	def test_an_unknown_status(self):
		with self.assertRefused(frappe.ValidationError, "Maybe"):
			make_opportunity(status="Maybe")

	def test_a_title_of_a_megabyte(self):
		for fields in (
			{"title": "x" * 2**20},
			{"to_discuss": "x" * 2**16},
			{"items": [{"item_name": "x" * 141}]},
		):
			with self.assertRefused(frappe.CharacterLengthExceededError):
				make_opportunity(**fields)

	def test_a_stale_save(self):
		opportunity = make_opportunity()
		stale = frappe.get_doc("Opportunity", opportunity.name)
		opportunity.campaign = "Autumn"
		opportunity.save()
		stale.campaign = "Spring"
		with self.assertRefused(frappe.TimestampMismatchError):
			stale.save()
		self.assertEqual(opportunity.reload().campaign, "Autumn")

	def test_html_and_sql_in_every_text_field(self):
		fields = [df.fieldname for df in frappe.get_meta("Opportunity").fields if self.takes_text(df)]
		self.assertIn("title", fields)
		paused = {"status": "Paused", "paused_until": in_days(1)}
		opportunity = make_opportunity(**dict.fromkeys(fields, SCRIPT + SQL), **paused)
		for field in fields:
			value = opportunity.reload().get(field)
			self.assertNotIn("<script", value, field)
			self.assertNotIn("onerror", value, field)
			self.assertIn("DROP TABLE", value, field)
		self.assertTrue(frappe.db.exists("Opportunity", {"title": ["like", "%DROP TABLE%"]}))

	@staticmethod
	def takes_text(df) -> bool:
		free = df.fieldtype in ("Small Text", "Text", "Text Editor") or (
			df.fieldtype == "Data" and not df.options
		)
		return free and not df.read_only and df.fieldname != "override_reason"  # which every save empties

	def test_an_unknown_field_in_a_filter(self):
		make_opportunity()
		for call in (
			lambda: frappe.get_list("Opportunity", filters={"no_such_field": 1}),
			lambda: frappe.get_list("Opportunity", order_by="no_such_field desc"),
		):
			frappe.db.savepoint("attempt")
			with self.assertRaises(Exception) as raised:
				call()
			self.assertTrue(
				frappe.db.is_missing_column(raised.exception)
				or isinstance(raised.exception, frappe.ValidationError | frappe.PermissionError)
			)
			frappe.db.rollback(save_point="attempt")

	def test_a_user_without_role_can_do_nothing(self):
		opportunity = make_party_opportunity()
		with self.as_user():
			for act in (
				lambda: make_opportunity(),
				lambda: frappe.get_doc("Opportunity", opportunity.name).check_permission("read"),
				lambda: frappe.get_doc("Opportunity", opportunity.name).save(),
				lambda: frappe.get_doc("Opportunity", opportunity.name).declare_lost(["Price"]),
				lambda: frappe.get_doc("Opportunity", opportunity.name).advance(),
				lambda: make_quotation(opportunity),
				lambda: frappe.get_list("Opportunity"),
				lambda: frappe.delete_doc("Opportunity", opportunity.name),
			):
				with self.assertRefused(frappe.PermissionError):
					act()
		self.assertEqual(opportunity.reload().status, "Open")

	def test_a_purchase_user_reads_but_does_not_sell(self):
		opportunity = make_party_opportunity()
		with self.as_user("Purchase User"):
			self.assertEqual(frappe.get_doc("Opportunity", opportunity.name).title, opportunity.title)
			for act in (
				lambda: make_opportunity(),
				lambda: opportunity.reload().mark_won(),
				lambda: make_item(),
			):
				with self.assertRefused(frappe.PermissionError):
					act()
