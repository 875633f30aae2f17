"""Numbers and columns of files: read as they are written, or named before anything is stored."""

import frappe

from crm_pipeline import exceptions
from crm_pipeline.overrides import data_import
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import make_item, make_opportunity, unique
from crm_pipeline.tests.importing import ImportCase

NO_NUMBERS = {"A": "1.234,56", "B": "12,5", "C": "500 EUR", "D": "$1,234.56", "E": "1 234", "F": "abc"}
NUMBERS = {"G": ("1,234.56", 1234.56), "H": ("1234.56", 1234.56), "I": ("1,23,456.78", 123456.78)}


class TestNumbersOfFiles(ImportCase):
	def setUp(self):
		super().setUp()
		self.campaign = unique("Campaign")

	def import_amounts(self, texts: dict[str, str]) -> str:
		lines = (f'{title},"{text}",{self.campaign}' for title, text in texts.items())
		content = "\n".join(("title,opportunity_amount,campaign", *lines))
		return self.import_content("Opportunity", content, campaign=self.campaign)

	def arrived(self) -> dict[str, float]:
		rows = frappe.get_all(
			"Opportunity", {"campaign": self.campaign}, ["title", "opportunity_amount"], as_list=True
		)
		return dict(rows)

	def test_each_row_that_is_no_number_is_named_and_nothing_is_stored(self):
		good = {title: text for title, (text, _number) in NUMBERS.items()}
		told = self.import_amounts({**NO_NUMBERS, **good})
		self.assertEqual(self.arrived(), {})
		for number, text in enumerate(NO_NUMBERS.values(), start=2):
			self.assertIn(f"Row {number}\n", told)
			self.assertIn(f"{frappe.bold(text)} is not plainly a number", told)
		for text in good.values():
			self.assertNotIn(frappe.bold(text), told)

	def test_plain_numbers_arrive_as_written(self):
		self.import_amounts({title: text for title, (text, _number) in NUMBERS.items()})
		self.assertEqual(self.arrived(), {title: number for title, (_text, number) in NUMBERS.items()})

	def test_rows_of_tables_and_whole_numbers(self):
		told = self.import_content(
			"Opportunity",
			f'title,items.item_name,items.qty,items.rate,campaign\nX,Chair,2,"12,50",{self.campaign}\n',
			campaign=self.campaign,
		)
		self.assertIn(frappe.bold("12,50"), told)
		self.assertEqual(self.arrived(), {})
		process = unique("Process")
		told = self.import_content(
			"Sales Process",
			f"process_name,stages.sales_stage,stages.rotting_days\n{process},Won,1.5\n",
			process_name=process,
		)
		self.assertIn("is not a whole number", told)

	def test_other_doctypes_are_read_as_ever(self):
		"""What core makes of a text that is no number is for core to say, and so are columns that it does not know."""
		code = "".join(letter for letter in unique("x") if letter.isalpha())
		self.import_content("Language", f"language_code,language_name\n{code},{code}\n", name=code)
		self.assertTrue(frappe.db.exists("Language", code))
		name = unique("Coin")
		told = self.import_content(
			"Currency", f'currency_name,fraction_units\n{name},"1,000 x"\n', currency_name=name
		)
		self.assertNotIn("is not plainly a number", told)
		self.assertEqual(frappe.db.get_value("Currency", name, "fraction_units"), 0)
		told = self.import_content("Language", "Deal Name,Sum\nRacks,900\n", name="Racks")
		self.assertNotIn("No column is a field of", told)

	def test_columns_that_are_no_field_are_named_once(self):
		told = self.import_content(
			"Opportunity", "Deal Name,Sum\nRacks,900\nMore Racks,901\n", title=["in", ["Racks", "More Racks"]]
		)
		self.assertEqual(told.count("No column is a field of"), 1)
		self.assertIn("Deal Name, Sum", told)
		self.assertNotIn("Enter a name", told)
		self.assertNotIn("Separate the columns", told)

	def test_a_wrong_separator_is_named_once(self):
		for mark in ";\t|":
			lines = f"title{mark}opportunity_amount\nRacks{mark}900\nMore Racks{mark}901\n"
			told = self.import_content("Opportunity", lines, title=["like", "%Racks%900"])
			self.assertEqual(told.count("Separate the columns with commas."), 1)
			self.assertNotIn("Enter a name", told)

	def test_the_importer_is_taught_once(self):
		from frappe.core.doctype.data_import.importer import Row

		data_import.read_as_written(None)
		once = Row.validate_value
		data_import.read_as_written(None)
		self.assertIs(Row.validate_value, once)


class TestNumbersOfDocuments(TestCase):
	def test_texts_over_rest_are_read_by_the_same_reader(self):
		for text in NO_NUMBERS.values():
			with self.assertRefused(exceptions.ImpossibleNumber, text):
				make_opportunity(opportunity_amount=text)
			with self.assertRefused(exceptions.ImpossibleNumber, text):
				make_item(standard_rate=text)
			with self.assertRefused(exceptions.ImpossibleNumber, text):
				make_opportunity().mark_won(close_revenue=text)
		for text, number in NUMBERS.values():
			self.assertEqual(make_opportunity(opportunity_amount=text).opportunity_amount, number)
			self.assertEqual(make_opportunity().mark_won(close_revenue=text).close_revenue, number)

	def test_the_row_is_named(self):
		rows = [{"item_name": "A", "qty": 1, "rate": 1}, {"item_name": "B", "qty": "2,5", "rate": 1}]
		with self.assertRefused(exceptions.ImpossibleNumber, "Row 2: "):
			make_opportunity(items=rows)

	def test_a_truth_value_is_no_number(self):
		with self.assertRefused(exceptions.ImpossibleNumber):
			make_opportunity(opportunity_amount=True)

	def test_what_people_of_the_site_read_otherwise_is_refused(self):
		former = frappe.db.get_default("number_format")
		self.addCleanup(frappe.db.set_default, "number_format", former)
		frappe.db.set_default("number_format", "#.###,##")
		for text in ("1.234", "1,234"):
			with self.assertRefused(exceptions.ImpossibleNumber, "1.2340"):
				make_opportunity(opportunity_amount=text)
		self.assertEqual(make_opportunity(opportunity_amount="1234.5").opportunity_amount, 1234.5)
		self.assertEqual(make_opportunity(opportunity_amount=1.234).opportunity_amount, 1.23)
