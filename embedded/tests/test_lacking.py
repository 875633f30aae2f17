"""What the host lacks is said aloud, never dropped."""

import frappe
from frappe.utils import cint, fmt_money

from crm_pipeline.tests import test_core_api
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import make, make_lead, make_user


class TestLacking(TestCase):
	def assertLacking(self, api: str):
		return self.assertRaisesRegex(NotImplementedError, f"^{api} is missing in the embedded host")

	def test_fields_of_core(self):
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

	def test_methods_and_attributes(self):
		lead = make_lead()
		with self.assertLacking("Lead.notify_update"):
			lead.notify_update()
		with self.assertLacking("Meta.get_workflow"):
			lead.meta.get_workflow()
		with self.assertLacking("User.mute_sounds"):
			frappe.get_doc("User", "Administrator").mute_sounds  # noqa: B018

	def test_arguments_that_say_how_a_job_is_queued(self):
		for arguments in ({"on_success": print}, {"on_failure": print}, {"at_front": True}):
			with self.assertLacking("frappe.enqueue with on_success, on_failure or at_front"):
				frappe.enqueue(print, **arguments)

	def test_arguments(self):
		lead = make_lead()
		for call, api in (
			(lambda: lead.save(ignore_version=True), "frappe.model.document.Document.save"),
			(
				lambda: frappe.db.get_value("Lead", lead.name, debug=1),
				"frappe.database.lookups.Lookups.get_value",
			),
			(lambda: frappe.get_all("Lead", debug=1), r"frappe.model.db_query.\S+"),
			(lambda: cint("5", 0, 1), "frappe.utils.numbers.cint"),
		):
			with self.assertLacking(rf"{api} with other arguments \(.* argument.*\)"):
				call()
		with self.assertRaises(TypeError):
			cint()

	def test_number_formats(self):
		with self.assertLacking("A number format other than #,###.##"):
			fmt_money(1234.5, format="#.###,##")


class TestCommonTableExpressions(test_core_api.TestTransactions):
	"""MariaDB has none before a write."""

	def test_a_write_behind_a_comment_is_rolled_back_like_any_other(self):
		query = "/* why */ with one as (select 'After' as word) update `tabLead` set first_name = (select word from one) where name = %s"
		frappe.db.sql(query, (self.lead,))
		frappe.db.rollback()
		self.assertEqual(frappe.db.get_value("Lead", self.lead, "first_name"), "Before")
