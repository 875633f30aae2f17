"""Indexes of opportunities beside those of single fields, which the DocType names."""

import frappe

from crm_pipeline.utils.indexes import index_creation

# What the board and the workspaces count, add up and order by, of what is in play: read from the index alone, past what ended.
IN_PLAY = (
	"status",
	"sales_process",
	"sales_stage",
	"next_contact_date",
	"expected_closing",
	"closed_on",
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
	its own, and lists of one owner begin with what was entered last.
	"""
	frappe.db.add_index("Opportunity", ["owner"])
	frappe.db.add_index("Opportunity", ["opportunity_owner", "creation"], "opportunity_owner_creation_index")
	frappe.db.add_index("Opportunity", ["status", "status_since"])
	frappe.db.add_index("Opportunity", ["follow_up_event"])
	frappe.db.add_index("Opportunity", [*IN_PLAY], "opportunity_in_play_index")
	frappe.db.add_index("Opportunity", [*RESPONSE], "opportunity_response_index")
	index_creation("Opportunity")
