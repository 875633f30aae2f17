"""A lead that comes with its full name alone, as ERPNext has it, keeps it."""

import frappe

from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import make, make_lead, unique
from crm_pipeline.tests.importing import ImportCase


class TestLeadNames(TestCase):
	def names(self, lead) -> tuple:
		return lead.lead_name, lead.first_name, lead.last_name or None

	def test_full_name_and_organization(self):
		lead = make("Lead", lead_name="Ada Lovelace", company_name="X")
		self.assertEqual(self.names(lead), ("Ada Lovelace", "Ada", "Lovelace"))

	def test_full_name_alone(self):
		self.assertEqual(
			self.names(make("Lead", lead_name=" Ada  King Lovelace ")),
			("Ada King Lovelace", "Ada", "King Lovelace"),
		)

	def test_one_word(self):
		self.assertEqual(self.names(make("Lead", lead_name="Ada")), ("Ada", "Ada", None))

	def test_names_that_are_given_win(self):
		lead = make("Lead", lead_name="Ada Lovelace", first_name="Grace", last_name="Hopper")
		self.assertEqual(self.names(lead), ("Grace Hopper", "Grace", "Hopper"))

	def test_an_organization_is_no_person(self):
		lead = make("Lead", company_name="Lovelace Ltd")
		copy = frappe.copy_doc(lead).insert()
		self.assertEqual(self.names(copy), ("Lovelace Ltd", None, None))

	def test_an_address_is_no_person(self):
		email = f"{frappe.generate_hash(length=8)}@example.org"
		copy = frappe.copy_doc(make("Lead", email_id=email)).insert()
		self.assertEqual(self.names(copy), (email, None, None))

	def test_changing_the_full_name(self):
		lead = make_lead(first_name="Ada", last_name="Byron")
		lead.update({"lead_name": "Ada Lovelace"}).save()
		self.assertEqual(self.names(lead), ("Ada Lovelace", "Ada", "Lovelace"))

	def test_changing_a_name(self):
		lead = make_lead(first_name="Ada", last_name="Byron")
		lead.update({"last_name": "Lovelace"}).save()
		self.assertEqual(lead.lead_name, "Ada Lovelace")

	def test_emptying_the_names(self):
		lead = make_lead(first_name="Ada", last_name="Byron", company_name="X")
		lead.update({"first_name": None, "last_name": None}).save()
		self.assertEqual(lead.lead_name, "X")

	def test_a_full_name_in_place_of_the_names(self):
		lead = make_lead(first_name="Ada", last_name="Byron", company_name="X")
		lead.update({"first_name": None, "last_name": "", "lead_name": "Bob B"}).save()
		self.assertEqual(self.names(lead), ("Bob B", "Bob", "B"))


class TestLeadNamesInImports(ImportCase):
	def test_full_name(self):
		company = unique("Company")
		self.import_content("Lead", f"lead_name,company_name\nAda Lovelace,{company}\n", company_name=company)
		names = frappe.db.get_value(
			"Lead", {"company_name": company}, ["lead_name", "first_name", "last_name"]
		)
		self.assertEqual(tuple(names), ("Ada Lovelace", "Ada", "Lovelace"))
