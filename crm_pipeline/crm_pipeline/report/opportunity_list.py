"""The list behind a figure of a report: the opportunities that it counts, which the list adds up to."""

from collections.abc import Callable, Collection
from typing import NamedTuple, NoReturn

import frappe
from frappe import _
from frappe.query_builder.functions import Coalesce
from pypika.queries import QueryBuilder
from pypika.terms import Term

from crm_pipeline.crm_pipeline.report.utils import column, status_column
from crm_pipeline.exceptions import UnreadableFilters
from crm_pipeline.history.as_of import opportunity
from crm_pipeline.money.exchange_rates import base_currency, decimals_of
from crm_pipeline.permissions.field_levels import hidden_fields
from crm_pipeline.rules import money
from crm_pipeline.utils.markup import bold, escaped
from crm_pipeline.utils.people import full_names

MOST_ROWS = 2000  # that a browser shows without delay
SEPARATOR = ":"
FIELDS = {
	"opportunity": "name",
	"title": "title",
	"customer_name": "customer_name",
	"amount": "base_opportunity_amount",
	"weighted": "weighted_amount",
	"status": "status",
	"sales_stage": "sales_stage",
	"expected_closing": "expected_closing",
	"opportunity_owner": "opportunity_owner",
}
AMOUNTS = ("amount", "weighted")

List = tuple[list[dict], list[dict], str | None, None]


class Figure(NamedTuple):
	"""A figure of a report: its column, and the value by which its row is grouped; None in the row of totals."""

	column: str
	row: str | None


class Heading(NamedTuple):
	"""What tells in words of which figure a list is: the columns of its report, and how a row is called by its value."""

	figure: Figure
	columns: list[dict]
	words: Callable[[str], str]

	def text(self, is_found: bool) -> str:
		"""Return the column and the row of the figure, as `Won · Tom`.

		Args:
			is_found: the list has something. Else what was sent is repeated: names are told only with what stands under them.
		"""
		figure = self.figure
		labels = {each["fieldname"]: each["label"] for each in self.columns}
		if figure.row is None:
			row = _("Total")
		else:
			row = (self.words(figure.row) if is_found else figure.row) if figure.row else _("Not Set")
		return " · ".join(dict.fromkeys((labels.get(figure.column, figure.column), row)))


def words_of(field: str) -> Callable[[str], str]:
	"""Return what tells in words the values of a field of the opportunity by which rows are grouped."""
	return person if field == "opportunity_owner" else _


def all_words(field: str, values: Collection[str]) -> dict[str, str]:
	"""Return in words the values of a field of the opportunity by which rows are grouped; people with one statement, "" as not set."""
	names = full_names(values) if field == "opportunity_owner" else {each: _(each) for each in values if each}
	return {each: names.get(each, each) or _("Not Set") for each in values}


def person(user: str) -> str:
	"""Return the full name of a user."""
	return full_names([user]).get(user, user)


def figure_asked_for(filters: dict) -> Figure | None:
	"""Return the figure that the filter `show` names as COLUMN or COLUMN:ROW; None if it names none.

	Raises:
		UnreadableFilters: no text.
	"""
	show = filters.get("show")
	if not show:
		return None
	if not isinstance(show, str):
		refuse_figure(show)
	name, is_of_row, row = show.partition(SEPARATOR)
	return Figure(name, row if is_of_row else None)


def refuse_figure(show: object) -> NoReturn:
	"""Say that a report has no such figure.

	Raises:
		UnreadableFilters
	"""
	frappe.throw(
		_("There is no figure {0} in this report. Empty List Of, and click a figure.").format(
			bold(str(show)[:140])
		),
		UnreadableFilters,
		title=_("Filters Not Readable"),
	)


def of_row(query: QueryBuilder, figure: Figure, field: Term) -> QueryBuilder:
	"""Return what a query finds of the figure's row: the opportunities of one value of a field, or those without; all of a total."""
	if figure.row is None:
		return query
	return query.where(field == figure.row if figure.row else Coalesce(field, "") == "")


def list_of(query: QueryBuilder, *more: dict, of: Heading, **terms: Term) -> List:
	"""Return the columns, rows and message of the opportunities that a query finds, the largest amounts first.

	Args:
		query: on opportunities, nothing selected yet.
		more: columns that this report adds, behind the name.
		of: the figure that they are behind.
		terms: what the added columns show.
	"""
	hidden, places = hidden_fields("Opportunity"), decimals_of(base_currency())
	shown = {name: opportunity[field] for name, field in FIELDS.items() if field not in hidden}
	query = query.select(*(term.as_(name) for name, term in {**shown, **terms}.items()))
	if "amount" in shown:
		query = query.orderby(Coalesce(shown["amount"], 0), order=frappe.qb.desc)
	rows = query.orderby(opportunity.name).limit(MOST_ROWS + 1).run(as_dict=True)
	names = full_names(row.get("opportunity_owner") for row in rows)
	for row in rows:
		row.update({name: money.round_to(row[name] or 0, places) for name in AMOUNTS if name in shown})
		row.update(currency=base_currency(), owner_name=names.get(row.get("opportunity_owner")))
		row.status = _(row.status, context="Opportunity") if row.get("status") else None
	message = "<br>".join(
		part for part in (_heading_html(of.text(bool(rows))), message_on(len(rows))) if part
	)
	return _columns(shown, more), rows[:MOST_ROWS], message, None


def _heading_html(text: str) -> str:
	"""Return the heading of a list; the report's script takes it from there to the filter."""
	return f'{_("List Of")}: <strong class="crm-list-of">{escaped(text)}</strong>'


def rounded(row: dict) -> dict:
	"""Return a row of a report with its sums free of what adding up binary fractions leaves."""
	places = decimals_of(base_currency())
	return {
		name: money.round_to(each, places) if isinstance(each, float) else each for name, each in row.items()
	}


def with_total(rows: list[dict], name: str) -> list[dict]:
	"""Return rows of numbers with their sums below, bold; a single row is its own sum.

	Args:
		rows: rows that share no opportunity, alike in their columns.
		name: the column that says what a row is of.
	"""
	if len(rows) < 2:
		return rows
	sums = {each: sum(row[each] for row in rows) for each in rows[0] if isinstance(rows[0][each], float)}
	return [*rows, rounded({"currency": base_currency(), name: _("Total"), "bold": 1, **sums})]


def _columns(shown: dict, more: tuple[dict, ...]) -> list[dict]:
	columns = [
		column("opportunity", _("Opportunity"), "Link", 190, options="Opportunity"),
		column("title", _("Opportunity Name"), "Data", 160),
		*more,
		column("customer_name", _("Party Name"), "Data", 120),
		column("amount", _("Amount"), "Currency", 120, options="currency"),
		column("weighted", _("Weighted"), "Currency", 120, options="currency"),
		status_column("status"),
		column("sales_stage", _("Stage"), "Link", 100, options="Sales Stage"),
		column("expected_closing", _("Expected Closing"), "Date", 146),
		column("owner_name", _("Owner"), "Data", 130),
	]
	added = {each["fieldname"] for each in more}
	known = {*shown, *added, *(["owner_name"] if "opportunity_owner" in shown else [])}
	return [each for each in columns if each["fieldname"] in known]


def message_on(count: int) -> str | None:
	"""Return what is said of a list where more was found than MOST_ROWS; None if all of it is listed."""
	if count <= MOST_ROWS:
		return None
	return _(
		"Only the {0} largest are listed. Choose owners, processes or a shorter period to see the others."
	).format(frappe.format(MOST_ROWS, "Int"))
