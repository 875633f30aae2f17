from collections.abc import Iterable
from typing import Any

import frappe
from frappe import _
from frappe.query_builder.functions import Coalesce, Count, Sum
from frappe.utils import flt, formatdate, get_fullname, getdate
from pypika import Case
from pypika.functions import NullIf
from pypika.queries import QueryBuilder
from pypika.terms import Term

from crm_pipeline.crm_pipeline.report.utils import (
	BLUE,
	CHARTED,
	GREEN,
	ORANGE,
	choice,
	column,
	period,
	read,
	several,
	team_in,
	unit_of,
)
from crm_pipeline.money.exchange_rates import base_currency, decimals_of
from crm_pipeline.permissions.field_levels import refuse_hidden_fields
from crm_pipeline.permissions.visibility import visible
from crm_pipeline.quoting.quotations import is_current
from crm_pipeline.rules import money
from crm_pipeline.rules.margin import margin_percentage
from crm_pipeline.rules.quotation_status import LOST, OPEN, ORDERED, PARTIALLY_ORDERED

GROUPS = {
	"Owner": "owner",
	"Party": "party",
	"Supplier": "supplier",
	"Item Group": "item_group",
	"Month": "month",
}
AMOUNTS = ("quoted", "ordered", "lost", "margin_asked", "margin_won")
SUMS = (*AMOUNTS, "priced_asked", "priced_won", "cost_asked", "cost_won")


def execute(filters: dict | None = None) -> tuple[list[dict], list[dict], None, dict]:
	"""Return what was quoted, ordered and lost, and the margin that was asked for and won, in the base currency.

	Amounts are net, of submitted quotations that no revision stands for; of one that is ordered in part each row counts by
	itself. Margins are those of the rows that were made from suppliers' rates, in
	percent of the price of these rows.

	Filters: group_by (Owner), from_date and to_date of the quotation (the last 365 days), opportunity_owner, sales_team,
	customer, supplier.

	Raises:
		FieldOutOfReach, frappe.PermissionError, ImpossibleDate, TeamUnknown, UnreadableFilters
	"""
	filters = read(filters)
	refuse_hidden_fields("Quotation", "base_cost", "net_total")
	frappe.has_permission("Supplier Quotation", "read", throw=True)
	group = choice(filters, "group_by", GROUPS)
	rows = list(grouped(get_cells(filters, group), group))
	total = total_of(rows, count_of(filters))
	return get_columns(filters), [*rows, *total], None, get_chart(rows)


def get_columns(filters: dict) -> list[dict]:
	label = _(filters.get("group_by") or next(iter(GROUPS)))
	return [
		column("group", label, "Data", 190),
		column("quotations", _("Quotations"), "Int", 112),
		column("quoted", _("Quoted"), "Currency", 132, options="currency"),
		column("ordered", _("Ordered"), "Currency", 132, options="currency"),
		column("lost", _("Lost"), "Currency", 132, options="currency"),
		column("margin_asked", _("Margin Asked"), "Currency", 132, options="currency"),
		column("percentage_asked", _("Asked (%)"), "Percent", 95, precision=2),
		column("margin_won", _("Margin Won"), "Currency", 132, options="currency"),
		column("percentage_won", _("Won (%)"), "Percent", 95, precision=2),
	]


def get_cells(filters: dict, group: str) -> list[frappe._dict]:
	"""Return sums by group and outcome, and how many quotations are in each group, added up by the database."""
	quotation, row = frappe.qb.DocType("Quotation"), frappe.qb.DocType("Quotation Item")
	net = Case().when(row.name.isnull(), quotation.base_net_total).else_(row.base_net_amount)
	is_priced = row.base_cost > 0  # what was submitted before costs were kept has none
	key, outcome = _key(group), _outcome()
	sums = (
		quotations(filters)
		.select(
			key.as_("group"),
			outcome.as_("outcome"),
			Sum(net).as_("net"),
			Sum(Case().when(is_priced, row.base_net_amount).else_(0)).as_("priced"),
			Sum(Case().when(is_priced, row.base_cost).else_(0)).as_("cost"),
		)
		.groupby(key, outcome)
	).run(as_dict=True)
	count = Count(quotation.name).distinct().as_("quotations")
	counts = quotations(filters).select(key.as_("group"), count).groupby(key).run(as_dict=True)
	return [*sums, *counts]


def count_of(filters: dict) -> int:
	"""Return how many quotations there are: one with several suppliers, item groups or owners is in several groups."""
	count = Count(frappe.qb.DocType("Quotation").name).distinct()
	return quotations(filters).select(count).run()[0][0]


def _outcome() -> Term:
	"""Return what became of a row, or of a quotation without rows: of one that is ordered in part, row by row."""
	quotation, row = frappe.qb.DocType("Quotation"), frappe.qb.DocType("Quotation Item")
	is_ordered = row.name.isnull() | (row.ordered == 1)
	return (
		Case()
		.when(quotation.status == LOST, LOST)
		.when(quotation.status.isin((ORDERED, PARTIALLY_ORDERED)) & is_ordered, ORDERED)
		.when(quotation.status == ORDERED, LOST)
		.else_(OPEN)
	)


def quotations(filters: dict) -> QueryBuilder:
	"""Return the query on submitted quotations that the user sees, with their rows and what these name."""
	quotation, row, offer, item, opportunity = (
		frappe.qb.DocType(name)
		for name in ("Quotation", "Quotation Item", "Supplier Quotation", "Item", "Opportunity")
	)
	first, last = period(filters, 365)
	query = (
		frappe.qb.from_(quotation)
		.left_join(row)
		.on((row.parent == quotation.name) & (row.parenttype == "Quotation"))
		.left_join(offer)
		.on(offer.name == row.supplier_quotation)
		.left_join(item)
		.on(item.name == row.item_code)
		.left_join(opportunity)
		.on(opportunity.name == Coalesce(NullIf(row.opportunity, ""), quotation.opportunity))
		.where(visible("Quotation"))
		.where(is_current(quotation) & quotation.transaction_date[first:last])
	)
	if customers := several(filters.get("customer")):
		query = query.where((quotation.quotation_to == "Customer") & quotation.party_name.isin(customers))
	if suppliers := several(filters.get("supplier")):
		query = query.where(offer.supplier.isin(suppliers))
	if owners := several(filters.get("opportunity_owner")):
		query = query.where(_key("owner").isin(owners))
	if people := team_in(filters):
		query = query.where(_key("owner").isin(people))
	return query


def _key(group: str) -> Term:
	quotation, offer, item, opportunity = (
		frappe.qb.DocType(name) for name in ("Quotation", "Supplier Quotation", "Item", "Opportunity")
	)
	return {
		"owner": Coalesce(opportunity.opportunity_owner, quotation.owner),
		"party": Coalesce(quotation.customer_name, quotation.party_name),
		"supplier": offer.supplier_name,
		"item_group": item.item_group,
		"month": quotation.transaction_date,
	}[group]


def grouped(cells: list[frappe._dict], group: str) -> Iterable[dict]:
	"""Return a row for each group: months in their order, others by what was quoted, the most first."""
	found: dict = {}
	for cell in cells:
		key = getdate(cell.group).replace(day=1) if group == "month" else cell.group or ""
		row = found.setdefault(key, {"quotations": 0, **dict.fromkeys(SUMS, 0.0)})
		_add(row, cell)
	keys = sorted(found, key=lambda key: key if group == "month" else (-found[key]["quoted"], key))
	return (_finished({"group": _label(key, group), **found[key]}) for key in keys)


def _label(key: Any, group: str) -> str:
	if not key:
		return _("Not Set")
	if group == "month":
		return formatdate(key, "MMM YYYY")
	return get_fullname(key) if group == "owner" else str(key)


def _add(row: dict, cell: frappe._dict) -> None:
	"""Add sums or a count to a group."""
	row["quotations"] += cell.quotations or 0
	for kind, counts in (
		("quoted", True),
		("ordered", cell.outcome == ORDERED),
		("lost", cell.outcome == LOST),
	):
		row[kind] += flt(cell.net) if counts else 0
	for kind, counts in (("asked", True), ("won", cell.outcome == ORDERED)):
		row[f"priced_{kind}"] += flt(cell.priced) if counts else 0
		row[f"cost_{kind}"] += flt(cell.cost) if counts else 0


def _finished(row: dict) -> dict:
	"""Return a row with its margins, free of what adding up binary fractions leaves."""
	places = decimals_of(base_currency())
	sums = {field: money.round_to(row[field], places) for field in SUMS}
	for kind in ("asked", "won"):
		net, cost = sums[f"priced_{kind}"], sums[f"cost_{kind}"]
		sums[f"margin_{kind}"] = money.total((net, -cost), places)
		sums[f"percentage_{kind}"] = margin_percentage(net, cost)
	return {**row, **sums, "currency": base_currency()}


def total_of(rows: list[dict], quotations: int) -> list[dict]:
	"""Return the last row, the percentages of which are those of the sums; none without rows.

	Args:
		quotations: how many there are, each counted once.
	"""
	if not rows:
		return []
	sums = {field: sum(row[field] for row in rows) for field in SUMS}
	return [_finished({"group": _("Total"), "bold": 1, "quotations": quotations, **sums})]


def get_chart(rows: list[dict]) -> dict:
	shown = rows[:CHARTED]
	labels = {"quoted": _("Quoted"), "ordered": _("Ordered"), "margin_won": _("Margin Won")}
	return {
		"type": "bar",
		"colors": [BLUE, ORANGE, GREEN],
		**unit_of(True),
		"data": {
			"labels": [row["group"] for row in shown],
			"datasets": [
				{"name": label, "values": [row[field] for row in shown]} for field, label in labels.items()
			],
		},
	}
