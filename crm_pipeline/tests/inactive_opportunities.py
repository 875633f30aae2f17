"""Opportunities on which nobody has spoken for some days, and what became of them."""

import frappe
from frappe.utils import add_days, now_datetime

from crm_pipeline.tasks import auto_close_opportunities
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import make_mail, make_opportunity

DAYS = 15
STATE = (
	"status",
	"own_status",
	"status_since",
	"waiting_for",
	"waiting_since",
	"closed_on",
	"auto_closed",
	"_assign",
	"sales_stage",
	"probability",
	"close_revenue_currency",
	"next_contact_date",
)


class AutoCloseCase(TestCase):
	def setUp(self):
		super().setUp()
		self.set_limit(DAYS)

	def set_limit(self, days, warn_before: int = 3):
		"""Write the settings as they may be stored, whatever the form would accept."""
		values = {"close_opportunity_after_days": days, "warn_before_auto_close_days": warn_before}
		frappe.db.set_single_value("Selling Settings", values)
		frappe.clear_document_cache("Selling Settings", "Selling Settings")

	def inactive_opportunity(self, days: int = DAYS, **fields):
		"""A replied opportunity without contact for that many days."""
		opportunity = make_opportunity(**fields)
		make_mail(opportunity)
		self.shift(opportunity, days)
		return opportunity.reload()

	def shift(self, opportunity, days: int):
		"""Let the reply and all contacts have happened that many days ago."""
		at = add_days(now_datetime(), -days)
		values = {"status_since": at, "last_contacted_on": at, "waiting_since": at}
		frappe.db.set_value("Opportunity", opportunity.name, values)

	def run_job(self) -> list[str]:
		return auto_close_opportunities()

	def row(self, opportunity) -> dict:
		"""The newest note of a batch on an opportunity."""
		fields = ["batch", "result", "why", "inactive_since"]
		filters = {"opportunity": opportunity.name}
		rows = frappe.get_all("Auto Closed Opportunity", filters, fields, order_by="creation desc")
		return rows[0] if rows else {}

	def told(self, user: str, **filters) -> list[str]:
		return frappe.get_all("Notification Log", {"for_user": user, **filters}, pluck="subject")

	def state(self, opportunity) -> dict:
		return frappe.db.get_value("Opportunity", opportunity.name, STATE, as_dict=True)
