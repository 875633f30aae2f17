"""Frappe's functions that assign and like records, which ask for less than that needs."""

import frappe

from crm_pipeline.permissions.assigning import refuse_assignment
from crm_pipeline.permissions.own import PIPELINE_DOCTYPES
from crm_pipeline.utils.confidential import require_record
from crm_pipeline.utils.sent_values import names_from


@frappe.whitelist(methods=["POST"])
def add() -> list[dict]:
	"""Assign as `frappe.desk.form.assign_to.add`, which takes what it is to do from the request.

	Raises:
		OpportunityReadOnly, frappe.DoesNotExistError
	"""
	from frappe.desk.form import assign_to

	_refuse_readers([frappe.form_dict.get("name")])
	return assign_to.add()


@frappe.whitelist(methods=["POST"])
def add_multiple() -> None:
	"""Assign several records as `frappe.desk.form.assign_to.add_multiple`.

	Raises:
		UnreadableList, OpportunityReadOnly, frappe.DoesNotExistError
	"""
	from frappe.desk.form import assign_to

	if frappe.form_dict.get("doctype") in PIPELINE_DOCTYPES:
		_refuse_readers(names_from(frappe.form_dict.get("name")))
	return assign_to.add_multiple()


@frappe.whitelist(methods=["POST"])
def toggle_like(doctype: str, name: str, add: str | bool = False) -> None:
	"""Like as `frappe.desk.like.toggle_like`, which asks for no right at all.

	Raises:
		frappe.DoesNotExistError, frappe.PermissionError
	"""
	from frappe.desk.like import toggle_like

	require_record(doctype, name)
	return toggle_like(doctype, name, add)


def _refuse_readers(names: list) -> None:
	doctype = frappe.form_dict.get("doctype")
	for name in names if doctype in PIPELINE_DOCTYPES else ():
		require_record(doctype, name)
		refuse_assignment(doctype, name)
