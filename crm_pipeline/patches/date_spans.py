"""Changes of sites that stand say until when they held, and the indexes go which others have made superfluous."""

from crm_pipeline.crm_pipeline.doctype.opportunity import indexes as indexes_of_opportunities
from crm_pipeline.crm_pipeline.doctype.pipeline_change import pipeline_change
from crm_pipeline.history.as_of import change
from crm_pipeline.history.spans import date_spans
from crm_pipeline.utils.indexes import Index, add_indexes, drop_index

LOOKED_UP = "stays_index"
FORMER = (LOOKED_UP, "past_days_index", "at_opportunity_idx_index", "changes_of_a_kind_index")


def execute() -> None:
	"""Write every change once, beside the one index by which the following ones are found: the others are made anew afterwards."""
	indexes = pipeline_change.indexes()
	(stays,) = (index for index in indexes if index.name == pipeline_change.STAYS)
	add_indexes("Pipeline Change", Index(stays.columns[:4], LOOKED_UP))
	for index in indexes:
		drop_index("Pipeline Change", index.name)
	date_spans(change.replaced_at.isnull())
	for name in FORMER:
		drop_index("Pipeline Change", name)
	pipeline_change.on_doctype_update()
	indexes_of_opportunities.on_doctype_update()
