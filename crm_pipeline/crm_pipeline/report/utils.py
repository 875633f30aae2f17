"""Filters and columns that the reports share. Every filter has a default, here and in the browser."""

import json
from collections.abc import Iterable
from datetime import date
from math import ceil
from typing import Any, NoReturn, TypeVar

import frappe
from frappe import _
from frappe.utils import add_days, getdate, today
from pypika.queries import QueryBuilder
from pypika.terms import Term

from crm_pipeline.exceptions import ImpossibleDate, TeamUnknown, UnreadableFilters
from crm_pipeline.money.exchange_rates import base_currency
from crm_pipeline.permissions.field_levels import refuse_hidden_fields
from crm_pipeline.permissions.teams import people_below
from crm_pipeline.permissions.visibility import visible
from crm_pipeline.rules.status import STATUSES
from crm_pipeline.utils.bulk_sql import in_list
from crm_pipeline.utils.markup import bold
from crm_pipeline.utils.sent_links import may_read
from crm_pipeline.utils.validation import read_date

NUMBERS = frozenset({"Int", "Float", "Currency", "Percent"})
# Pixels of letters in the head of a column, as Desk of Frappe 15 and 16 writes it, and of what stands beside the text.
NARROW, WIDE = frozenset(" .,:;'()/|fijlrtI1"), frozenset("mwMW%@")
LETTER, CAPITAL, NARROW_LETTER, WIDE_LETTER, BESIDE = 8.2, 10, 4.5, 12, 26
CHARTED = 12  # bars or groups of bars that a person can tell apart
# Of charts: told apart by whoever sees few colours, and on light and dark alike.
BLUE, GREEN, ORANGE = "#4f6d9a", "#3f9e7d", "#d9822b"
# Told apart by the colour-blind too, on light and on dark; what comes after the last is added up.
SERIES = (BLUE, ORANGE, GREEN, "#cb49e6", "#d4bb7a", "#a2c1d6")
REST = "#7a4a3a"
# With which the index of the opportunity begins that has what is added up.
ORDER_OF_FIGURES = ("status", "closed_on", "expected_closing", "opportunity_owner")
Option = TypeVar("Option")


def period(filters: dict, default_days: int, ahead: bool = False) -> tuple[date, date]:
	"""Return the first and last day asked for; by default `default_days` up to today or, `ahead`, from today.

	Raises:
		ImpossibleDate: not a date, or the last day before the first.
	"""
	defaults = (
		(today(), add_days(today(), default_days)) if ahead else (add_days(today(), -default_days), today())
	)
	first = read_date(filters.get("from_date") or defaults[0], "Date", _("From Date"))
	last = read_date(filters.get("to_date") or defaults[1], "Date", _("To Date"))
	if getdate(last) < getdate(first):
		frappe.throw(_("To Date lies before From Date."), ImpossibleDate, title=_("Period Impossible"))
	return first, last


def read(filters: object) -> dict:
	"""Return the filters of a report by name, each a plain value or a list of such.

	Raises:
		UnreadableFilters: anything else.
	"""
	filters = {} if filters is None or filters == "" else filters
	if isinstance(filters, dict) and all(_is_plain(value) for value in filters.values()):
		return filters
	_refuse(filters)


def _is_plain(value: object) -> bool:
	values = value if isinstance(value, (list, tuple)) else [value]
	return all(each is None or isinstance(each, (str, int, float, date)) for each in values)


def _refuse(filters: object) -> NoReturn:
	frappe.throw(
		_("{0} are no filters of a report. Send an object of names and values.").format(
			bold(str(filters)[:40])
		),
		UnreadableFilters,
		title=_("Filters Not Readable"),
	)


def choice(filters: dict, name: str, options: dict[str, Option]) -> Option:
	"""Return what `options` has for the filter's value; its first entry when the filter is empty.

	Raises:
		frappe.ValidationError: a value that is no option.
	"""
	value = filters.get(name) or next(iter(options))
	if not isinstance(value, str) or value not in options:
		frappe.throw(_("{0} must be one of: {1}.").format(frappe.unscrub(name), ", ".join(options)))
	return options[value]


def several(value: object) -> list[str]:
	"""Return the values of a filter that takes one or many: a list, its JSON, or comma-separated text."""
	if isinstance(value, str):
		value = _list_in(value) if value.startswith("[") else value.split(",")
	values = value if isinstance(value, (list, tuple)) else [value]
	return [str(each).strip() for each in values if each is not None and str(each).strip()]


def _list_in(text: str) -> list:
	"""Return the list that a JSON text stands for.

	Raises:
		UnreadableFilters
	"""
	try:
		values = json.loads(text)
	except ValueError:
		values = None
	if not isinstance(values, list) or not _is_plain(values):
		_refuse(text)
	return values


def visible_opportunities(filters: dict, *fields: str) -> QueryBuilder:
	"""Return a query on the opportunities the user may see, narrowed to a `sales_team` and by those of `fields` that are filtered on.

	Raises:
		FieldOutOfReach, TeamUnknown
	"""
	opportunity = frappe.qb.DocType("Opportunity")
	query = frappe.qb.from_(opportunity).where(visible("Opportunity"))
	if people := team_in(filters):
		query = query.where(opportunity.opportunity_owner.isin(people))
	for field in fields:
		if values := several(filters.get(field)):
			refuse_hidden_fields("Opportunity", field)
			query = query.where(opportunity[field].isin(values))
	return query


def in_order_of_index() -> list[Term]:
	"""Return what opportunities are added up by first, and by an owner or a day then: as an index has them, nothing is sorted.

	Of what is in play these are few parts for many opportunities, since none has been closed on a day.
	"""
	opportunity = frappe.qb.DocType("Opportunity")
	return [opportunity[field] for field in ORDER_OF_FIGURES]


def team_in(filters: dict) -> list[str]:
	"""Return who is in the `sales_team` that is filtered on, or in one below it; nobody if none is.

	Raises:
		FieldOutOfReach: the user may not read who owns opportunities.
		TeamUnknown: there is none of that name, or the user may not read it.
	"""
	team = filters.get("sales_team")
	if not team:
		return []
	refuse_hidden_fields("Opportunity", "opportunity_owner")
	if not (isinstance(team, str) and may_read("Sales Team", team)):
		frappe.throw(
			_("There is no sales team {0} that you may read. Choose another.").format(bold(str(team)[:140])),
			TeamUnknown,
			title=_("Sales Team Unknown"),
		)
	return in_list(people_below(team))


def owners_in(filters: dict) -> list[str]:
	"""Return those who are filtered on, in a team too; nobody for everybody's."""
	owners, people = several(filters.get("opportunity_owner")), team_in(filters)
	if owners and people:
		return in_list(user for user in owners if user in people)
	return owners or people


def column(
	fieldname: str, label: str, fieldtype: str, width: int, *, words: Iterable[str] = (), **more: Any
) -> dict:
	"""Return a column as Frappe's reports want it; `width` in pixels, or more where a language needs it.

	Args:
		words: what may stand in the column, where that is known: it has room for each of them, as for the label.
	"""
	# Unless told, Desk takes a column for one of numbers whose first row is empty.
	align = {} if fieldtype in NUMBERS else {"align": "left"}
	width = max(width, *(ceil(sum(map(width_of, text))) + BESIDE for text in (label, *words)))
	return {"fieldname": fieldname, "label": label, "fieldtype": fieldtype, "width": width, **align, **more}


def status_column(fieldname: str) -> dict:
	"""Return a column that says the status of an opportunity in the language of the session's user."""
	words = [_(status, context="Opportunity") for status in STATUSES]
	return column(fieldname, _("Status"), "Data", 90, words=words)


def width_of(letter: str) -> float:
	"""Return about how many pixels a letter takes in the head of a column."""
	if letter in NARROW:
		return NARROW_LETTER
	if letter in WIDE:
		return WIDE_LETTER
	return CAPITAL if letter.isupper() else LETTER


def unit_of(is_amount: bool) -> dict:
	"""Return what a chart says of its values: amounts are in the base currency, all else are plain numbers."""
	return {"fieldtype": "Currency", "options": base_currency()} if is_amount else {}


def stacked_bars(labels: list[str], datasets: list[dict], **more: Any) -> dict:
	"""Return a chart of stacked bars in SERIES; datasets for which there is no colour are added up as one.

	Args:
		more: what else Desk is told of it, such as the unit of its values.
	"""
	shown, rest = datasets[: len(SERIES)], datasets[len(SERIES) :]
	colors = list(SERIES[: len(shown)])
	if rest:
		sums = [sum(values) for values in zip(*(each["values"] for each in rest), strict=True)]
		shown, colors = [*shown, {"name": _("Others"), "values": sums}], [*colors, REST]
	data = {"labels": labels, "datasets": shown}
	return {"type": "bar", "barOptions": {"stacked": 1}, "colors": colors, "data": data, **more}
