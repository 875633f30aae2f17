"""ERPNext's auto-close on a site that has it, called and not touched."""

import frappe
from frappe.utils import add_days, now_datetime

from benchmarks.auto_close.runs import Measure, measured

MARK = "Bench of auto-close"
INACTIVE_DAYS = 60


def close_with_erpnext(count: int) -> Measure:
	"""Let ERPNext close so many opportunities that were replied to long ago."""
	names = [make_replied() for _number in range(count)]
	frappe.db.commit()
	results: list[Measure] = []
	try:
		with measured(
			"ERPNext",
			results,
			lambda: frappe.db.count("Opportunity", {"name": ["in", names], "status": "Closed"}),
		):
			frappe.get_attr("erpnext.crm.doctype.opportunity.opportunity.auto_close_opportunity")()
			frappe.db.commit()
	finally:
		for name in names:
			frappe.delete_doc("Opportunity", name, force=True, ignore_permissions=True)
		frappe.db.commit()
	return results[0]


def make_replied() -> str:
	opportunity = frappe.get_doc(
		{
			"doctype": "Opportunity",
			"opportunity_from": "Lead",
			"party_name": lead(),
			"company": frappe.get_all("Company", pluck="name", limit=1)[0],
			"title": MARK,
		}
	).insert()
	long_ago = add_days(now_datetime(), -INACTIVE_DAYS)
	values = {"status": "Replied", "modified": long_ago}
	frappe.db.set_value("Opportunity", opportunity.name, values, update_modified=False)
	return opportunity.name


def lead() -> str:
	known = frappe.db.get_value("Lead", {"lead_name": MARK})
	return known or frappe.get_doc({"doctype": "Lead", "first_name": MARK}).insert().name
