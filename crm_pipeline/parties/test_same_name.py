"""A customer or supplier of a name that is there already: told of by hand, reported by an import."""

import unicodedata

import frappe

from crm_pipeline import exceptions
from crm_pipeline.api.parties import find_same_name
from crm_pipeline.parties.same_name import fill_name_keys
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import make, make_customer, make_supplier, unique
from crm_pipeline.tests.importing import ImportCase


def told() -> str:
	return " ".join(str(message) for message in frappe.get_message_log())


class TestSameName(TestCase):
	def setUp(self):
		super().setUp()
		self.addCleanup(frappe.clear_messages)
		self.name = f"Müller {frappe.generate_hash(length=8)}"

	def alike(self) -> list[str]:
		return [
			self.name,
			self.name.upper(),
			f" {self.name} ",
			self.name.replace(" ", "  "),
			unicodedata.normalize("NFD", self.name),
			"Ｍ" + self.name[1:],
		]

	def test_by_hand_it_is_shown_and_done(self):
		for doctype, field in (("Customer", "customer_name"), ("Supplier", "supplier_name")):
			frappe.clear_messages()
			first = make(doctype, **{field: self.name})
			self.assertNotIn("has this name already", told())
			for name in self.alike():
				frappe.clear_messages()
				self.assertNotEqual(make(doctype, **{field: name}).name, first.name)
				self.assertIn(f"{frappe.bold(first.name)} has this name already", told())

	def test_whoever_was_asked_is_not_asked_again(self):
		make_customer(customer_name=self.name)
		make_customer(customer_name=self.name, __same_name_accepted=self.name)
		self.assertNotIn("has this name already", told())

	def test_a_change_of_name_is_shown_and_no_other_change(self):
		make_customer(customer_name=self.name)
		other = make_customer()
		other.customer_name = self.name.upper()
		other.save()
		self.assertIn("has this name already", told())
		frappe.clear_messages()
		other.territory = "North"
		other.save()
		self.assertNotIn("has this name already", told())

	def test_names_that_a_database_may_take_for_one(self):
		plain = self.name.replace("ü", "u")
		kana = unique("ガス会社")
		for name in (
			self.name,
			plain,
			self.name,
			plain,
			kana,
			kana.replace("ガ", "ｶﾞ"),
			f"[{plain}]",
			f"[{plain}]",
		):
			customer = make_customer(customer_name=name)
			self.assertEqual(customer.customer_name, name)
			self.assertTrue(customer.name.startswith(name))
			self.assertEqual(make_supplier(supplier_name=name).supplier_name, name)

	def test_the_numbers_behind_names_go_on(self):
		names = [make_customer(customer_name=self.name).name for _ in range(4)]
		self.assertEqual(names, [self.name, *(f"{self.name} - {number}" for number in (1, 2, 3))])
		odd = unique("50% \\ off_")
		self.assertEqual(make_customer(customer_name=odd).name, odd)
		self.assertEqual(make_customer(customer_name=odd).name, f"{odd} - 1")

	def test_the_form_can_ask(self):
		first = make_customer(customer_name=self.name)
		self.assertEqual(find_same_name("Customer", self.name.upper()), first.name)
		self.assertIsNone(find_same_name("Customer", self.name, other_than=first.name))
		self.assertIsNone(find_same_name("Customer", self.name.replace("ü", "u")))
		self.assertIsNone(find_same_name("Contact", self.name))
		with self.as_user(), self.assertRefused(frappe.PermissionError):
			find_same_name("Customer", self.name)

	def test_what_a_user_may_not_read_is_not_shown(self):
		make_customer(customer_name=self.name)
		own = make_customer()
		with self.as_user("Sales User", "Sales Manager") as user:
			frappe.set_user("Administrator")
			make("User Permission", user=user, allow="Customer", for_value=own.name)
			frappe.set_user(user)
			self.assertIsNone(find_same_name("Customer", self.name))
			frappe.set_user("Administrator")

	def test_parties_from_before_are_found_too(self):
		first = make_customer(customer_name=self.name)
		frappe.db.set_value("Customer", first.name, "name_key", None)
		fill_name_keys("Customer")
		self.assertEqual(find_same_name("Customer", self.name.upper()), first.name)


class TestImport(ImportCase):
	def test_one_comes_in_and_the_others_are_reported(self):
		for doctype, field in (("Customer", "customer_name"), ("Supplier", "supplier_name")):
			name = unique("Acme")
			lines = [name, name, name.upper(), f'"{name} "', name.replace(" ", "  ")]
			for _time in range(2):
				self.import_content(doctype, "\n".join((field, *lines)), **{field: ["like", f"{name}%"]})
				exists = [message for message, error in self.refusals if error is exceptions.PartyExists]
				self.assertTrue(all(frappe.bold(name) in message for message in exists))
			self.assertEqual(len(exists), len(lines))
			self.assertEqual(frappe.get_all(doctype, {field: ["like", f"{name}%"]}, pluck="name"), [name])

	def test_names_with_brackets(self):
		names = [f"[{unique('Plan B')}] GmbH", f"{{{unique('Curly')}}} Ltd"]
		self.import_content("Customer", "\n".join(("customer_name", *names)), customer_name=["in", names])
		self.assertEqual(
			sorted(frappe.get_all("Customer", {"name": ["in", names]}, pluck="name")), sorted(names)
		)
