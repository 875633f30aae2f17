import frappe
from frappe.utils import get_absolute_url, set_request
from frappe.website.serve import get_response

from crm_pipeline.tests.base import TestCase
from crm_pipeline.utils.desk import desk_form


class TestDesk(TestCase):
	def test_it_is_offered_where_it_is_served(self):
		address = get_absolute_url("Opportunity", "")
		frappe.set_user("Guest")
		self.addCleanup(frappe.set_user, "Administrator")
		set_request(method="GET", path="/" + address.split("/")[1])
		is_served = get_response().status_code < 404  # guests are refused, or sent to the login
		self.assertEqual(desk_form("Opportunity"), address if is_served else "")
