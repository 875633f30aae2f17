import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder.functions import Count, Date, Max, Min
from pypika import Case, analytics
from pypika.queries import QueryBuilder
from pypika.terms import Criterion, Term

from crm_pipeline.crm_pipeline.report.changes import changes_in_period, count_of, days_added_up
from crm_pipeline.crm_pipeline.report.utils import (
	BLUE,
	GREEN,
	column,
	read,
	several,
)
from crm_pipeline.history.as_of import change, opportunity
from crm_pipeline.permissions.field_levels import refuse_hidden_fields
from crm_pipeline.permissions.visibility import KEPT_FIELDS
from crm_pipeline.processes.sales_processes import process_to_read, processes_to_choose
from crm_pipeline.rules import shares
from crm_pipeline.rules.aging import ENTRIES, STATUS
from crm_pipeline.rules.stages import LOST_STAGE, OPEN_STAGE
from crm_pipeline.rules.status import CONVERTED, ENDED, IN_PLAY, LOST, PAUSED

NARROWING = ("opportunity_owner", "opportunity_type", "source")
COUNTS = ("entered", "moved_on", "won", "lost", "still_there")


def execute(filters: dict | None = None) -> tuple[list[dict], list[dict], str | None, dict]:
	"""Return, by stage of a sales process, what became of the opportunities that entered it, and how long they stayed.

	Each opportunity counts once for each stage that it entered in the period. It moved on if it ever stood in a later stage
	afterwards; the conversion is the share of those in all that do not stand in the stage any more. Days in the stage are those of what left
	it: calendar days without those on which they rested, as `rules/aging.py` has it, all stays added up.

	Filters: sales_process (the default one), from_date and to_date of entering the stage (the last 365 days),
	opportunity_owner, sales_team, opportunity_type, source.

	Raises:
		FieldOutOfReach, ImpossibleDate, TeamUnknown, UnreadableFilters
	"""
	filters = read(filters)
	refuse_hidden_fields("Opportunity", *KEPT_FIELDS)
	asked = several(filters.get("sales_process")) or processes_to_choose()
	rows = get_rows(filters, process_to_read(asked[0])) if asked else []
	return get_columns(), rows, None, get_chart(rows)


def get_columns() -> list[dict]:
	return [
		column("label", _("Stage"), "Data", 150),
		column("entered", _("Entered"), "Int", 90),
		column("moved_on", _("Moved On"), "Int", 100),
		column("conversion", _("Conversion"), "Percent", 110, precision=1),
		column("conversion_from", _("At Least"), "Percent", 100, precision=1),
		column("conversion_to", _("At Most"), "Percent", 100, precision=1),
		column("won", _("Won"), "Int", 80),
		column("lost", _("Lost"), "Int", 80),
		column("still_there", _("Still There"), "Int", 100),
		column("days", _("Days in Stage"), "Float", 120, precision=1),
	]


def get_rows(filters: dict, process: Document) -> list[dict]:
	stages = [row for row in process.stages if row.stage_type == OPEN_STAGE]
	places = {
		row.sales_stage: place for place, row in enumerate(process.stages, 1) if row.stage_type != LOST_STAGE
	}
	counted, days = get_counts(filters, process.name, places), get_days(filters, process.name)
	return [get_row(row.sales_stage, counted.get(row.sales_stage), days[row.sales_stage]) for row in stages]


def get_row(stage: str, counted: frappe._dict | None, days: int) -> dict:
	counts = {name: int(counted[name] or 0) if counted else 0 for name in COUNTS}
	left = counts["entered"] - counts["still_there"]
	conversion = shares.share(counts["moved_on"], left)
	return {
		"stage": stage,
		"label": _(stage),
		**counts,
		"conversion": conversion.found,
		"conversion_from": conversion.low,
		"conversion_to": conversion.high,
		"days": days / left if left else None,
	}


def get_counts(filters: dict, process: str, places: dict[str, int]) -> dict[str, frappe._dict]:
	"""Return what became of those that entered a stage, by stage."""
	reached = get_reached(filters, process, places)
	still = stands_in(reached.sales_stage, process)
	query = frappe.qb.from_(reached).join(opportunity).on(opportunity.name == reached.name)
	query = query.groupby(reached.sales_stage).select(
		reached.sales_stage,
		Count("*").as_("entered"),
		count_of((reached.furthest > place_of(reached.sales_stage, places)) & ~still).as_("moved_on"),
		count_of(opportunity.status == CONVERTED).as_("won"),
		count_of(opportunity.status == LOST).as_("lost"),
		count_of(still).as_("still_there"),
	)
	return {row.sales_stage: row for row in query.run(as_dict=True)}


def get_reached(filters: dict, process: str, places: dict[str, int]) -> QueryBuilder:
	"""Return the query of each opportunity and stage that it entered, with the furthest place that it had from then on."""
	entry, later = get_entries(filters, process).as_("entry"), change.as_("later")
	query = frappe.qb.from_(entry).join(later)
	query = query.on((later.opportunity == entry.name) & (later.idx >= entry.idx))
	query = query.where(later.sales_process == process).groupby(entry.name, entry.sales_stage)
	furthest = Max(place_of(later.sales_stage, places)).as_("furthest")
	return query.select(entry.name, entry.sales_stage, furthest).as_("reached")


def get_entries(filters: dict, process: str) -> QueryBuilder:
	"""Return the query of opportunities and stages that they entered in the period, with the first of these changes."""
	query = changes_in_period(filters, 365, *NARROWING)
	query = query.where(change.change.isin(ENTRIES) & (change.sales_process == process))
	query = query.groupby(opportunity.name, change.sales_stage)
	return query.select(opportunity.name, change.sales_stage, Min(change.idx).as_("idx"))


def get_days(filters: dict, process: str) -> dict[str, int]:
	"""Return by stage the days of all stays of those that entered it and have left it."""
	entry, span = get_entries(filters, process).as_("entry"), get_spans(filters, process)
	query = frappe.qb.from_(entry).join(span)
	query = query.on((span.opportunity == entry.name) & (span.sales_stage == entry.sales_stage))
	query = query.join(opportunity).on(opportunity.name == entry.name).where(span.until >= span.at)
	query = query.where((span.sales_process == process) & span.status.notin([PAUSED, *sorted(ENDED)]))
	query = query.where(~stands_in(entry.sales_stage, process))
	return days_added_up(query, entry.sales_stage, Date(span.at), Date(span.until))


def get_spans(filters: dict, process: str) -> QueryBuilder:
	"""Return the query of what opportunities were, from when until when: stage and status, one after the other."""
	until = analytics.Lead(change.at).over(change.opportunity).orderby(change.idx)
	entered = frappe.qb.from_(get_entries(filters, process).as_("entered")).select("name")
	query = frappe.qb.from_(change).where(change.change.isin((*ENTRIES, STATUS)))
	query = query.where(change.opportunity.isin(entered))
	return query.select(
		change.opportunity,
		change.sales_process,
		change.sales_stage,
		change.status,
		change.at,
		until.as_("until"),
	).as_("span")


def stands_in(stage: Term, process: str) -> Criterion:
	"""Match the opportunities in play that stand in a stage of the process now."""
	here = (opportunity.sales_process == process) & (opportunity.sales_stage == stage)
	return here & opportunity.status.isin(sorted(IN_PLAY))


def place_of(stage: Term, places: dict[str, int]) -> Term:
	case = Case()
	for name, place in places.items():
		case = case.when(stage == name, place)
	return case.else_(0)


def get_chart(rows: list[dict]) -> dict:
	return {
		"type": "bar",
		"colors": [BLUE, GREEN],
		"data": {
			"labels": [row["label"] for row in rows],
			"datasets": [
				{"name": _("Entered"), "values": [row["entered"] for row in rows]},
				{"name": _("Moved On"), "values": [row["moved_on"] for row in rows]},
			],
		},
	}
