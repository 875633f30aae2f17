"""The list of the pipeline page: what is in play or ended lately, narrowed as the board, in an order that the user chooses."""

from collections.abc import Callable

import frappe
from frappe import _
from frappe.query_builder.functions import Coalesce, Lower
from pypika import Case
from pypika.queries import QueryBuilder
from pypika.terms import Term

from crm_pipeline.board.opportunities import seen_in, urgency, without_last
from crm_pipeline.board.states import in_play
from crm_pipeline.board.sums import totals_of
from crm_pipeline.exceptions import UnreadableFilters
from crm_pipeline.history.rotting import opportunity
from crm_pipeline.permissions.field_levels import refuse_hidden_fields
from crm_pipeline.processes.sales_processes import stages_in_order, stages_of
from crm_pipeline.rules.view_filters import ENDED_STATES, WON, Filters
from crm_pipeline.utils.bulk_sql import Value
from crm_pipeline.utils.markup import bold

URGENCY = "urgency"
# The orders, each with the field that it tells of.
ORDERS = {
	URGENCY: "next_contact_date",
	"amount": "base_opportunity_amount",
	"closing": "expected_closing",
	"next_contact": "next_contact_date",
	"title": "title",
	"owner": "opportunity_owner",
	"stage": "sales_stage",
	"modified": "modified",
	"closed": "closed_on",
	"revenue": "base_close_revenue",
}


def names_in_order(
	process: str | None, filters: Filters, order_by: str, descending: bool, start: int, limit: int
) -> list[str]:
	"""Return the names of a part of the list; what lacks what it is ordered by comes last, ties by name.

	Raises:
		UnreadableFilters: there is no such order.
		FieldOutOfReach: it would tell of a field that the session's user may not read.
	"""
	if order_by == URGENCY and filters.state in ENDED_STATES:
		order_by, descending = "closed", not descending  # what ended last comes first
	if order_by == "amount" and filters.state == WON:
		order_by = "revenue"  # which is shown of it
	_check(order_by)
	query = listed(process, filters).select(opportunity.name)
	direction = frappe.qb.desc if descending else frappe.qb.asc
	if order_by == URGENCY:
		query = query.orderby(urgency(), order=direction)
	value = _VALUES.get(order_by, _value_of_field)(order_by, process)
	query = query.orderby(without_last(value)).orderby(value, order=direction)
	return [name for (name,) in query.orderby(opportunity.name).limit(limit).offset(start).run()]


def totals(process: str | None, filters: Filters) -> dict:
	"""Return `count`, `amount` and `weighted` of the whole list."""
	return totals_of(listed(process, filters), "revenue" if filters.state == WON else "amount")


def listed(process: str | None, filters: Filters) -> QueryBuilder:
	"""Return a query on what the list shows: what is in play or, with such a state, was won or lost lately."""
	query = seen_in(process, filters)
	return query if filters.state in ENDED_STATES else query.where(in_play())


def _check(order_by: str) -> None:
	if order_by not in ORDERS:
		frappe.throw(
			_("There is no order by {0}. Choose one of: {1}").format(bold(order_by[:40]), ", ".join(ORDERS)),
			UnreadableFilters,
			title=_("Order Unknown"),
		)
	if order_by != URGENCY:  # the board shows everybody
		refuse_hidden_fields("Opportunity", ORDERS[order_by])


def _value_of_field(order_by: str, process: str | None) -> Term:
	return opportunity[ORDERS[order_by]]


def _closing(order_by: str, process: str | None) -> Term:
	return opportunity.expected_closing


def _amount(order_by: str, process: str | None) -> Term:
	return Coalesce(opportunity.base_opportunity_amount, 0)


def _revenue(order_by: str, process: str | None) -> Term:
	return Coalesce(opportunity.base_close_revenue, 0)


def _owner(order_by: str, process: str | None) -> Term:
	"""Return the name that is shown of the owner, in small letters: not every database knows how to order it here."""
	user = frappe.qb.DocType("User")
	query = frappe.qb.from_(user).select(Lower(user.full_name))
	return Value(query.where(user.name == opportunity.opportunity_owner))


def _title(order_by: str, process: str | None) -> Term:
	return Lower(opportunity.title)


def _stage(order_by: str, process: str | None) -> Term:
	"""Return the position of the stage in its process, or among those of all processes."""
	names = [stage.name for stage in stages_of(process)] if process else stages_in_order()
	position = Case()
	for number, name in enumerate(names):
		position = position.when(opportunity.sales_stage == name, number)
	return position if names else opportunity.sales_stage


_VALUES: dict[str, Callable[[str, str | None], Term]] = {
	URGENCY: _closing,
	"amount": _amount,
	"revenue": _revenue,
	"owner": _owner,
	"stage": _stage,
	"title": _title,
}
