"""Opportunities that were there before the field learn from their history since when they are in their status."""

import frappe

from crm_pipeline.history.changes import date_statuses


def execute() -> None:
	date_statuses(frappe.qb.DocType("Opportunity").status_since.isnull())
