import frappe
from frappe import _

from crm_pipeline.exceptions import HistoryIsAppendOnly
from crm_pipeline.utils.confidential import ConfidentialDocument
from crm_pipeline.utils.indexes import Index, add_indexes

# What is added up of past days; with it in the index no row is looked up, and each would lie on a page of its own.
OF_PAST_DAYS = (
	"opportunity_owner",
	"sales_process",
	"expected_closing",
	"base_opportunity_amount",
	"probability",
)
# What tells what a day did to the amount of an opportunity.
OF_STEPS = ("status", "currency", "opportunity_amount", "conversion_rate", *OF_PAST_DAYS)
# What tells how long opportunities stood where, in the order in which they did.
STAYS = "stays_of_opportunities_index"
OF_STAYS = ("at", "sales_process", "sales_stage", "status", "stay_until")


class PipelineChange(ConfidentialDocument):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		at: DF.Datetime
		base_opportunity_amount: DF.Currency
		by: DF.Link | None
		change: DF.Literal[
			"Created",
			"Status",
			"Process",
			"Stage",
			"Owner",
			"Currency",
			"Amount",
			"Rate",
			"Probability",
			"Stage Probability",
			"Expected Closing",
			"Follow-up",
			"Override",
			"Correction",
			"Undone",
		]
		conversion_rate: DF.Float
		currency: DF.Link | None
		expected_closing: DF.Date | None
		follow_up_conversation: DF.Data | None
		follow_up_event: DF.Data | None
		new_value: DF.Data | None
		old_value: DF.Data | None
		opportunity: DF.Link
		opportunity_amount: DF.Currency
		opportunity_owner: DF.Link | None
		probability: DF.Percent
		replaced_at: DF.Datetime | None
		sales_process: DF.Link | None
		sales_stage: DF.Link | None
		status: DF.Data | None
		stay_until: DF.Datetime | None
		undone_change: DF.Data | None
	# end: auto-generated types
	"""Written in bulk by `history.changes`; no document of it is ever saved, renamed or deleted alone."""

	def validate(self) -> None:
		refuse()

	def before_rename(self, old: str, new: str, merge: bool = False) -> None:
		refuse()

	def on_trash(self) -> None:
		refuse()


def refuse() -> None:
	"""Refuse to change the history, whoever asks."""
	frappe.throw(
		_("The history of an opportunity is written by the system and cannot be edited."),
		HistoryIsAppendOnly,
		title=_("History Is Append-only"),
	)


def indexes() -> tuple[Index, ...]:
	"""Return those for what every change of an opportunity asks for, its newest one, and for what reports on the past read."""
	# The name of this column is a word of MariaDB's, and Frappe quotes none there.
	change = "`change`" if frappe.db.db_type == "mariadb" else "change"
	return (
		# What was in play at the end of a day, and what of each opportunity was before that.
		Index(("status", "replaced_at", "at", *OF_PAST_DAYS, "opportunity"), "in_play_index"),
		Index(("opportunity", "idx", "at", "replaced_at", *OF_STEPS), "states_index"),
		# What some days did.
		Index(("at", "replaced_at", "opportunity", "idx", *OF_STEPS), "steps_index"),
		Index(("opportunity", "idx", change, *OF_STAYS), STAYS),
		# With both values: who postponed what, and by how much.
		Index(
			(change, "at", "opportunity", "opportunity_owner", "old_value", "new_value"),
			"changes_of_kinds_index",
		),
		# Whether an entry of the calendar, or a call, is that of a follow-up.
		Index(("opportunity", "follow_up_event")),
		Index(("opportunity", "follow_up_conversation")),
	)


def on_doctype_update() -> None:
	add_indexes("Pipeline Change", *indexes())
