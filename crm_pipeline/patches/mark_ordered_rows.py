"""Quotations were ordered as a whole before their rows could say so."""

import frappe

from crm_pipeline.rules import quotation_status


def execute() -> None:
	row, quotation = frappe.qb.DocType("Quotation Item"), frappe.qb.DocType("Quotation")
	ordered = (
		frappe.qb.from_(quotation)
		.select(quotation.name)
		.where(quotation.status == quotation_status.ORDERED)
		.where(quotation.docstatus == 1)
	)
	of_quotations = (row.parenttype == "Quotation") & row.parent.isin(ordered)
	frappe.qb.update(row).set(row.ordered, 1).where(of_quotations).run()
