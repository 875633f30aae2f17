from collections import Counter, defaultdict

import frappe
from frappe import _
from frappe.query_builder.functions import Coalesce, Count, Max, Min, Sum
from frappe.utils import flt
from pypika import Case
from pypika.analytics import RowNumber
from pypika.queries import QueryBuilder
from pypika.terms import Term

from crm_pipeline.crm_pipeline.report.changes import changes_in_period, count_of, in_period
from crm_pipeline.crm_pipeline.report.opportunity_list import Heading, figure_asked_for, person
from crm_pipeline.crm_pipeline.report.slipping.postponed_lists import list_of
from crm_pipeline.crm_pipeline.report.utils import (
	BLUE,
	CHARTED,
	choice,
	column,
	read,
	status_column,
	visible_opportunities,
)
from crm_pipeline.history.as_of import change, opportunity
from crm_pipeline.history.postponed import is_postponement
from crm_pipeline.money.exchange_rates import base_currency, decimals_of
from crm_pipeline.permissions.field_levels import is_readable, readable_columns, refuse_hidden_fields
from crm_pipeline.permissions.visibility import KEPT_FIELDS
from crm_pipeline.rules import money
from crm_pipeline.rules.status import CLOSED, CONVERTED, IN_PLAY, LOST
from crm_pipeline.utils.bulk_sql import days_between
from crm_pipeline.utils.people import full_names

GROUPS = {"Owner": "owner", "Opportunity": "opportunity"}
NARROWING = ("opportunity_owner", "sales_process", "opportunity_type", "source")
DAYS = 365  # of the period unless it is asked for
MOST_ROWS = 2000


def execute(filters: dict | None = None) -> tuple[list[dict], list[dict], str | None, dict | None]:
	"""Return who postponed the expected closing of opportunities, how often, by how much, and what became of these; or one figure's list.

	Only a later day than before is a postponement; bringing one forward makes up for nothing. Each counts for who owned
	the opportunity then. Days are calendar days.

	Filters: group_by (Owner, or Opportunity), from_date and to_date of the postponement (the last 365 days),
	opportunity_owner (of today), sales_team, sales_process, opportunity_type, source, show: a figure of an owner, to list what is
	behind it.

	Raises:
		FieldOutOfReach, ImpossibleDate, TeamUnknown, UnreadableFilters
	"""
	filters = read(filters)
	refuse_hidden_fields("Opportunity", *KEPT_FIELDS)
	if figure := figure_asked_for(filters):
		return list_of(postponements(filters), Heading(figure, get_columns_of_owners(), person))
	if choice(filters, "group_by", GROUPS) == "opportunity":
		rows = get_opportunities(filters)
		return (
			readable_columns("Opportunity", get_columns_of_opportunities()),
			rows[:MOST_ROWS],
			get_message(len(rows)),
			None,
		)
	found = by_owner_and_status(filters)
	rows = get_owners(found)
	data = [*rows, get_total(found)] if len(rows) > 1 else rows
	return get_columns_of_owners(), data, None, get_chart(rows) if rows else None


def get_columns_of_owners() -> list[dict]:
	return [
		column("owner_name", _("Owner"), "Data", 170),
		column("opportunities", _("Opportunities"), "Int", 120),
		column("times", _("Times Postponed"), "Int", 140),
		column("days_each", _("Days Each Time"), "Float", 150, precision=1),
		column("in_play", _("In Play"), "Int", 90),
		column("won", _("Won"), "Int", 80),
		column("lost", _("Lost"), "Int", 80),
		column("closed", _("Closed"), "Int", 80),
		column("amount", _("Amount in Play"), "Currency", 140, options="currency"),
	]


def get_columns_of_opportunities() -> list[dict]:
	return [
		column("opportunity", _("Opportunity"), "Link", 188, options="Opportunity"),
		column("title", _("Opportunity Name"), "Data", 190),
		column("times", _("Times Postponed"), "Int", 140),
		column("first_on", _("First Time"), "Datetime", 176),
		column("last_on", _("Last Time"), "Datetime", 176),
		column("expected_closing", _("Expected Closing"), "Date", 146),
		status_column("status"),
		column("amount", _("Amount"), "Currency", 130, options="currency"),
		column("owner_name", _("Owner"), "Data", 140),
	]


def postponements(filters: dict) -> QueryBuilder:
	"""Return the query on what was postponed in the period, nothing selected yet."""
	return changes_in_period(filters, DAYS, *NARROWING).where(is_postponement(change))


def get_owners(found: list[frappe._dict]) -> list[dict]:
	"""Return a row for whoever postponed something, the most often first."""
	became: dict[str, list] = defaultdict(list)
	for each in found:
		became[each.owner].append(each)
	names = full_names(became)
	rows = [
		{"row": user, "owner_name": names.get(user, user) or _("Not Set"), **get_figures(of_owner)}
		for user, of_owner in became.items()
	]
	return sorted(rows, key=lambda row: (-row["times"], -row["opportunities"], row["owner_name"]))


def get_total(found: list[frappe._dict]) -> dict:
	"""Return the row of all together, in which an opportunity that several owners postponed counts once."""
	once = [frappe._dict(each, opportunities=each.once, amount=each.amount_once) for each in found]
	return {"row": None, "owner_name": _("Total"), "bold": 1, **get_figures(once)}


def get_figures(became: list[frappe._dict]) -> dict:
	"""Return the figures of a row from what it has of each status."""
	counts: Counter = Counter()
	for each in became:
		counts[each.status] += int(each.opportunities)
	amount = sum(flt(each.amount) for each in became if each.status in IN_PLAY)
	times = sum(int(each.times) for each in became)
	return {
		"opportunities": counts.total(),
		"times": times,
		"days_each": sum(int(each.days) for each in became) / times,
		"in_play": sum(counts[status] for status in IN_PLAY),
		"won": counts[CONVERTED],
		"lost": counts[LOST],
		"closed": counts[CLOSED],
		"amount": money.round_to(amount, decimals_of(base_currency())),
		"currency": base_currency(),
	}


def by_owner_and_status(filters: dict) -> list[frappe._dict]:
	"""Return by `owner` at the time and present `status` how many `opportunities` were postponed and their `amount`, and `times` and `days` of all.

	Each owner has an opportunity once; it is looked up when its postponements are added up. `once` and `amount_once` have it
	with one of its owners only, whichever: all of them add up to what was postponed.
	"""
	owner = Coalesce(change.opportunity_owner, "")
	each = frappe.qb.from_(change).where(in_period(change.at, filters, DAYS) & is_postponement(change))
	each = each.groupby(change.opportunity, owner).select(
		change.opportunity,
		owner.as_("owner"),
		Count("*").as_("times"),
		Sum(days_between(change.old_value, change.new_value)).as_("days"),
		RowNumber().over(change.opportunity).as_("number"),
	)
	each = each.as_("each")
	query = visible_opportunities(filters, *NARROWING).join(each).on(each.opportunity == opportunity.name)
	amount, is_first = opportunity.base_opportunity_amount, each.number == 1
	return (
		query.groupby(each.owner, opportunity.status)
		.select(
			each.owner,
			opportunity.status,
			Count("*").as_("opportunities"),
			count_of(is_first).as_("once"),
			Sum(amount).as_("amount"),
			Sum(Case().when(is_first, amount)).as_("amount_once"),
			Sum(each.times).as_("times"),
			Sum(each.days).as_("days"),
		)
		.run(as_dict=True)
	)


def get_opportunities(filters: dict) -> list[dict]:
	"""Return a row for each opportunity that was postponed, the most often first."""
	times = Count(change.name)
	title = {"title": opportunity.title} if is_readable("Opportunity", "title") else {}
	fields: dict[str, Term] = {
		"opportunity": opportunity.name,
		**title,
		"times": times,
		"first_on": Min(change.at),
		"last_on": Max(change.at),
		"expected_closing": opportunity.expected_closing,
		"status": opportunity.status,
		"amount": opportunity.opportunity_amount,
		"currency": opportunity.currency,
		"owner": opportunity.opportunity_owner,
	}
	query = postponements(filters).select(*(term.as_(name) for name, term in fields.items()))
	own = [term for name, term in fields.items() if name not in ("times", "first_on", "last_on")]
	query = query.groupby(*own).orderby(times, order=frappe.qb.desc).orderby(opportunity.name)
	rows = query.limit(MOST_ROWS + 1).run(as_dict=True)
	names = full_names(row.owner for row in rows)
	return [
		{**row, "status": _(row.status, context="Opportunity"), "owner_name": names.get(row.owner)}
		for row in rows
	]


def get_message(found: int) -> str | None:
	if found <= MOST_ROWS:
		return None
	return _("These are the first {0}. Choose a shorter period, or an owner.").format(
		frappe.format(MOST_ROWS, "Int")
	)


def get_chart(rows: list[dict]) -> dict:
	charted = rows[:CHARTED]
	return {
		"type": "bar",
		"colors": [BLUE],
		"data": {
			"labels": [row["owner_name"] for row in charted],
			"datasets": [{"name": _("Times Postponed"), "values": [row["times"] for row in charted]}],
		},
	}
