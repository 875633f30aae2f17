"""Opportunities that were there before the field learn from their history when something last changed of them."""

import frappe

from crm_pipeline.history.changes import date_last_changes


def execute() -> None:
	date_last_changes(frappe.qb.DocType("Opportunity").last_change_on.isnull())
