"""What became of opportunities so far."""

import frappe

from crm_pipeline.history.progress import progress_of


@frappe.whitelist(methods=["GET"])
def get_progress(opportunity: str) -> dict:
	"""Return how long an opportunity is in its stage and on the way, and how its closing date moved.

	Returns: `days_in_stage` (without paused days; None once it has ended), `total_days`, `closing_pushed` (times)
	and `closing_pushed_days`.
	"""
	doc = frappe.get_doc("Opportunity", opportunity)
	doc.check_permission("read")
	return progress_of(doc)
