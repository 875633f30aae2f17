"""Frappe's own exports hold nothing out of the user's reach, neither of documents nor of their rows."""

import json

import pytest

from crm_pipeline.exceptions import FieldOutOfReach
from crm_pipeline.permissions.exports import download_template, readable_fields, readable_selection
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.secret_costs import COST, OF_HEAD, OF_ROW, SecretCostCase, figures_in

TEMPLATE = "frappe.core.doctype.data_import.data_import.download_template"
DATA = "frappe.core.doctype.data_export.exporter.export_data"
FIELDS = {"Quotation": ["name", "title", *OF_HEAD], "items": ["name", "rate", *OF_ROW]}
COLUMNS = {"Quotation": FIELDS["Quotation"], "Quotation Item": FIELDS["items"]}
LEFT = ["name", "title"], ["name", "rate"]


class TestWhatIsLeft(TestCase):
	def test_fields_of_a_template(self):
		with self.as_user("Sales User"):
			left = readable_fields("Quotation", FIELDS)
			self.assertEqual(tuple(left.values()), LEFT)
		with self.as_user("Sales Manager"):
			self.assertEqual(readable_fields("Quotation", FIELDS), FIELDS)

	def test_columns_that_are_chosen(self):
		with self.as_user("Sales User"):
			left = readable_selection("Quotation", None, COLUMNS)
			self.assertEqual(tuple(left.values()), LEFT)
			rows = readable_selection("Quotation Item", "Quotation", {"Quotation Item": FIELDS["items"]})
			self.assertEqual(rows, {"Quotation Item": LEFT[1]})
		with self.as_user("Sales Manager"):
			self.assertEqual(readable_selection("Quotation", None, COLUMNS), COLUMNS)

	def test_where_none_are_chosen_all_that_may_be_read(self):
		with self.as_user("Sales User"):
			left = readable_selection("Quotation", None, None)
			self.assertTrue({"rate", "name", "owner"}.issubset(left["Quotation Item"]))
			self.assertTrue(set(OF_ROW).isdisjoint(left["Quotation Item"]))
			self.assertTrue(set(OF_HEAD).isdisjoint(left["Quotation"]))
			self.assertIn("Sales Taxes and Charges", left)
		self.assertIsNone(readable_selection("Quotation", None, None))

	@pytest.mark.bench_only("The embedded host exports nothing for imports.")
	def test_conditions_on_what_is_hidden(self):
		with self.as_user("Sales User"), self.assertRefused(FieldOutOfReach):
			download_template("Quotation", {"Quotation": ["name"]}, "all", [["base_cost", ">", 1]])


@pytest.mark.bench_only("The embedded host exports nothing for imports.")
class TestExports(SecretCostCase):
	def test_a_seller_is_told_no_figure_and_a_manager_is(self):
		name = self.quotation.name
		template = {
			"doctype": "Quotation",
			"export_records": "by_filter",
			"export_fields": json.dumps(FIELDS),
		}
		data = {"doctype": "Quotation", "with_data": 1, "filters": json.dumps({"name": name})}
		for method, values in (
			(TEMPLATE, {**template, "export_filters": json.dumps({"name": name})}),
			(DATA, data),
			(DATA, {**data, "select_columns": json.dumps(COLUMNS)}),
		):
			with self.subTest(method=method, values=values):
				told = [each.get(f"/api/method/{method}", **values) for each in (self.api, self.manager)]
				sellers, managers = (answer.get_data(as_text=True) for answer in told)
				self.assertIn(name, sellers)
				self.assertEqual(figures_in(sellers), [])
				self.assertIn(COST, figures_in(managers))
