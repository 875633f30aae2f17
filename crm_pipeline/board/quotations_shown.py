"""The quotations to customers and from suppliers that the panel shows, as far as the session's user may read them."""

import frappe
from frappe import _
from frappe.utils import cint, cstr

from crm_pipeline.parties.related_documents import Documents
from crm_pipeline.permissions.field_levels import is_readable, readable
from crm_pipeline.quoting.rights import may_move_with
from crm_pipeline.rules import quotation_status
from crm_pipeline.utils.bulk_sql import in_list

FIELDS = ("name", "docstatus", "status", "currency", "transaction_date", "valid_till")
PARTIES = {
	"Quotation": ("grand_total", ["party_name", "customer_name", "replaced_by"]),
	"Supplier Quotation": ("net_total", ["supplier", "supplier_name", "request_status"]),
}
ROW_FIELDS = ("name", "parent", "item_code", "item_name", "qty", "uom", "amount")


def quotations_among(related: Documents, doctype: str) -> list[dict]:
	"""Return what a panel shows of quotations, the newest first; those of other people stay out of sight.

	Of those to customers that the user may order or lose now, `open_rows` are what is not ordered yet; None of others.
	"""
	amount, more = PARTIES[doctype]
	names = related.get(doctype)
	if not names or not frappe.has_permission(doctype, "read"):
		return []
	fields = readable(doctype, [*FIELDS, amount, *more])
	rows = frappe.get_list(
		doctype,
		filters={"name": ["in", names], "docstatus": ["<", 2]},
		fields=fields,
		order_by="creation desc",
		limit=len(names),
	)
	open_rows = _open_rows([row.name for row in rows if doctype == "Quotation" and _may_decide(row)])
	return [{**_shown(doctype, row, amount), "open_rows": open_rows.get(row.name)} for row in rows]


def _shown(doctype: str, row: frappe._dict, amount: str) -> dict:
	party = row.get("customer_name") or row.get("party_name")
	status = row.get("status")
	shown = {
		"name": row.name,
		"doctype": doctype,
		"status": status,
		"label": _(status, context=doctype) if status else "",
		"amount": row.get(amount),
		"currency": row.get("currency"),
		"party_name": party or row.get("supplier_name") or row.get("supplier"),
		"transaction_date": cstr(row.get("transaction_date")) or None,
		"valid_till": cstr(row.get("valid_till")) or None,
		"replaced": cint(bool(row.get("replaced_by"))),
	}
	if doctype == "Supplier Quotation":
		shown["request_status"] = row.get("request_status") or ""
	return shown


def _may_decide(row: frappe._dict) -> bool:
	"""Return whether the session's user may say how a quotation ended: what its methods would refuse is not offered."""
	undecided = row.docstatus == 1 and row.get("status") in quotation_status.UNDECIDED
	if not undecided or row.get("replaced_by") or not frappe.has_permission("Quotation", "submit", row.name):
		return False
	return may_move_with(frappe.get_doc("Quotation", row.name))


def _open_rows(quotations: list[str]) -> dict[str, list[dict]]:
	"""Return the rows of quotations that are not ordered, in their order."""
	if not is_readable("Quotation", "items"):
		return {name: [] for name in quotations}
	fields = readable("Quotation Item", ROW_FIELDS, parent_doctype="Quotation")
	filters = {"parenttype": "Quotation", "parent": ["in", in_list(quotations)], "ordered": 0}
	found: dict[str, list[dict]] = {name: [] for name in quotations}
	for row in frappe.get_all("Quotation Item", filters, fields, order_by="parent, idx"):
		found[row.pop("parent")].append(row)
	return found
