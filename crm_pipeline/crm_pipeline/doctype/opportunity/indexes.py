"""Indexes of opportunities beside those of single fields, which the DocType names."""

import frappe

from crm_pipeline.utils.indexes import index_creation

# What the board counts, adds up and orders by, of all that is in play of a process: read from the index alone.
BOARD = (
	"sales_process",
	"sales_stage",
	"status",
	"closed_on",
	"next_contact_date",
	"expected_closing",
	"waiting_for",
	"last_change_on",
	"last_contacted_on",
	"last_response_on",
	"base_opportunity_amount",
	"weighted_amount",
	"base_close_revenue",
)
# How soon customers were answered, of the opportunities of some days.
RESPONSE = (
	"transaction_date",
	"first_responded_on",
	"mins_to_first_response",
	"opportunity_owner",
	"source",
)


def on_doctype_update() -> None:
	"""Add them when the table is made or changed.

	Lists of who does not see all ask who entered an opportunity, nightly jobs for idle opportunities, the calendar for
	its own.
	"""
	frappe.db.add_index("Opportunity", ["owner"])
	frappe.db.add_index("Opportunity", ["status", "status_since"])
	frappe.db.add_index("Opportunity", ["follow_up_event"])
	frappe.db.add_index("Opportunity", [*BOARD], "opportunity_board_index")
	frappe.db.add_index("Opportunity", [*RESPONSE], "opportunity_response_index")
	index_creation("Opportunity")
