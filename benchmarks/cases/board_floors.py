"""The bare statements beside what the pipeline page asks for: the same rows and sums by the best index, without ages, names and texts."""

from datetime import timedelta
from typing import NamedTuple

import frappe
from frappe.query_builder.functions import Count, Sum
from frappe.utils import add_to_date, getdate, now_datetime
from pypika import Table
from pypika.queries import QueryBuilder
from pypika.terms import Criterion

PROCESS, CARDS, PAGE, FAR = "Standard", 10, 50, 5000
IN_PLAY = ("Open", "Replied", "Quotation", "Paused")
EVERY = {"scope": "all"}
table = Table("tabOpportunity")
SHOWN = (
	"name",
	"title",
	"customer_name",
	"status",
	"sales_stage",
	"opportunity_amount",
	"currency",
	"opportunity_owner",
	"expected_closing",
	"next_contact_date",
)
SUMS = Count("*"), Sum(table.base_opportunity_amount), Sum(table.weighted_amount)


class Asked(NamedTuple):
	"""Whose opportunities a user sees first, and an open stage."""

	user: str
	scope: dict
	stage: str


def in_play(asked: Asked) -> QueryBuilder:
	query = frappe.qb.from_(table).where(table.status.isin(IN_PLAY) & (table.sales_process == PROCESS))
	return query if asked.scope == EVERY else query.where(table.opportunity_owner == asked.user)


def board(asked: Asked, criterion: Criterion | None = None) -> list:
	"""Add up each stage by one statement, and read the first cards of each by another, in the order of an index."""
	query = in_play(asked)
	query = query.where(criterion) if criterion else query
	groups = table.sales_stage, table.status
	sums = query.groupby(*groups).select(*groups, *SUMS).run()
	found = [sums]
	for stage in dict.fromkeys(row[0] for row in sums):
		found.append(of_names(query.where(table.sales_stage == stage).limit(CARDS)))
	return found


def of_names(names: QueryBuilder) -> list:
	"""Read the cards whose names a query finds from an index."""
	found = names.select(table.name).as_("found")
	query = frappe.qb.from_(found).join(table).on(table.name == found.name)
	return query.select(*(table[field] for field in SHOWN)).run()


def overdue(asked: Asked) -> list:
	return board(asked, table.next_contact_date < str(now_datetime()))


def cards(start: int, asked: Asked) -> list:
	"""Read cards of a stage by the day on which they are to close, in whatever order within it."""
	query = in_play(asked).where(table.sales_stage == asked.stage)
	return of_names(query.orderby(table.expected_closing).limit(PAGE).offset(start))


def forecast(asked: Asked) -> list:
	"""Add up by day, and read the first cards of each month by another statement."""
	query, closing = in_play(asked), table.expected_closing
	sums = query.groupby(closing).select(closing, *SUMS).run()
	months: dict[str, list] = {}
	for day, *_figures in sums:
		months.setdefault(str(day)[:7], []).append(day)
	found = [sums]
	for days in months.values():
		found.append(of_names(query.where(closing.isin(days)).limit(CARDS)) if days[0] else [])
	return found


def listed(asked: Asked) -> list:
	query = in_play(asked)
	return [query.select(*SUMS).run(), of_names(query.orderby(table.expected_closing).limit(PAGE))]


def far_in_list(asked: Asked) -> list:
	query = in_play(asked._replace(scope=EVERY))
	ordered = query.orderby(table.base_opportunity_amount, order=frappe.qb.desc)
	return [query.select(*SUMS).run(), of_names(ordered.limit(PAGE).offset(FAR))]


def my_day(asked: Asked) -> list:
	"""Read what is due to a user until tomorrow, and count what else of theirs asks for something."""
	theirs = in_play(asked._replace(scope={})).where(table.status != "Paused")
	tomorrow = str(getdate() + timedelta(days=1))
	due = theirs.where(table.next_contact_date < tomorrow).orderby(table.next_contact_date)
	asking = theirs.groupby(table.waiting_for).select(table.waiting_for, Count(table.next_contact_date))
	return [of_names(due.limit(PAGE)), asking.select(Count("*")).run()]


def changed(_asked: Asked) -> list:
	since = str(add_to_date(now_datetime(), seconds=-35))
	return of_names(frappe.qb.from_(table).where(table.modified >= since))


def searched(_asked: Asked) -> list:
	text = "%hall 377%"
	named = table.title.like(text) | table.customer_name.like(text)
	return list(
		frappe.qb.from_(table).where(named).select(*(table[field] for field in SHOWN)).limit(CARDS).run()
	)
