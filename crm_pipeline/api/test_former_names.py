"""Clients of the first version find in answers what they knew, beside the names of now."""

import frappe

from crm_pipeline.api.auto_close import preview_auto_close
from crm_pipeline.api.handover import hand_over, preview_handover
from crm_pipeline.tests.factories import make_opportunity, make_user
from crm_pipeline.tests.inactive_opportunities import DAYS, AutoCloseCase


class TestFormerNames(AutoCloseCase):
	def test_what_auto_close_would_do(self):
		self.set_limit(DAYS)
		name = self.inactive_opportunity(90).name
		(row,) = [row for row in preview_auto_close(limit=500)["rows"] if row.name == name]
		self.assertEqual((row.days_quiet, row.quiet_since), (90, row.inactive_since))

	def test_what_is_handed_over(self):
		leaver, successor = make_user("Sales User"), make_user("Sales User")
		name = make_opportunity(opportunity_owner=leaver).name
		preview = preview_handover(leaver=leaver)
		self.assertEqual((preview["leaver"], preview["from_user"], preview["total"]), (leaver, leaver, 1))
		self.assertEqual(hand_over(leaver=leaver, successor=successor)["opportunities"], [name])
		self.assertEqual(frappe.db.get_value("Opportunity", name, "opportunity_owner"), successor)
