from crm_pipeline.utils.confidential import ConfidentialDocument
from crm_pipeline.utils.indexes import Index, add_indexes


class AutoClosedOpportunity(ConfidentialDocument):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		assigned_before: DF.SmallText | None
		batch: DF.Link
		closed_at: DF.Datetime | None
		inactive_since: DF.Datetime | None
		next_contact_before: DF.Datetime | None
		opportunity: DF.Link
		opportunity_owner: DF.Link | None
		own_status_before: DF.Data | None
		result: DF.Literal["Closed", "Skipped", "Undone", "Not Restored"]
		status_before: DF.Data | None
		status_since_before: DF.Datetime | None
		waiting_for_before: DF.Data | None
		waiting_since_before: DF.Datetime | None
		why: DF.SmallText | None
	# end: auto-generated types
	"""An opportunity in a batch, why it was closed or skipped, and how it was before; written in bulk."""


INDEXES = (Index(("batch", "opportunity")),)  # undoing looks up an opportunity within its batch


def on_doctype_update() -> None:
	add_indexes("Auto Closed Opportunity", *INDEXES)
