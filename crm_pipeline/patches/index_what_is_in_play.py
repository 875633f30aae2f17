"""Sites that stand get the index by which what is in play is found however much has ended, and lose the one that went through both.

Lists of one owner get one as well.
"""

from crm_pipeline.crm_pipeline.doctype.opportunity import indexes
from crm_pipeline.utils.indexes import drop_index

FORMER = "opportunity_board_index"


def execute() -> None:
	indexes.on_doctype_update()
	drop_index("Opportunity", FORMER)
