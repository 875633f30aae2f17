"""Runs script reports for those who may."""

import frappe
from frappe import _
from frappe.modules import scrub
from frappe.utils import cint, has_common

RESULT_PARTS = ("columns", "result", "message", "chart", "report_summary", "skip_total_row")


@frappe.whitelist()
def run(
	report_name,
	filters=None,
	user=None,
	ignore_prepared_report=False,
	custom_columns=None,
	is_tree=False,
	parent_field=None,
	are_default_filters=True,
):
	"""Return `columns`, `result` (rows as dicts), `chart`, `report_summary` and `message` of a report."""
	report = get_report_doc(report_name)
	lacking = {
		"Prepared reports": cint(report.prepared_report) and not cint(ignore_prepared_report),
		"Custom columns of reports": custom_columns,
		"Total rows of reports": cint(report.add_total_row),
	}
	if features := [feature for feature, wanted in lacking.items() if wanted]:
		raise NotImplementedError(f"{features[0]} are not in the embedded host; a bench has them")

	parts = dict.fromkeys(RESULT_PARTS)
	parts.update(zip(RESULT_PARTS, _execute(report, filters), strict=False))
	columns, result = list(parts["columns"] or []), list(parts["result"] or [])
	if not all(isinstance(part, dict) for part in columns + result):
		raise NotImplementedError("Reports without dicts are not in the embedded host; a bench has them")
	return {
		**parts,
		"columns": columns,
		"result": result,
		"skip_total_row": parts["skip_total_row"] or 0,
		"status": None,
		"execution_time": 0,
		"add_total_row": 0,
	}


def get_report_doc(report_name):
	"""Return a report the user may run: by the roles of the report and the right to report its DocType."""
	report = frappe.get_doc("Report", report_name)
	roles = [row.role for row in report.get("roles") or []]
	if roles and not has_common(frappe.get_roles(), roles):
		frappe.throw(_("You don't have access to Report: {0}").format(_(report.name)), frappe.PermissionError)
	if not frappe.has_permission(report.ref_doctype, "report"):
		message = _("You don't have permission to get a report on: {0}").format(_(report.ref_doctype))
		frappe.throw(message, frappe.PermissionError)
	if cint(report.disabled):
		frappe.throw(_("Report {0} is disabled").format(_(report_name)))
	return report


def _execute(report, filters):
	if report.report_type != "Script Report" or report.is_standard != "Yes":
		raise NotImplementedError(
			f"{report.name}: the embedded host runs standard script reports; a bench has others"
		)
	app = frappe.local.module_app[scrub(report.module)]
	folder = f"{app}.{scrub(report.module)}.report.{scrub(report.name)}"
	execute = frappe.get_attr(f"{folder}.{scrub(report.name)}.execute")
	return execute(frappe._dict(frappe.parse_json(filters) or {})) or []
