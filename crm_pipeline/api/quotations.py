"""What the form of a quotation asks before it submits."""

import frappe

from crm_pipeline.permissions.managing import manages_sales
from crm_pipeline.quoting.quotation_warnings import warnings_of
from crm_pipeline.utils.confidential import require_record


@frappe.whitelist(methods=["GET"])
def quotation_warnings(quotation: str) -> dict:
	"""Return what speaks against submitting a quotation as it is stored.

	Returns:
		`warnings`, each with `kind` and `message`; `may_pass`, whether the user may pass a margin below the floor.

	Raises:
		frappe.DoesNotExistError
	"""
	doc = require_record("Quotation", quotation)
	return {"warnings": warnings_of(doc), "may_pass": manages_sales()}
