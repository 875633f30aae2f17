"""The columns of the board: stages with what stands in them."""

from typing import NamedTuple

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, flt

from crm_pipeline.board.sums import FIGURES, figure
from crm_pipeline.money.exchange_rates import base_currency, decimals_of
from crm_pipeline.permissions.field_levels import is_readable
from crm_pipeline.rules import money, stages


class Column(NamedTuple):
	"""A stage on the board: its type, default probability (percent) and after how many days opportunities rot."""

	stage: str
	type: str
	probability: float
	rotting_days: int


def columns_of(process: Document, sums: dict) -> list[Column]:
	"""Return the stages of a process, then those it no longer has but opportunities still stand in."""
	rows = {row.sales_stage: row for row in process.stages}
	names = [*rows, *(stage for stage in sums if stage not in rows)]
	return [
		Column(
			name,
			frappe.get_cached_value("Sales Stage", name, "stage_type"),
			flt(rows[name].probability) if name in rows else 0.0,
			cint(rows[name].rotting_days) if name in rows else 0,
		)
		for name in names
	]


def summary(column: Column, sums: dict, cards: list[frappe._dict]) -> dict:
	"""Return a column with its totals; what was won counts with its revenue."""
	row = sums.get(column.stage) or frappe._dict()
	amount = "revenue" if column.type == stages.WON_STAGE else "amount"
	return {
		**column._asdict(),
		"label": _(column.stage),
		"count": cint(row["count"]) if row else 0,
		"amount": figure(row.get(amount), amount),
		"weighted": figure(row.get("weighted"), "weighted"),
		"cards": [card for card in cards if card.sales_stage == column.stage],
	}


def totals(summaries: list[dict]) -> dict:
	"""Return `count`, `amount` and `weighted` of the open stages."""
	open_ones = [each for each in summaries if each["type"] == stages.OPEN_STAGE]
	return {
		"count": sum(each["count"] for each in open_ones),
		"amount": _total(open_ones, "amount"),
		"weighted": _total(open_ones, "weighted"),
	}


def _total(summaries: list[dict], name: str) -> float | None:
	if not is_readable("Opportunity", FIGURES[name]):
		return None
	return money.total((each[name] for each in summaries), decimals_of(base_currency()))
