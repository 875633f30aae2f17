"""What of Desk's landing page is for whom: whoever buys and does not sell sees what they ask of suppliers."""

from typing import Any

import frappe
from frappe.model.document import Document

from crm_pipeline.constants import MODULE

BUYING = "Supplier Quotation"


def has_permission(doc: Document, ptype: str | None = None, user: str | None = None, **options: Any) -> bool:
	"""Refuse our number cards and charts on sales to those who work on supplier quotations only."""
	if doc.get("module") != MODULE or doc.document_type == BUYING:
		return True
	return frappe.has_permission("Opportunity", "write", user=user) or not frappe.has_permission(
		BUYING, "write", user=user
	)
