"""Quotations were called by the organization that their lead had when they were saved last."""

import frappe

from crm_pipeline.parties.titles import retitle_quotations


def execute() -> None:
	retitle_quotations(frappe.qb.DocType("Quotation").quotation_to == "Lead")
