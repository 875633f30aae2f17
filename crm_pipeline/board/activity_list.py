"""The list of activities across opportunities: what is planned, by when it is due, and what was done lately."""

from collections.abc import Iterable, Sequence

import frappe
from frappe.query_builder.functions import Cast_, Count
from frappe.utils import cstr
from pypika import Case
from pypika.queries import QueryBuilder
from pypika.terms import ValueWrapper

from crm_pipeline.board.activities import refuse_unknown
from crm_pipeline.board.activity_sections import DONE, PLANNED, SECTIONS, limits
from crm_pipeline.board.activity_sources import (
	CATEGORIES,
	COLUMNS,
	EVENT,
	FOLLOW_UP,
	KINDS,
	MEDIA,
	TASK,
	Asked,
	Source,
	change,
	sources_of,
)
from crm_pipeline.board.cards import cards_of
from crm_pipeline.board.filters import users_of
from crm_pipeline.history.rotting import opportunity
from crm_pipeline.permissions.field_levels import is_readable
from crm_pipeline.rules.view_filters import MINE, Filters
from crm_pipeline.utils.markup import text_in
from crm_pipeline.utils.people import names_to_read

EXCERPT = 140
TIES = 20  # opportunities that may take part in one entry of the calendar
KIND_OF = {
	**{category: kind for kind, categories in CATEGORIES.items() for category in categories},
	**{medium: kind for kind, media in MEDIA.items() for medium in media},
}


def activities(
	filters: Filters, kind: str | None, section: str | None, delegated: bool, start: int, limit: int
) -> tuple[list[dict], list[frappe._dict], dict]:
	"""Return the sections with their counts and rows, the cards of the opportunities that these name, and the legend.

	Args:
		section: whose rows are asked for, from `start` on; of all sections the first ones without.

	Raises:
		UnknownChoice: of kind or section.
	"""
	if kind:
		refuse_unknown(kind, dict.fromkeys(KINDS))
	if section:
		refuse_unknown(section, dict.fromkeys(SECTIONS))
	users = [] if delegated and filters.scope == MINE else users_of(filters)  # mine are those that I gave
	asked = Asked(filters, users, kind, delegated, limits())
	counted = count(asked)
	counts = {each: sum(counted[each].values()) for each in SECTIONS}
	wanted = [each for each in SECTIONS if counts[each] and section in (None, each)]
	found = {each: rows(each, [*counted[each]], asked, start, limit) for each in wanted}
	cards, legend = cards_of(list({row.opportunity: None for each in found.values() for row in each}))
	seen = {card.name for card in cards}
	shown = {key: [told(row) for row in each if row.opportunity in seen] for key, each in found.items()}
	people = {row[field] for each in shown.values() for row in each for field in ("user", "given_by")}
	legend["people"] |= names_to_read(people)
	sections: list[dict] = [
		{"key": key, "count": counts[key], "rows": shown.get(key, [])} for key in SECTIONS
	]
	return sections, cards, legend


def count(asked: Asked, sections: Sequence[str] = SECTIONS) -> dict[str, dict[int, int]]:
	"""Return how many there are of each section, by the position of the sources that have any, with one statement for each."""
	counts: dict[str, dict[int, int]] = {section: {} for section in sections}
	for each in (PLANNED, (DONE,)):
		if parts := [section for section in each if section in sections]:
			for position, source in enumerate(sources_of(parts[0])):
				for row in _sections_of(source, asked, parts):
					counts[row.section][position] = row["count"]
	return counts


def _sections_of(source: Source, asked: Asked, sections: list[str]) -> list[frappe._dict]:
	query = source.find(asked)
	if query is None:
		return []
	case = Case()
	for section in sections:
		case = case.when(source.part(section, asked.limits), section)
	found = query.select(source.columns["record"].as_("record"), opportunity.name.as_("opportunity"))
	found = found.select(case.as_("section"))
	found = (found.distinct() if source.doctype == "Event" else found).as_("found")  # it may be invited twice
	counted = frappe.qb.from_(found).groupby(found.section).select(found.section, Count("*").as_("count"))
	return counted.where(found.section.isnotnull()).run(as_dict=True)


def rows(
	section: str,
	positions: list[int],
	asked: Asked,
	start: int,
	limit: int,
	fields: Iterable[str] = (),
) -> list[frappe._dict]:
	"""Return a part of a section: what is due first, or was done last; each source is read no further than that.

	Args:
		positions: of the sources that have something in it.
		fields: of the opportunities, which come along.
	"""
	union = None
	for position in positions:
		part = _first_of(sources_of(section)[position], section, asked, start + limit)
		if part is not None:
			part.wrap_set_operation_queries = False  # SQLite has no brackets around the parts of a union
			union = part if union is None else union.union_all(part)
	if union is None:
		return []
	found = union.as_("found")
	query = frappe.qb.from_(found).select(*(found[name] for name in ("doctype", "opportunity", *COLUMNS)))
	if fields := [*fields]:
		query = query.join(opportunity).on(opportunity.name == found.opportunity)
		query = query.select(*(opportunity[field] for field in fields))
	for name in ("at", "doctype", "tie"):  # as each source is ordered, or portions would not meet
		query = query.orderby(found[name], order=_direction(section))
	query = query.orderby(found.opportunity)
	return query.limit(limit).offset(start).run(as_dict=True)


def _first_of(source: Source, section: str, asked: Asked, limit: int) -> QueryBuilder | None:
	query = source.find(asked)
	if query is None:
		return None
	columns = dict(source.columns)
	if source.doctype == "Opportunity" and not is_readable("Opportunity", "to_discuss"):
		columns["what"] = ValueWrapper("")
	query = query.where(source.part(section, asked.limits)).select(opportunity.name.as_("opportunity"))
	query = query.select(*(term.as_(name) for name, term in columns.items()))
	direction = _direction(section)  # of all that it is ordered by, so that indexes are read in their order
	if source.doctype == "Event":
		query = query.distinct()  # an opportunity may be invited twice
	query = query.orderby(source.columns["at"], order=direction)
	tie = change.opportunity if source.doctype == "Pipeline Change" else source.columns["record"]
	query = query.select(tie.as_("tie")).orderby(tie, order=direction).limit(limit + TIES)
	first = query.as_(frappe.scrub(f"first {source.doctype}"))
	at = Cast_(first["at"], "varchar").as_(
		"at"
	)  # days beside moments: SQLite would take all for the first one's type
	kept = (at if name == "at" else first[name] for name in ("opportunity", "tie", *COLUMNS))
	return frappe.qb.from_(first).select(ValueWrapper(source.doctype).as_("doctype"), *kept)


def _direction(section: str) -> object:
	return frappe.qb.desc if section == DONE else frappe.qb.asc


def told(row: frappe._dict) -> dict:
	"""Return a row as clients get it: `at` is a day or a moment of the site's time, or empty."""
	at = cstr(row["at"])[: 10 if row.all_day else 19]
	return {
		"doctype": row.doctype,
		"record": row.record,
		"opportunity": row.opportunity,
		"kind": _kind_of(row),
		"what": text_in(row.what)[:EXCERPT],
		"at": at or None,
		"user": row.user or "",
		"given_by": row.given_by or "",
	}


def _kind_of(row: frappe._dict) -> str:
	if row.doctype in ("Opportunity", "Pipeline Change"):
		return FOLLOW_UP
	if row.doctype == "ToDo":
		return TASK
	return KIND_OF.get(row.sort or "", EVENT)
