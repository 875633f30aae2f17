"""Search over all opportunities that the user sees, whatever their process, and whether they have ended."""

import frappe
from pypika import Case
from pypika.terms import Criterion

from crm_pipeline.board.cards import legend_of
from crm_pipeline.board.mentioning import mentioning
from crm_pipeline.board.opportunities import seen_in
from crm_pipeline.board.states import in_play
from crm_pipeline.history.rotting import opportunity
from crm_pipeline.permissions.field_levels import readable
from crm_pipeline.rules.view_filters import LINE_LENGTH

SHORTEST = 2  # letters
FOUND_FIELDS = (
	"name",
	"title",
	"customer_name",
	"company_name",
	"status",
	"sales_stage",
	"sales_process",
	"opportunity_owner",
	"contact_email",
	"contact_mobile",
	"currency",
	"opportunity_amount",
	"modified",
)


def find(text: str, limit: int) -> dict:
	"""Return `rows` that have every word of a text in one of the fields that are searched, with their legend.

	What is in play comes first, then what changed last. A text of less than two letters finds nothing.
	"""
	text = text[:LINE_LENGTH].strip()
	if len(text) < SHORTEST or not (criteria := mentioning(text)):
		return {"rows": [], **legend_of([])}
	query = seen_in(None).where(Criterion.all(criteria))
	query = query.select(*(opportunity[field] for field in readable("Opportunity", FOUND_FIELDS)))
	query = query.orderby(Case().when(in_play(), 0).else_(1))
	query = query.orderby(opportunity.modified, order=frappe.qb.desc).orderby(opportunity.name)
	rows = query.limit(limit).run(as_dict=True)
	return {"rows": rows, **legend_of(rows)}
