"""How earlier dealings with a party went: the opportunities of a lead and of the customer it became."""

import frappe
from frappe.query_builder.functions import Count, Sum
from frappe.utils import cint, date_diff, flt, getdate, today
from pypika import Table
from pypika.terms import Criterion

from crm_pipeline.money.exchange_rates import base_currency, decimals_of
from crm_pipeline.parties.related_documents import (
	Documents,
	parties_of,
	party_of_opportunity,
	require_business,
)
from crm_pipeline.permissions.field_levels import is_readable
from crm_pipeline.permissions.visibility import visible
from crm_pipeline.rules import money, status
from crm_pipeline.utils.bulk_sql import in_list

MOST = 200
RESULTS = {status.CONVERTED: "Won", status.LOST: "Lost", status.CLOSED: "Closed"}
OPEN = "Open"
AMOUNT = "base_opportunity_amount"
VALUES = {"Won": "base_close_revenue"}


@frappe.whitelist(methods=["GET"])
def party_history(doctype: str, name: str, limit: int = 20) -> dict:
	"""Return the opportunities of a party, as far as the user may see them.

	Args:
		doctype: Opportunity (its party's history), Lead, Customer or another party type.
		limit: how many opportunities to list, at most 200; the figures count all.

	Returns:
		`opportunities`, the newest first, each with `name`, `title`, `result` (Open, Won, Lost or Closed),
		`status`, `sales_stage`, `transaction_date`, `closed_on`, `days` (from coming in to its end or to today),
		`value` (base currency; the revenue, once won) and `reasons` for losing it; `currency` (base);
		`counts` and `values` by result (None where permission levels hide the amount); `win_rate`, percent of the won among the won and lost, or None.

	Raises:
		frappe.PermissionError
	"""
	require_business(doctype, name)
	frappe.has_permission("Opportunity", "read", throw=True)
	parties = parties_of(*(party_of_opportunity(name) if doctype == "Opportunity" else (doctype, name)))
	rows = listed(parties, min(max(cint(limit), 1), MOST)) if parties else []
	reasons = reasons_of([row.name for row in rows])
	counts, values = figures(parties)
	return {
		"opportunities": [as_entry(row, reasons.get(row.name, [])) for row in rows],
		"currency": base_currency(),
		"counts": counts,
		"values": values,
		"win_rate": win_rate(counts["Won"], counts["Lost"]),
	}


def win_rate(won: int, lost: int) -> float | None:
	"""Percent of the won among the won and lost, one decimal; None before any was decided."""
	return money.round_to(100 * won / (won + lost), 1) if won + lost else None


def listed(parties: Documents, limit: int) -> list:
	opportunity = frappe.qb.DocType("Opportunity")
	fields = ("name", "title", "status", "sales_stage", "transaction_date", "closed_on")
	return (
		frappe.qb.from_(opportunity)
		.select(*(opportunity[field] for field in fields))
		.select(opportunity.base_opportunity_amount, opportunity.base_close_revenue)
		.where(of_parties(opportunity, parties))
		.where(visible("Opportunity"))
		.orderby(opportunity.transaction_date, order=frappe.qb.desc)
		.orderby(opportunity.name, order=frappe.qb.desc)
		.limit(limit)
	).run(as_dict=True)


def figures(parties: Documents) -> tuple[dict, dict]:
	"""Return the number and value (base currency) of the opportunities by result."""
	results = (OPEN, *RESULTS.values())
	counts, values = dict.fromkeys(results, 0), dict.fromkeys(results, 0.0)
	if not parties:
		return counts, {result: _readable_value(result, value) for result, value in values.items()}
	opportunity = frappe.qb.DocType("Opportunity")
	rows = (
		frappe.qb.from_(opportunity)
		.select(
			opportunity.status,
			Count(opportunity.name),
			Sum(opportunity.base_opportunity_amount),
			Sum(opportunity.base_close_revenue),
		)
		.where(of_parties(opportunity, parties))
		.where(visible("Opportunity"))
		.groupby(opportunity.status)
	).run()
	for state, count, amount, revenue in rows:
		result = RESULTS.get(state, OPEN)
		counts[result] += count
		values[result] += flt(revenue if result == "Won" else amount)
	return counts, {result: _readable_value(result, value) for result, value in values.items()}


def _readable_value(result: str, value: float) -> float | None:
	if not is_readable("Opportunity", VALUES.get(result, AMOUNT)):
		return None
	return money.round_to(value, decimals_of(base_currency()))


def of_parties(opportunity: Table, parties: Documents) -> Criterion:
	"""Return the criterion that an opportunity came from one of the parties."""
	criteria = [
		(opportunity.opportunity_from == party_type) & opportunity.party_name.isin(names)
		for party_type, names in parties.items()
		if names
	]
	either = criteria[0]
	for criterion in criteria[1:]:
		either |= criterion
	return either


def reasons_of(opportunities: list[str]) -> dict[str, list[str]]:
	"""Return lost reasons by opportunity, in the order in which they were given."""
	reasons: dict[str, list[str]] = {}
	for row in frappe.get_all(
		"Lost Reason Detail",
		filters={"parenttype": "Opportunity", "parent": ["in", in_list(opportunities)]},
		fields=["parent", "lost_reason"],
		order_by="idx",
	):
		reasons.setdefault(row.parent, []).append(row.lost_reason)
	return reasons


def as_entry(row: frappe._dict, reasons: list[str]) -> dict:
	result = RESULTS.get(row.status, OPEN)
	field = VALUES.get(result, AMOUNT)
	return {
		"name": row.name,
		"title": row.title,
		"result": result,
		"status": row.status,
		"sales_stage": row.sales_stage,
		"transaction_date": row.transaction_date,
		"closed_on": row.closed_on,
		"days": date_diff(getdate(row.closed_on or today()), getdate(row.transaction_date)),
		"value": row[field] if is_readable("Opportunity", field) else None,
		"reasons": reasons,
	}
