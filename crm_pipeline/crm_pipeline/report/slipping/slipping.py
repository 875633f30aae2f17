from collections import Counter, defaultdict

import frappe
from frappe import _
from frappe.query_builder.functions import Count, Max, Min, Sum
from frappe.utils import flt
from pypika.queries import QueryBuilder
from pypika.terms import Term

from crm_pipeline.crm_pipeline.report.changes import changes_in_period, days_added_up
from crm_pipeline.crm_pipeline.report.utils import (
	BLUE,
	CHARTED,
	choice,
	column,
	read,
)
from crm_pipeline.history.as_of import change, opportunity
from crm_pipeline.money.exchange_rates import base_currency, decimals_of
from crm_pipeline.permissions.field_levels import is_readable, readable_columns, refuse_hidden_fields
from crm_pipeline.permissions.visibility import KEPT_FIELDS
from crm_pipeline.rules import money
from crm_pipeline.rules.aging import EXPECTED_CLOSING
from crm_pipeline.rules.status import CLOSED, CONVERTED, IN_PLAY, LOST
from crm_pipeline.utils.people import full_names

GROUPS = {"Owner": "owner", "Opportunity": "opportunity"}
NARROWING = ("opportunity_owner", "sales_process", "opportunity_type", "source")
MOST_ROWS = 2000


def execute(filters: dict | None = None) -> tuple[list[dict], list[dict], str | None, dict | None]:
	"""Return who postponed the expected closing of opportunities, how often, by how much, and what became of these.

	Only a later day than before is a postponement; bringing one forward makes up for nothing. Each counts for who owned
	the opportunity then. Days are calendar days.

	Filters: group_by (Owner, or Opportunity), from_date and to_date of the postponement (the last 365 days),
	opportunity_owner (of today), sales_team, sales_process, opportunity_type, source.

	Raises:
		FieldOutOfReach, ImpossibleDate, TeamUnknown, UnreadableFilters
	"""
	filters = read(filters)
	refuse_hidden_fields("Opportunity", *KEPT_FIELDS)
	if choice(filters, "group_by", GROUPS) == "opportunity":
		rows = get_opportunities(filters)
		return (
			readable_columns("Opportunity", get_columns_of_opportunities()),
			rows[:MOST_ROWS],
			get_message(len(rows)),
			None,
		)
	rows = get_owners(filters)
	return get_columns_of_owners(), rows, None, get_chart(rows) if rows else None


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
		column("owner", _("User"), "Link", 190, options="User"),
	]


def get_columns_of_opportunities() -> list[dict]:
	return [
		column("opportunity", _("Opportunity"), "Link", 188, options="Opportunity"),
		column("title", _("Opportunity Name"), "Data", 190),
		column("times", _("Times Postponed"), "Int", 140),
		column("first_on", _("First Time"), "Datetime", 150),
		column("last_on", _("Last Time"), "Datetime", 150),
		column("expected_closing", _("Expected Closing"), "Date", 130),
		column("status", _("Status"), "Data", 100),
		column("amount", _("Amount"), "Currency", 130, options="currency"),
		column("owner_name", _("Owner"), "Data", 140),
	]


def postponements(filters: dict) -> QueryBuilder:
	"""Return the query on what was postponed in the period, nothing selected yet. Days are kept in an order that texts have."""
	query = changes_in_period(filters, 365, *NARROWING).where(change.change == EXPECTED_CLOSING)
	return query.where((change.old_value != "") & (change.new_value > change.old_value))


def get_owners(filters: dict) -> list[dict]:
	"""Return a row for whoever postponed something, the most often first."""
	times = times_postponed(filters)
	days = days_added_up(postponements(filters), change.opportunity_owner, change.old_value, change.new_value)
	became = what_became(filters)
	names = full_names(times)
	rows = [get_owner(user, names, times[user], days[user], became[user]) for user in times]
	return sorted(rows, key=lambda row: (-row["times"], -row["opportunities"], row["owner_name"]))


def get_owner(user: str, names: dict, times: int, days: int, became: dict[str, tuple[int, float]]) -> dict:
	counts = Counter({status: count for status, (count, _amount) in became.items()})
	amount = sum(amount for status, (_count, amount) in became.items() if status in IN_PLAY)
	return {
		"owner": user,
		"owner_name": names.get(user, user) or _("Not Set"),
		"opportunities": counts.total(),
		"times": times,
		"days_each": days / times,
		"in_play": sum(counts[status] for status in IN_PLAY),
		"won": counts[CONVERTED],
		"lost": counts[LOST],
		"closed": counts[CLOSED],
		"amount": money.round_to(amount, decimals_of(base_currency())),
		"currency": base_currency(),
	}


def times_postponed(filters: dict) -> dict[str, int]:
	"""Return by owner how often something was postponed."""
	counted = postponements(filters).select(change.opportunity_owner, Count(change.name))
	return {user or "": count for user, count in counted.groupby(change.opportunity_owner).run()}


def what_became(filters: dict) -> dict[str, dict[str, tuple[int, float]]]:
	"""Return by owner and present status how many opportunities were postponed, each once, and their amounts in base currency."""
	once = postponements(filters).select(change.opportunity_owner.as_("user"), opportunity.name).distinct()
	query = frappe.qb.from_(once).join(opportunity).on(opportunity.name == once.name)
	rows = query.select(once.user, opportunity.status, Count("*"), Sum(opportunity.base_opportunity_amount))
	found: dict = defaultdict(dict)
	for user, status, count, amount in rows.groupby(once.user, opportunity.status).run():
		found[user or ""][status] = (count, flt(amount))
	return found


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
