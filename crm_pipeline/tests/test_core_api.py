"""The corners of core's own API that code and integrations lean on."""

from contextlib import ExitStack

import frappe
from frappe.utils import cint, fmt_money

from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.clearing import remove
from crm_pipeline.tests.factories import make, make_lead, unique
from crm_pipeline.tests.mode import outside_test_mode


class TestLookups(TestCase):
	def test_existence_by_filters_that_name_the_doctype(self):
		lead = make_lead()
		self.assertEqual(frappe.db.exists({"doctype": "Lead", "name": lead.name}), lead.name)
		self.assertEqual(frappe.db.exists({"doctype": "Lead", "last_name": lead.last_name}), lead.name)
		self.assertIsNone(frappe.db.exists({"doctype": "Lead", "name": "nobody"}))
		self.assertEqual(frappe.db.exists("System Settings"), "System Settings")
		self.assertIsNone(frappe.db.exists("Lead", None))

	def test_one_field_in_a_list_is_one_value(self):
		lead = make_lead(first_name="Ada")
		for fields in (["first_name"], ("first_name",)):
			self.assertEqual(frappe.db.get_value("Lead", lead.name, fields), "Ada")
		two = frappe.db.get_value("Lead", lead.name, ["name", "first_name"])
		self.assertEqual(tuple(two), (lead.name, "Ada"))
		self.assertEqual(frappe.db.get_value("Lead", lead.name, ["name"], as_dict=True), {"name": lead.name})
		self.assertEqual(frappe.db.get_value("Lead", lead.name, "*").first_name, "Ada")
		self.assertIsNone(frappe.db.get_value("Lead", "nobody", ["first_name"]))

	def test_no_day_equals_an_empty_text(self):
		todo = make("ToDo", description=unique("No day"))
		frappe.db.set_value("ToDo", todo.name, "date", None)

		def found(date) -> list:
			return frappe.get_all("ToDo", {"name": todo.name, "date": date}, pluck="name")

		self.assertEqual(found(""), [])
		self.assertEqual(found(["!=", ""]), [todo.name])
		self.assertEqual(found(["is", "not set"]), [todo.name])


class TestObjects(TestCase):
	def test_unknown_attributes(self):
		doc = make_lead()
		for thing in (doc, doc.meta):
			with self.assertRaises(AttributeError):
				thing.no_such_thing  # noqa: B018
			self.assertIsNone(thing.get("no_such_thing"))
		self.assertFalse(doc.meta.is_tree)

	def test_a_method_that_is_not_there_and_one_that_is_a_value(self):
		doc = make_lead(first_name="Ada")
		self.assertIsNone(doc.run_method("no_such_method"))
		with self.assertRaises(TypeError):
			doc.run_method("first_name")

	def test_a_notification_keeps_where_it_leads(self):
		values = {"for_user": "Administrator", "type": "Alert", "subject": "Seen"}
		log = make("Notification Log", link="/app/query-report/Lost Opportunity?status=Lost", **values)
		stored = frappe.db.get_value("Notification Log", log.name, "link")
		self.assertEqual(stored, "/app/query-report/Lost Opportunity?status=Lost")


class TestJobs(TestCase):
	def setUp(self):
		super().setUp()
		production = ExitStack()  # for a test, Frappe asks RQ to run the job, and returns that job
		production.enter_context(outside_test_mode())
		self.addCleanup(production.close)

	def test_one_that_is_not_to_wait_runs_at_once(self):
		self.assertEqual(frappe.enqueue(cint, is_async=False, s="5"), 5)
		self.assertEqual(frappe.enqueue(cint, now=True, s="5", job_name="Five", at_front=True), 5)
		with self.assertRaises(frappe.ValidationError):
			frappe.enqueue("frappe.utils.getdate", is_async=False, string_date="no day")


class TestNumbers(TestCase):
	def test_on_a_site_whose_formats_nobody_has_chosen(self):
		self.assertEqual(frappe.db.get_default("number_format"), "#,###.##")
		self.assertEqual(fmt_money(1234.5, currency="USD"), "$ 1,234.50")
		self.assertEqual(fmt_money(1234.567, precision=3, format="#,###.##"), "1,234.567")
		field = {"fieldtype": "Currency"}
		self.assertEqual(frappe.format_value(1234.5, field, currency="EUR"), "€ 1,234.50")


class TestTransactions(TestCase):
	"""Commits a record of its own."""

	def setUp(self):
		super().setUp()
		self.lead = make_lead(first_name="Before").name
		frappe.db.commit()

	def undo(self):
		frappe.db.rollback()
		remove("Lead", self.lead)
		frappe.db.commit()

	def test_a_write_behind_a_comment_is_rolled_back_like_any_other(self):
		for head in ("", "/* why */ ", "/* one */\n/* two */", "-- why\n", "  \n"):
			with self.subTest(head=head):
				query = f"{head}update `tabLead` set first_name = 'After' where name = %s"
				frappe.db.sql(query, (self.lead,))
				self.assertEqual(frappe.db.get_value("Lead", self.lead, "first_name"), "After")
				frappe.db.rollback()
				self.assertEqual(frappe.db.get_value("Lead", self.lead, "first_name"), "Before")
