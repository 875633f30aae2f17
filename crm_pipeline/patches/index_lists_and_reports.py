"""Sites that stand get the indexes that new ones have, and lose the one that a longer one has made superfluous.

Frappe lets a report that once took more than 15 seconds be prepared in the background from then on. The one that did is answered at
once again.
"""

import frappe

from crm_pipeline.crm_pipeline.doctype.opportunity import indexes
from crm_pipeline.crm_pipeline.doctype.pipeline_change import pipeline_change
from crm_pipeline.utils.indexes import drop_index, index_creation

LISTED = ("Lead", "Customer", "Quotation", "Supplier Quotation", "Item")
FORMER = "opportunity_idx_index"  # the first two columns of what reports on the past read
SLOW_BEFORE = "Stage Conversion and Time in Stage"


def execute() -> None:
	indexes.on_doctype_update()
	for doctype in LISTED:
		index_creation(doctype)
	pipeline_change.on_doctype_update()
	drop_index("Pipeline Change", FORMER)
	frappe.db.set_value("Report", SLOW_BEFORE, "prepared_report", 0, update_modified=False)
