"""After a pause the one who spoke last has said what the status is, whether somebody ends it or the job does."""

from datetime import datetime

import frappe

from crm_pipeline.tasks import wake_paused_opportunities
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import in_days, make_opportunity

EARLY, LATE = datetime(2026, 3, 2, 9), datetime(2026, 3, 2, 9, 0, 1)
# Our last contact, their last contact, and the status; in the same second ours answers theirs.
EXPECTED = (
	(None, None, "Open"),
	(None, EARLY, "Open"),
	(EARLY, None, "Replied"),
	(EARLY, LATE, "Open"),
	(LATE, EARLY, "Replied"),
	(EARLY, EARLY, "Replied"),
)


class TestAfterAPause(TestCase):
	def paused(self, contacted, answered):
		"""An opportunity whose pause ends today, after these contacts."""
		opportunity = make_opportunity()
		opportunity.pause(in_days(3))
		values = {"last_contacted_on": contacted, "last_response_on": answered, "paused_until": in_days(0)}
		frappe.db.set_value("Opportunity", opportunity.name, values)
		return opportunity.reload()

	def assertAwake(self, end):
		opportunities = [self.paused(ours, theirs) for ours, theirs, _status in EXPECTED]
		for opportunity in opportunities:
			end(opportunity)
		found = [
			frappe.db.get_value("Opportunity", each.name, ("status", "own_status")) for each in opportunities
		]
		self.assertEqual(found, [(status, status) for _ours, _theirs, status in EXPECTED])

	def test_somebody_ends_it(self):
		self.assertAwake(lambda opportunity: opportunity.resume())

	def test_the_job_ends_it(self):
		self.assertAwake(lambda _opportunity: wake_paused_opportunities())
