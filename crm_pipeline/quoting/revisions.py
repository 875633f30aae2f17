"""Chains of quotations, each of which replaces the one before it: the newest that is submitted counts alone."""

import frappe
from frappe.model.document import Document

from crm_pipeline.quoting.quotations import former_quotations


def newest_version(quotation: Document) -> str:
	"""Return what a draft is to replace: what it names or, where another revision stands for that, the other one."""
	former = former_quotations(quotation)
	for name in former:
		newest = frappe.db.get_value("Quotation", name, "replaced_by", for_update=True)
		if newest and newest not in (*former, quotation.name):
			return newest
	return quotation.replaces


def settle_revisions(quotation: Document) -> None:
	"""Let every former version of a quotation that was submitted or cancelled say which one stands for it by now."""
	newest = quotation.replaced_by or (quotation.name if quotation.docstatus == 1 else None)
	for name in former_quotations(quotation):
		former = frappe.db.get_value(
			"Quotation", name, ["docstatus", "replaced_by"], as_dict=True, for_update=True
		)
		if (former.replaced_by or None) != newest:
			frappe.db.set_value("Quotation", name, "replaced_by", newest)
		if not newest and former.docstatus == 1:
			newest = name
