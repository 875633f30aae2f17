"""What of Desk's landing page is for whom: whoever buys and does not sell sees what they ask of suppliers."""

from typing import Any

import frappe
from frappe.model.document import Document

from crm_pipeline.constants import MODULE

BUYING = "Supplier Quotation"


def has_permission(doc: Document, ptype: str | None = None, user: str | None = None, **options: Any) -> bool:
	"""Refuse our number cards and charts on sales to those who work on supplier quotations only, and the reverse.

	Frappe takes a right on some level of fields for one to read the DocType, offers the card and refuses its number.
	"""
	if doc.get("module") != MODULE:
		return True
	if doc.document_type == BUYING:
		return frappe.has_permission(BUYING, "read", user=user)
	return frappe.has_permission("Opportunity", "write", user=user) or not frappe.has_permission(
		BUYING, "write", user=user
	)
