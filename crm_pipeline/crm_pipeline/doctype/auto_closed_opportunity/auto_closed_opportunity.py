import frappe

from crm_pipeline.utils.confidential import ConfidentialDocument


class AutoClosedOpportunity(ConfidentialDocument):
	"""An opportunity in a batch, why it was closed or skipped, and how it was before; written in bulk."""


def on_doctype_update() -> None:
	"""Undoing looks up an opportunity within its batch."""
	frappe.db.add_index("Auto Closed Opportunity", ["batch", "opportunity"])
