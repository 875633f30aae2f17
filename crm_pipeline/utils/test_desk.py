import frappe
import pytest
from frappe.utils import get_absolute_url, set_request
from frappe.website.serve import get_response

from crm_pipeline.tests.base import TestCase
from crm_pipeline.utils.desk import desk_form, offered


class TestDesk(TestCase):
	def test_it_is_offered_where_it_is_served(self):
		address = get_absolute_url("Opportunity", "")
		frappe.set_user("Guest")
		self.addCleanup(frappe.set_user, "Administrator")
		set_request(method="GET", path="/" + address.split("/")[1])
		is_served = get_response().status_code < 404  # guests are refused, or sent to the login
		self.assertEqual(desk_form("Opportunity"), address if is_served else "")


class TestOfferedReports(TestCase):
	def setUp(self):
		super().setUp()
		self.report = frappe.get_doc("Report", "Slipping")
		self.addCleanup(frappe.clear_document_cache, "Report", self.report.name)

	def is_offered(self, role: str) -> bool:
		with self.as_user(role):
			return offered(["No Such Report", self.report.name]) == [self.report.name]

	def test_to_who_has_a_role_of_it(self):
		self.assertTrue(self.is_offered("Sales Manager"))
		self.assertFalse(self.is_offered("Website Manager"))

	def test_none_that_is_disabled(self):
		frappe.db.set_value("Report", self.report.name, "disabled", 1)
		self.assertFalse(self.is_offered("Sales Manager"))

	@pytest.mark.bench_only("The embedded host has no Role Permission for Page and Report.")
	def test_roles_of_the_site_replace_those_of_the_report(self):
		roles = [{"role": "Website Manager"}]
		frappe.get_doc({"doctype": "Custom Role", "report": self.report.name, "roles": roles}).insert()
		self.assertTrue(self.is_offered("Website Manager"))
		self.assertFalse(self.is_offered("Sales Manager"))
