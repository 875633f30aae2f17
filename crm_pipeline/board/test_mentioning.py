"""Opportunities found by numbers and mail addresses of their contact, however they are written."""

import frappe
from frappe.custom.doctype.property_setter.property_setter import make_property_setter

from crm_pipeline.api.search import search_opportunities
from crm_pipeline.tests.boards import BoardCase
from crm_pipeline.tests.factories import make, make_contact, make_user

KEPT = "+49 30 1234-5"


class TestOfContacts(BoardCase):
	def setUp(self):
		super().setUp()
		self.word = frappe.generate_hash(length=10)
		addresses = (f"first@{self.word}.example", f"Second@{self.word}.example")
		self.contact = make_contact(
			email_ids=[{"email_id": each, "is_primary": not at} for at, each in enumerate(addresses)],
			phone_nos=[{"phone": KEPT, "is_primary_phone": 1}, {"phone": "0151 987654"}],
		)
		self.found_one = self.opportunity(title="Called", contact_person=self.contact.name)
		self.opportunity(title="Windows", contact_person=make_contact(phone_nos=[{"phone": "030 99"}]).name)
		self.opportunity(title="Nobody")

	def test_any_number_however_it_is_written(self):
		self.assertFalse(self.found_one.contact_mobile)
		for text in (
			KEPT,
			"0301234",
			"030/1234-5",
			"+49 (0) 30 12345",
			"0049 30 12345",
			"+49 151 987654",
			"0151-98 76 54",
			"Called 030 12345",
			"030 12345 called",
		):
			with self.subTest(text):
				self.assertLeft(self.found_one, text=text)

	def test_other_numbers_are_not_found(self):
		for text in ("030 12346", "+1 30 54321", "030 1234 99", "windows 030 12345", "030 12345 0151 987654"):
			with self.subTest(text):
				self.assertLeft(text=text)

	def test_any_mail_address_whatever_its_case(self):
		for text in (f"first@{self.word}", f"second@{self.word}.EXAMPLE", f"called @{self.word}"):
			with self.subTest(text):
				self.assertLeft(self.found_one, text=text)
		self.assertLeft(text=f"third@{self.word}")
		self.assertLeft(text=f"%@{self.word}")

	def test_the_search_finds_them_in_all_processes(self):
		frappe.db.set_value("Opportunity", self.found_one.name, "sales_process", None)
		rows = search_opportunities(f"second@{self.word}")["rows"]
		self.assertEqual([row.name for row in rows], [self.found_one.name])

	def test_its_own_number_written_otherwise(self):
		own = self.opportunity(contact_mobile="+49 (0) 40 / 777 88-9")
		for text in ("040 777889", "0049 40 77788", "777889"):
			with self.subTest(text):
				self.assertLeft(own, text=text)

	def test_each_is_found_once(self):
		self.contact.append("phone_nos", {"phone": "030 1234567"})
		self.contact.save()
		self.assertLeft(self.found_one, text="0301234")

	def test_contacts_out_of_reach_tell_nothing(self):
		make("Custom DocPerm", parent="Contact", role="System Manager", read=1, permlevel=0)
		self.addCleanup(frappe.clear_cache, doctype="Contact")
		frappe.clear_cache(doctype="Contact")
		with self.as_user("Sales User"):
			self.assertFalse(frappe.has_permission("Contact", "read"))
			self.assertLeft(text="0301234", scope="all")
			self.assertLeft(text=f"second@{self.word}", scope="all")
			self.assertLeft(self.found_one, text="Called", scope="all")

	def test_a_contact_that_user_permissions_hide_tells_nothing(self):
		with self.as_user("Sales User") as user:
			self.assertLeft(self.found_one, text="0301234", scope="all")
			frappe.set_user("Administrator")
			other = make_contact()
			make(
				"User Permission",
				user=user,
				allow="Contact",
				for_value=other.name,
				applicable_for="Contact",
				apply_to_all_doctypes=0,
			)
			frappe.set_user(user)
			self.assertLeft(text="0301234", scope="all")
			self.assertLeft(self.found_one, text="Called", scope="all")

	def test_numbers_on_a_level_out_of_reach_tell_nothing(self):
		make_property_setter("Contact", "phone_nos", "permlevel", 2, "Int")
		self.addCleanup(frappe.clear_cache, doctype="Contact")
		frappe.clear_cache(doctype="Contact")
		with self.as_user("Sales User"):
			self.assertLeft(text="0301234", scope="all")
			self.assertLeft(self.found_one, text=f"second@{self.word}", scope="all")

	def test_hidden_opportunities_stay_hidden(self):
		frappe.db.set_single_value("Selling Settings", "opportunity_visibility", "Own, Assigned and Shared")
		frappe.clear_document_cache("Selling Settings", "Selling Settings")
		frappe.db.set_value("Opportunity", self.found_one.name, "opportunity_owner", make_user("Sales User"))
		with self.as_user("Sales User"):
			self.assertLeft(text="0301234", scope="all")

	def test_contacts_are_asked_for_only_where_a_word_may_be_in_them(self):
		asked = {}
		for text in ("called", "12", "x@", KEPT):
			statements = self.texts(text)
			asked[text] = [kind for kind in ("Phone", "Email") if f"tabContact {kind}" in statements]
			self.assertEqual(
				statements.count("FROM `tabOpportunity`") or statements.count('FROM "tabOpportunity"'), 1
			)
		self.assertEqual(asked, {"called": [], "12": [], "x@": ["Email"], KEPT: ["Phone"]})

	def texts(self, text: str) -> str:
		search_opportunities(text)
		statements = []
		sql = frappe.db.sql

		def noting(query, *args, **options):
			statements.append(str(query))
			return sql(query, *args, **options)

		frappe.db.sql = noting
		try:
			search_opportunities(text)
		finally:
			frappe.db.sql = sql
		return "\n".join(statements)
