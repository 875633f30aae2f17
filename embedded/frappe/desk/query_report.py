"""Runs reports: permission, the report's own `execute`, rows and columns in one shape."""

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
	for feature in (feature for feature, wanted in lacking.items() if wanted):
		raise NotImplementedError(f"{feature} are not in the embedded host; a bench has them")

	parts = dict.fromkeys(RESULT_PARTS)
	parts.update(zip(RESULT_PARTS, _execute(report, filters), strict=False))
	columns = [get_column_as_dict(column) for column in parts["columns"] or []]
	return {
		**parts,
		"columns": columns,
		"result": normalize_result(parts["result"] or [], columns),
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
		frappe.throw(
			_("You don't have permission to get a report on: {0}").format(_(report.ref_doctype)),
			frappe.PermissionError,
		)
	if cint(report.disabled):
		frappe.throw(_("Report {0} is disabled").format(_(report_name)))
	return report


def _execute(report, filters):
	if report.report_type != "Script Report" or report.is_standard != "Yes":
		raise NotImplementedError(
			f"{report.report_type} {report.name}: the embedded host runs standard script reports only; "
			"a bench has the others"
		)
	app = frappe.local.module_app[scrub(report.module)]
	folder = f"{app}.{scrub(report.module)}.report.{scrub(report.name)}"
	execute = frappe.get_attr(f"{folder}.{scrub(report.name)}.execute")
	return execute(frappe._dict(frappe.parse_json(filters) or {})) or []


def get_column_as_dict(column) -> dict:
	"""Return a column as a dict; text is read as `Label:Fieldtype/Options:Width`."""
	if isinstance(column, str):
		label, *rest = column.split(":")
		described = frappe._dict(label=label)
		if rest:
			described.fieldtype, slash, options = rest[0].partition("/")
			if slash:
				described.options = options
		if len(rest) > 1:
			described.width = rest[1]
	else:
		described = frappe._dict(column)
	described.setdefault("fieldname", frappe.scrub(described.label))
	return described


def normalize_result(result, columns) -> list:
	"""Return rows as dicts, also where the report gave lists."""
	if not result or not isinstance(result[0], list | tuple):
		return result
	names = [column["fieldname"] for column in columns]
	return [dict(zip(names, row, strict=False)) for row in result]
