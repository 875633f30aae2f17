from hashlib import sha256

from frappe import _
from frappe.query_builder.functions import Coalesce, Count, Sum
from frappe.utils import flt
from pypika.queries import QueryBuilder

from crm_pipeline.crm_pipeline.report import opportunity_list
from crm_pipeline.crm_pipeline.report.opportunity_list import Figure, Heading, figure_asked_for, refuse_figure
from crm_pipeline.crm_pipeline.report.utils import (
	CHARTED,
	choice,
	column,
	period,
	read,
	stacked_bars,
	unit_of,
	visible_opportunities,
)
from crm_pipeline.history.as_of import opportunity
from crm_pipeline.money.exchange_rates import base_currency
from crm_pipeline.permissions.field_levels import refuse_hidden_fields
from crm_pipeline.processes.sales_processes import in_order

ROWS = {
	"Opportunity Owner": "opportunity_owner",
	"Source": "source",
	"Opportunity Type": "opportunity_type",
	"Territory": "territory",
}
VALUES = {"Number": "name", "Amount": "base_opportunity_amount"}
NARROWED_BY = ("status", "sales_process", "opportunity_owner", "source", "opportunity_type")


def execute(filters: dict | None = None) -> tuple[list[dict], list[dict], str | None, dict | None]:
	"""Return the number or base amount of opportunities, a row per owner, source, type or territory, a column per stage; or one figure's list.

	Filters: based_on (Opportunity Owner), data_based_on (Number), from_date and to_date of the opportunity (the
	last 365 days), status, sales_process, opportunity_owner, sales_team, source, opportunity_type, show: a
	figure, to list what is behind it.
	"""
	filters = read(filters)
	value_field = choice(filters, "data_based_on", VALUES)
	refuse_hidden_fields("Opportunity", value_field, choice(filters, "based_on", ROWS))
	by_number = value_field == "name"
	cells = get_cells(filters, by_number)
	stages = in_order({stage for _row, stage, _value in cells})
	if figure := figure_asked_for(filters):
		return get_list(filters, stages, figure)
	rows = get_rows(cells, stages, choice(filters, "based_on", ROWS))
	data = opportunity_list.with_total(rows, "based_on")
	return get_columns(filters, stages, by_number), data, None, get_chart(filters, rows, stages)


def in_scope(filters: dict) -> QueryBuilder:
	"""Return the query on what the filters ask for, nothing selected yet."""
	first, last = period(filters, 365)
	return visible_opportunities(filters, *NARROWED_BY).where(opportunity.transaction_date[first:last])


def get_cells(filters: dict, by_number: bool) -> list[tuple[str, str, float]]:
	"""Row, stage and value, added up by the database."""
	row = Coalesce(opportunity[choice(filters, "based_on", ROWS)], "")
	value = Count(opportunity.name) if by_number else Sum(opportunity.base_opportunity_amount)
	query = (
		in_scope(filters).select(row, opportunity.sales_stage, value).groupby(row, opportunity.sales_stage)
	)
	return [(name, stage, flt(number)) for name, stage, number in query.run()]


def get_list(filters: dict, stages: list[str], figure: Figure) -> opportunity_list.List:
	"""Return the opportunities of one figure.

	Raises:
		UnreadableFilters: there is no such figure.
	"""
	query, stage_of = in_scope(filters), dict(zip(keys(stages), stages, strict=True))
	if figure.column in stage_of:
		query = query.where(opportunity.sales_stage == stage_of[figure.column])
	elif figure.column not in ("based_on", "total"):
		refuse_figure(figure.column)
	field = choice(filters, "based_on", ROWS)
	query = opportunity_list.of_row(query, figure, opportunity[field])
	columns = get_columns(filters, stages, choice(filters, "data_based_on", VALUES) == "name")
	return opportunity_list.list_of(query, of=Heading(figure, columns, opportunity_list.words_of(field)))


def get_rows(cells: list[tuple], stages: list[str], field: str) -> list[dict]:
	rows: dict[str, dict] = {}
	words = opportunity_list.all_words(field, {name for name, _stage, _value in cells})
	for name, stage, value in cells:
		row = rows.setdefault(
			name,
			{
				"row": name,
				"based_on": words[name],
				"currency": base_currency(),
				"total": 0.0,
				**dict.fromkeys(keys(stages), 0.0),
			},
		)
		row[keys(stages)[stages.index(stage)]] += value
		row["total"] += value
	found = [opportunity_list.rounded(row) for row in rows.values()]
	return sorted(found, key=lambda row: (-row["total"], row["based_on"]))


def keys(stages: list[str]) -> list[str]:
	"""Column names for stages, whatever their labels are: the same for a stage wherever it stands."""
	return [f"stage_{sha256(stage.encode()).hexdigest()[:12]}" for stage in stages]


def get_columns(filters: dict, stages: list[str], by_number: bool) -> list[dict]:
	based_on = filters.get("based_on") or next(iter(ROWS))
	kind = {"fieldtype": "Int"} if by_number else {"fieldtype": "Currency", "options": "currency"}
	pairs = [*zip(keys(stages), stages, strict=True), ("total", _("Total"))]
	width = 96 if by_number else 126
	first = column("based_on", _(based_on), "Data", 170)
	return [first, *(column(key, _(label), width=width, **kind) for key, label in pairs)]


def get_chart(filters: dict, rows: list[dict], stages: list[str]) -> dict:
	charted = rows[:CHARTED]
	datasets = [
		{"name": _(stage), "values": [row[key] for row in charted]}
		for key, stage in zip(keys(stages), stages, strict=True)
	]
	labels = [row["based_on"] for row in charted]
	return stacked_bars(labels, datasets, **unit_of(choice(filters, "data_based_on", VALUES) != "name"))
