"""Sites of earlier states of the host go on."""

import frappe
from frappe import scrub
from frappe.modules.import_file import import_file_by_path
from frappe.patches import number_events

from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import in_days, make


class TestEvents(TestCase):
	def make_event(self) -> str:
		return make("Event", subject="Call", starts_on=f"{in_days(1)} 10:00:00").name

	def test_they_are_numbered_after_those_of_before(self) -> None:
		former = self.make_event()
		frappe.db.delete("Series", {"name": number_events.SERIES})
		number_events.execute()
		self.assertEqual(self.make_event(), f"EV{int(former[2:]) + 1:05}")

	def test_the_count_never_goes_back(self) -> None:
		former = self.make_event()
		frappe.db.delete("Event", {"name": former})
		number_events.execute()
		self.assertEqual(self.make_event(), f"EV{int(former[2:]) + 1:05}")


class TestDescriptions(TestCase):
	def test_a_later_version_may_describe_what_the_host_itself_asks(self) -> None:
		for module, doctype in (("core", "System Settings"), ("core", "DocType"), ("core", "User")):
			with self.subTest(doctype=doctype):
				frappe.clear_cache()
				import_file_by_path(
					frappe.get_module_path(module, "doctype", scrub(doctype), f"{scrub(doctype)}.json"),
					force=True,
				)
				frappe.clear_cache()
				self.assertTrue(frappe.get_meta(doctype).fields)
				self.assertTrue(frappe.db.get_value("DocType", doctype, "creation"))
