"""What the host lacks is said aloud, never dropped."""

from contextlib import AbstractContextManager
from importlib import import_module

import frappe
import frappe.client
import frappe.query_builder
from frappe.core.doctype.communication.email import make as make_mail
from frappe.utils import cint, fmt_money

from crm_pipeline.tests import test_core_api
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import make, make_lead, make_user

MAKE = "frappe.core.doctype.communication.email.make"


class TestLacking(TestCase):
	def assertLacking(self, api: str) -> AbstractContextManager:
		return self.assertRaisesRegex(NotImplementedError, f"^{api} is missing in the embedded host")

	def test_fields_of_core(self) -> None:
		user = frappe.get_doc("User", make_user("Sales User"))
		user.mute_sounds = 1
		with self.assertLacking("The field mute_sounds of User"):
			user.save()
		with self.assertLacking("The field link_doctype of Activity Log"):
			make("Activity Log", subject="Seen", link_doctype="Lead")
		settings = frappe.get_doc("System Settings").update({"max_report_rows": 10})
		with self.assertLacking("The field max_report_rows of System Settings"):
			settings.save()
		user.reload().update({"mute_sounds": 0}).save()

	def test_methods_and_attributes(self) -> None:
		lead = make_lead()
		with self.assertLacking("Lead.notify_update"):
			lead.notify_update()
		with self.assertLacking("User.mute_sounds"):
			frappe.get_doc("User", "Administrator").mute_sounds  # noqa: B018

	def test_arguments_that_say_how_a_job_is_queued(self) -> None:
		for arguments in ({"on_success": print}, {"on_failure": print}, {"at_front": True}):
			with self.assertLacking("frappe.enqueue with on_success, on_failure or at_front"):
				frappe.enqueue(print, **arguments)

	def test_arguments_of_the_functions_used_most(self) -> None:
		lead = make_lead()
		calls = {
			"frappe.get_list with debug": lambda: frappe.get_all("Lead", debug=1),
			"frappe.get_list with ignore_ifnull": lambda: frappe.get_list("Lead", ignore_ifnull=True),
			"frappe.get_list with so many arguments": lambda: frappe.get_list("Lead", ["name"], {}, "name"),
			"frappe.db.get_value with debug": lambda: frappe.db.get_value("Lead", lead.name, debug=1),
			"frappe.db.set_value with debug": lambda: frappe.db.set_value("Lead", "x", "a", 1, debug=1),
			"frappe.db.sql with explain": lambda: frappe.db.sql("select 1", explain=1),
			"frappe.db.count with distinct": lambda: frappe.db.count("Lead", distinct=True),
			"frappe.sendmail with reply_to": lambda: frappe.sendmail(reply_to="a@example.com"),
			"frappe.sendmail with attachments without a File": lambda: frappe.sendmail(
				attachments=[{"fname": "a.txt", "fcontent": "a"}]
			),
			f"{MAKE} with print_format, send_after": lambda: make_mail(
				content="Hello", print_format="Quotation", send_after="2030-01-01 09:00:00"
			),
			"frappe.get_doc with lazy": lambda: frappe.get_doc("Lead", lead.name, lazy=True),
			"frappe.throw with as_list": lambda: frappe.throw("Stop", as_list=True),
			"frappe.msgprint with primary_action": lambda: frappe.msgprint("Go", primary_action={}),
			"frappe.log_error with defer_insert": lambda: frappe.log_error("Oh", defer_insert=True),
			"frappe.has_permission with debug": lambda: frappe.has_permission("Lead", debug=True),
			"frappe.delete_doc with x": lambda: frappe.delete_doc("Lead", lead.name, x=1),
			"frappe.utils.cint with so many arguments": lambda: cint("5", 0, 1),
			"frappe.client.get_value with debug": lambda: frappe.client.get_value("Lead", "name", debug=True),
			"Document.save with ignore_version": lambda: lead.save(ignore_version=True),
			"Document.get with limit": lambda: lead.get("items", limit=1),
			"Meta.get_field with x": lambda: lead.meta.get_field("name", x=1),
		}
		for api, call in calls.items():
			with self.subTest(api), self.assertLacking(api):
				call()
		for call in (cint, frappe.throw):
			with self.assertRaises(TypeError):
				call()

	def test_what_a_mail_cannot_be_asked_for_is_refused_before_it_is_recorded(self) -> None:
		lead = make_lead()
		for asked in ("print_html", "print_language", "read_receipt", "send_me_a_copy", "now"):
			with self.subTest(asked), self.assertLacking(f"{MAKE} with {asked}"):
				make_mail("Lead", lead.name, "Hello", recipients="a@example.com", **{asked: "1"})
			make_mail("Lead", lead.name, "Hello", recipients="a@example.com", **{asked: "0"})
		self.assertEqual(frappe.db.count("Communication", {"reference_name": lead.name}), 5)

	def test_files_of_others_do_not_go_along(self) -> None:
		"""Frappe takes any whose name is known."""
		file = make("File", file_name="plan.txt", content="Secret", is_private=1)
		self.addCleanup(file.delete)
		with self.as_user("Sales User"), self.assertRaises(frappe.PermissionError):
			make_mail(content="Hello", recipients="a@example.com", attachments=[file.name])

	def test_members(self) -> None:
		user = frappe.get_doc("User", "Administrator")
		members = {
			"Document.add_seen": ("User.add_seen", lambda: user.add_seen()),
			"of its controller": ("User.remove_roles", lambda: user.remove_roles("Sales User")),
			"Meta": ("Meta.get_workflow", lambda: user.meta.get_workflow()),
			"a property of DocTypes": (
				"Meta.rows_threshold_for_grid_search",
				lambda: user.meta.rows_threshold_for_grid_search,
			),
			"frappe": ("frappe.get_print", lambda: frappe.get_print("User", user.name)),
			"frappe.db": ("frappe.db.multisql", lambda: frappe.db.multisql({})),
			"frappe.qb": ("frappe.qb.get_query", lambda: frappe.qb.get_query("User")),
			"a query": (
				"on_duplicate_key_ignore of a query",
				lambda: frappe.qb.into("User").on_duplicate_key_ignore(),
			),
			"SQL": (
				"frappe.query_builder.functions.GroupConcat",
				lambda: frappe.query_builder.functions.GroupConcat,
			),
		}
		for what, (api, call) in members.items():
			with self.subTest(what), self.assertLacking(api):
				call()
		for nothing in (lambda: user.no_such, lambda: user.meta.no_such):
			with self.assertRaises(AttributeError):
				nothing()

	def test_modules(self) -> None:
		for module in ("frappe.realtime", "frappe.utils.pdf", "frappe.integrations"):
			with self.subTest(module), self.assertLacking(module):
				import_module(module)

	def test_doctypes(self) -> None:
		calls = (
			lambda: frappe.new_doc("Web Form"),
			lambda: frappe.get_doc("Web Form", "contact"),
			lambda: frappe.get_meta("Web Form"),
			lambda: frappe.get_all("Web Form"),
			lambda: frappe.db.get_value("Web Form", {"title": "x"}),
			lambda: frappe.db.sql("select name from `tabWeb Form`"),
		)
		for call in calls:
			with self.assertLacking("The DocType Web Form"):
				call()
		with self.assertRaises(frappe.DoesNotExistError):
			frappe.get_meta("Nobody's DocType")
		self.assertIsNone(frappe.db.exists("DocType", "Web Form"))

	def test_number_formats(self) -> None:
		with self.assertLacking("A number format other than #,###.##"):
			fmt_money(1234.5, format="#.###,##")


class TestCommonTableExpressions(test_core_api.TestTransactions):
	"""MariaDB has none before a write."""

	def test_a_write_behind_a_comment_is_rolled_back_like_any_other(self) -> None:
		query = "/* why */ with one as (select 'After' as word) update `tabLead` set first_name = (select word from one) where name = %s"
		frappe.db.sql(query, (self.lead,))
		frappe.db.rollback()
		self.assertEqual(frappe.db.get_value("Lead", self.lead, "first_name"), "Before")
