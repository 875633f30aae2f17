"""Opportunities and quotations of leads show the organization, and boards the colors that lists have."""

import frappe

from crm_pipeline.parties.organization import fill_organizations


def execute() -> None:
	fill_organizations()
	recolor_board()


def recolor_board() -> None:
	"""Give paused opportunities their color on the board that came with the app, unless somebody chose another."""
	column = {"parent": "Opportunity Status", "column_name": "Paused", "indicator": "Gray"}
	frappe.db.set_value("Kanban Board Column", column, "indicator", "Purple", update_modified=False)
