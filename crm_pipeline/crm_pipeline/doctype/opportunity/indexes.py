"""Indexes of opportunities beside those of single fields, which the DocType names."""

from crm_pipeline.utils.indexes import Index, add_indexes, index_column, index_creation

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
# What reports add up, of all that is in play or ended in some days.
FIGURES = (
	"status",
	"closed_on",
	"expected_closing",
	"opportunity_owner",
	"transaction_date",
	"next_contact_date",
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
# Lists of who does not see all ask who entered an opportunity, those of one owner begin with what was entered last, nightly
# jobs ask for idle opportunities, the calendar for its own.
INDEXES = (
	Index(("owner",)),
	Index(("opportunity_owner", "creation"), "opportunity_owner_creation_index"),
	Index(("status", "status_since")),
	Index(("follow_up_event",)),
	Index(IN_PLAY, "opportunity_in_play_index"),
	Index(FIGURES, "opportunity_figures_index"),
	Index(RESPONSE, "opportunity_response_index"),
)


def on_doctype_update() -> None:
	"""Add them when the table is made or changed."""
	add_indexes("Opportunity", *INDEXES)
	index_column("Opportunity", "next_contact_by")
	index_creation("Opportunity")
