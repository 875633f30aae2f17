"""The list behind one figure of What Moved: a row for each opportunity and day on which it moved so."""

from datetime import date, timedelta

import frappe
from frappe import _
from frappe.query_builder.functions import Abs, Coalesce
from pypika.queries import QueryBuilder

from crm_pipeline.crm_pipeline.report.opportunity_list import MOST_ROWS, message_on
from crm_pipeline.crm_pipeline.report.utils import column, status_column
from crm_pipeline.history.as_of import in_play_on, opportunity, state, weighted
from crm_pipeline.history.movements import Scope, after, before, steps_of
from crm_pipeline.money.exchange_rates import base_currency, decimals_of
from crm_pipeline.permissions.field_levels import hidden_fields
from crm_pipeline.rules import money
from crm_pipeline.utils.people import full_names

OPENING, CLOSING = "Opening", "Closing"
# Columns, each with the field of the opportunity that it tells of.
TELLS = {
	"title": "title",
	"customer_name": "customer_name",
	"owner_name": "opportunity_owner",
	"sales_stage": "sales_stage",
	"closing_before": "expected_closing",
	"closing_after": "expected_closing",
	"status_after": "status",
}


def list_of(
	show: str, first: date, last: date, scope: Scope
) -> tuple[list[dict], list[dict], str | None, None]:
	"""Return what is behind one figure: the pipeline of a day, or each step in which something moved so."""
	places = decimals_of(base_currency())
	day = {OPENING: first - timedelta(days=1), CLOSING: last}.get(show)
	query = _pipeline_on(day, scope, places) if day else steps_of(show, first, last, scope, places)
	rows = _with_details(query).limit(MOST_ROWS + 1).run(as_dict=True)
	shown = rows[:MOST_ROWS]
	names = full_names(row.get("opportunity_owner") for row in shown)
	for row in shown:
		row.update(currency=base_currency(), owner_name=names.get(row.get("opportunity_owner")))
		row.update(status_after=_(row.status_after, context="Opportunity"))
		row.update({figure: money.round_to(row[figure], places) for figure in ("amount", "weighted")})
	return get_columns(bool(day)), shown, message_on(len(rows)), None


def get_columns(is_of_a_day: bool) -> list[dict]:
	"""Return the columns that the session's user may read.

	Args:
		is_of_a_day: what is listed did not move, so that there is no day and nothing before it.
	"""
	hidden = hidden_fields("Opportunity")
	columns = [
		column("opportunity", _("Opportunity"), "Link", 190, options="Opportunity"),
		column("title", _("Opportunity Name"), "Data", 160),
		column("customer_name", _("Party Name"), "Data", 120),
		column("day", _("Date"), "Date", 116),
		column("amount", _("Amount"), "Currency", 120, options="currency"),
		column("weighted", _("Weighted"), "Currency", 110, options="currency"),
		status_column("status_after"),
		column("sales_stage", _("Stage"), "Link", 100, options="Sales Stage"),
		column("closing_before", _("Closing Before"), "Date", 136),
		column("closing_after", _("Expected Closing"), "Date", 146),
		column("owner_name", _("Owner"), "Data", 120),
	]
	of_moves = ("day", "closing_before")
	return [
		each
		for each in columns
		if TELLS.get(each["fieldname"]) not in hidden and not (is_of_a_day and each["fieldname"] in of_moves)
	]


def _pipeline_on(day: date, scope: Scope, places: int) -> QueryBuilder:
	amount = Coalesce(state.base_opportunity_amount, 0)
	return (
		in_play_on(day)
		.where(scope.holds(state))
		.select(
			state.opportunity,
			state.idx.as_("number_before"),
			state.idx.as_("number_after"),
			amount.as_("amount"),
			weighted(amount, state.probability, places).as_("weighted"),
		)
	)


def _with_details(query: QueryBuilder) -> QueryBuilder:
	"""Return the query of a list with what is told of each row, the largest amounts first."""
	found = query.as_("found")
	joined = frappe.qb.from_(found).join(opportunity).on(opportunity.name == found.opportunity)
	joined = joined.join(after).on(
		(after.opportunity == found.opportunity) & (after.idx == found.number_after)
	)
	joined = joined.left_join(before).on(
		(before.opportunity == found.opportunity) & (before.idx == found.number_before)
	)
	hidden = hidden_fields("Opportunity")
	details = {
		"title": opportunity.title,
		"customer_name": opportunity.customer_name,
		"opportunity_owner": after.opportunity_owner,
		"sales_stage": after.sales_stage,
		"closing_before": before.expected_closing,
		"closing_after": after.expected_closing,
		"status_after": after.status,
	}
	shown = [field.as_(name) for name, field in details.items() if TELLS.get(name, name) not in hidden]
	return (
		joined.select(found.star, *shown)
		.orderby(Abs(found.amount), order=frappe.qb.desc)
		.orderby(Abs(found.weighted), order=frappe.qb.desc)
		.orderby(found.opportunity)
	)
