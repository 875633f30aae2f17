"""Runs reports: permission, the report's own `execute`, columns and total row in one shape."""

from pathlib import Path

import frappe
from frappe import _
from frappe.modules import get_module_path, scrub
from frappe.utils import cint, flt, has_common

SUMMED_TYPES = ("Currency", "Int", "Float", "Percent", "Duration")
UNLABELLED_TYPES = ("Currency", "Int", "Float", "Percent", "Date")
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
	if cint(report.prepared_report) and not cint(ignore_prepared_report):
		raise NotImplementedError("Prepared reports are not in the embedded host; a bench has them")
	if custom_columns:
		raise NotImplementedError("Custom columns of reports are not in the embedded host; a bench has them")

	parts = dict.fromkeys(RESULT_PARTS)
	returned = _execute(report, frappe._dict(frappe.parse_json(filters) or {}))
	parts.update(zip(RESULT_PARTS, returned, strict=False))
	columns = [get_column_as_dict(column) for column in parts["columns"] or []]
	result = normalize_result(parts["result"] or [], columns)
	with_total = cint(report.add_total_row) and not parts["skip_total_row"]
	if with_total and result:
		result = add_total_row(result, columns, is_tree=is_tree, parent_field=parent_field)
	return {
		**parts,
		"columns": columns,
		"result": result,
		"skip_total_row": parts["skip_total_row"] or 0,
		"status": None,
		"execution_time": 0,
		"add_total_row": with_total,
	}


@frappe.whitelist()
def get_script(report_name):
	"""Return the client script and the print format in the report's folder."""
	report = get_report_doc(report_name)
	folder = Path(get_module_path(report.module)) / "report" / scrub(report.name)
	script, html = (folder / f"{scrub(report.name)}{suffix}" for suffix in (".js", ".html"))
	return {
		"script": script.read_text() if script.exists() else f"frappe.query_reports[{report_name!r}]={{}}",
		"html_format": html.read_text() if html.exists() else None,
		"execution_time": 0,
		"filters": report.get("filters"),
		"custom_report_name": None,
	}


@frappe.whitelist()
def export_query():
	raise NotImplementedError("Exporting reports is not in the embedded host; a bench has it")


@frappe.whitelist()
def background_enqueue_run(report_name, filters=None, user=None):
	raise NotImplementedError("Prepared reports are not in the embedded host; a bench has them")


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
	return frappe.get_attr(f"{folder}.{scrub(report.name)}.execute")(filters) or []


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


def add_total_row(result, columns, meta=None, is_tree=False, parent_field=None) -> list:
	"""Append a row, in column order, of the sums of numbers and the averages of percentages.

	In a tree only the rows without a parent count.
	"""
	rows = [row for row in result if not (is_tree and row.get(parent_field))]
	total = [_total(column, rows, len(result)) for column in columns]
	if columns[0].get("fieldtype") not in UNLABELLED_TYPES:
		total[0] = _("Total")
	return [*result, total]


def _total(column, rows, row_count):
	fieldtype, values = column.get("fieldtype"), [row.get(column["fieldname"]) for row in rows]
	if not fieldtype:
		fieldtype = _guess_type(values)
	if fieldtype == "Link" and column.get("options") == "Currency":
		return values[0] if values else ""
	numbers = [flt(value) for value in values if flt(value)] if fieldtype in SUMMED_TYPES else []
	if fieldtype == "Percent":
		return sum(numbers) / row_count
	return sum(numbers) if numbers else ""


def _guess_type(values) -> str | None:
	known = next((value for value in values if isinstance(value, int | float)), None)
	return None if known is None else ("Int" if isinstance(known, int) else "Float")
