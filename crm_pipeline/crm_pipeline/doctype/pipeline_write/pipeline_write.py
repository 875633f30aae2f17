from crm_pipeline.utils.indexes import Index, add_indexes
from crm_pipeline.utils.locking import ConcurrentDocument


class PipelineWrite(ConcurrentDocument):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		after: DF.LongText | None
		answer: DF.LongText | None
		before: DF.LongText | None
		mark: DF.Data | None
		opportunity: DF.Data | None
	# end: auto-generated types
	"""What a user did on the pipeline page, written in bulk by `crm_pipeline.board`. Nobody has a right to it: it tells all of a record."""


# The nightly job asks for what is old, the deletion of an opportunity for its own.
INDEXES = (Index(("creation",)), Index(("opportunity",)))


def on_doctype_update() -> None:
	add_indexes("Pipeline Write", *INDEXES)
