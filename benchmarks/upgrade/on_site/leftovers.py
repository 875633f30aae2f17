"""What an uninstalled app leaves behind."""

import frappe
from frappe.utils import cint
from functions import MODULE


def run(_given: dict) -> dict:
	problems = []
	for doctype, filters in {
		"DocType": {"module": MODULE},
		"Report": {"module": MODULE},
		"Number Card": {"module": MODULE},
		"Custom Field": {"module": MODULE},
		"Scheduled Job Type": {"method": ["like", "crm_pipeline.%"]},
		"Property Setter": {"doc_type": ["in", ["Opportunity", "Lead", "Quotation"]]},
	}.items():
		if frappe.db.exists("DocType", doctype) and cint(frappe.db.count(doctype, filters)):
			left = frappe.get_all(doctype, filters, pluck="name")
			problems.append(f"uninstalled, but {doctype} is left: {', '.join(map(str, left))}")
	if "crm_pipeline" in frappe.get_installed_apps():
		problems.append("uninstalled, but still among the installed apps")
	return {"problems": problems}
