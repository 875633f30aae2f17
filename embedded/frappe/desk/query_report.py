"""Runs script reports for those who may."""

from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.modules import get_module_app, scrub
from frappe.utils import cint

if TYPE_CHECKING:
	from frappe.model.document import Document

RESULT_PARTS = ("columns", "result", "message", "chart", "report_summary", "skip_total_row")


@frappe.whitelist()
def run(
	report_name: Any, filters: Any = None, ignore_prepared_report: Any = False, custom_columns: Any = None
) -> dict:
	"""Return `columns`, `result` (rows as dicts), `chart`, `report_summary` and `message` of a report."""
	report = get_report_doc(report_name)
	lacking = {
		"A prepared report": cint(report.prepared_report) and not cint(ignore_prepared_report),
		"A report with custom columns": custom_columns,
		"A report with a total row": cint(report.add_total_row),
	}
	if features := [feature for feature, wanted in lacking.items() if wanted]:
		raise frappe.missing(features[0])

	answer = dict(zip(RESULT_PARTS, _execute(report, filters), strict=False))
	answer.update(columns=list(answer["columns"] or []), result=list(answer["result"] or []))
	if not all(isinstance(part, dict) for part in answer["columns"] + answer["result"]):
		raise frappe.missing("A report without dicts")
	unset = dict.fromkeys(RESULT_PARTS) | {"status": None, "skip_total_row": 0, "execution_time": 0}
	return {**unset, **answer, "add_total_row": 0}


def get_report_doc(report_name: str) -> "Document":
	"""Return a report the user may run: by the roles of the report and the right to report its DocType."""
	report = frappe.get_doc("Report", report_name)
	refusal = None
	if not report.is_permitted():
		refusal = _("You don't have access to Report: {0}").format(_(report.name))
	elif not frappe.has_permission(report.ref_doctype, "report"):
		refusal = _("You don't have permission to get a report on: {0}").format(_(report.ref_doctype))
	if refusal:
		frappe.throw(refusal, frappe.PermissionError)
	if cint(report.disabled):
		frappe.throw(_("Report {0} is disabled").format(_(report_name)))
	return report


def _execute(report: "Document", filters: dict | list | str) -> tuple | list:
	if report.report_type != "Script Report" or report.is_standard != "Yes":
		raise frappe.missing(f"Running {report.name}, which is no standard script report,")
	app = get_module_app(report.module)
	folder = f"{app}.{scrub(report.module)}.report.{scrub(report.name)}"
	execute = frappe.get_attr(f"{folder}.{scrub(report.name)}.execute")
	return execute(frappe._dict(frappe.parse_json(filters) or {})) or []
