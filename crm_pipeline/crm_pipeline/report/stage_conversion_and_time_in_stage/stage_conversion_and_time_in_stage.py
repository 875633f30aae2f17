import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder.functions import Coalesce, Max, Min, Sum
from pypika import Case
from pypika.queries import QueryBuilder
from pypika.terms import Criterion, Term, ValueWrapper

from crm_pipeline.crm_pipeline.report.changes import all_changes, count_of, in_period
from crm_pipeline.crm_pipeline.report.opportunity_list import Heading, figure_asked_for
from crm_pipeline.crm_pipeline.report.stage_conversion_and_time_in_stage.stage_lists import (
	list_of,
)
from crm_pipeline.crm_pipeline.report.utils import (
	BLUE,
	GREEN,
	column,
	read,
	several,
	visible_opportunities,
)
from crm_pipeline.history.as_of import change
from crm_pipeline.permissions.field_levels import refuse_hidden_fields
from crm_pipeline.permissions.visibility import KEPT_FIELDS
from crm_pipeline.processes.sales_processes import process_to_read, processes_to_choose
from crm_pipeline.rules import shares
from crm_pipeline.rules.aging import ENTRIES, STAYS
from crm_pipeline.rules.stages import LOST_STAGE, OPEN_STAGE
from crm_pipeline.rules.status import CONVERTED, ENDED, IN_PLAY, LOST, PAUSED
from crm_pipeline.utils.bulk_sql import days_between

NARROWING = ("opportunity_owner", "opportunity_type", "source")
DAYS = 365  # of the period unless it is asked for
COUNTS = ("entered", "moved_on", "won", "lost", "still_there")


def execute(filters: dict | None = None) -> tuple[list[dict], list[dict], str | None, dict | None]:
	"""Return, by stage of a sales process, what became of the opportunities that entered it, and how long they stayed; or one figure's list.

	Each opportunity counts once for each stage that it entered in the period. It moved on if it ever stood in a later stage
	afterwards; the conversion is the share of those in all that do not stand in the stage any more. Days in the stage are those of what left
	it: calendar days without those on which they rested, as `rules/aging.py` has it, all stays added up.

	Filters: sales_process (the default one), from_date and to_date of entering the stage (the last 365 days),
	opportunity_owner, sales_team, opportunity_type, source, show: a figure, to list what is behind it.

	Raises:
		FieldOutOfReach, ImpossibleDate, TeamUnknown, UnreadableFilters
	"""
	filters = read(filters)
	refuse_hidden_fields("Opportunity", *KEPT_FIELDS)
	asked = several(filters.get("sales_process")) or processes_to_choose()
	if figure := figure_asked_for(filters):
		query = visible_opportunities(filters, *NARROWING)
		process = process_to_read(asked[0]) if asked else None
		return list_of(query, process, filters, DAYS, Heading(figure, get_columns(), _))
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
	if not stages:
		return []
	places = {
		row.sales_stage: place for place, row in enumerate(process.stages, 1) if row.stage_type != LOST_STAGE
	}
	counted = get_counts(filters, process.name, [row.sales_stage for row in stages], places)
	return [get_row(row.sales_stage, counts) for row, counts in zip(stages, counted, strict=True)]


def get_row(stage: str, counted: dict[str, int]) -> dict:
	counts = {name: counted[name] for name in COUNTS}
	left = counts["entered"] - counts["still_there"]
	conversion = shares.share(counts["moved_on"], left)
	return {
		"row": stage,
		"stage": stage,
		"label": _(stage),
		**counts,
		"conversion": conversion.found,
		"conversion_from": conversion.low,
		"conversion_to": conversion.high,
		"days": counted["days"] / left if left else None,
	}


def get_counts(
	filters: dict, process: str, stages: list[str], places: dict[str, int]
) -> list[dict[str, int]]:
	"""Return for each stage what became of those that entered it, and the days of all stays of those that have left it.

	With one statement, of one row: it has as many columns as the stages have figures.
	"""
	stay = get_stays(filters, process, stages, places)
	query = frappe.qb.from_(stay)
	for number, stage in enumerate(stages):
		entered, days = stay[f"entered_{number}"], stay[f"days_{number}"]
		is_of_stage, still = entered.isnotnull(), Coalesce(stay.stands_in, -1) == number
		beyond = [stay[f"last_{place}"] > entered for place in places.values() if place > places[stage]]
		figures = {
			"entered": count_of(is_of_stage),
			"moved_on": count_of(Criterion.any(beyond) & ~still) if beyond else ValueWrapper(0),
			"won": count_of(is_of_stage & (stay.won == 1)),
			"lost": count_of(is_of_stage & (stay.lost == 1)),
			"still_there": count_of(is_of_stage & still),
			"days": Sum(Case().when(is_of_stage & ~still, days).else_(0)),
		}
		query = query.select(*(term.as_(f"{name}_{number}") for name, term in figures.items()))
	(row,) = query.run(as_dict=True)
	return [
		{name: int(row[f"{name}_{number}"] or 0) for name in (*COUNTS, "days")}
		for number in range(len(stages))
	]


def get_stays(filters: dict, process: str, stages: list[str], places: dict[str, int]) -> QueryBuilder:
	"""Return the query of what became of opportunities, one row for each, with columns for each stage.

	These are the number of the change by which it `entered` the stage first in the period and the `days` of all stays, and of each
	place that of the `last` change after which it stood there; and whether it is `won` or `lost`, and the number of the stage
	in which it `stands_in` now, which its last change of stage or status says. It goes through the history in the order of an
	index, so that nothing is sorted, and keeps numbers alone.
	"""
	is_entry = change.change.isin(ENTRIES) & in_period(change.at, filters, DAYS)
	counts, is_now = change.status.notin([PAUSED, *sorted(ENDED)]), change.stay_until.isnull()
	query = all_changes(filters, *NARROWING).where(change.change.isin(STAYS)).groupby(change.opportunity)
	query = query.where(is_now | (change.sales_process == process))
	stands, in_play = Case(), change.status.isin(sorted(IN_PLAY))
	for stage, place in places.items():
		here = (change.sales_stage == stage) & (change.sales_process == process)
		query = query.select(Max(Case().when(here, change.idx)).as_(f"last_{place}"))
	for number, stage in enumerate(stages):
		here = (change.sales_stage == stage) & (change.sales_process == process)
		stands = stands.when(is_now & here & in_play, number)
		query = query.select(
			Min(Case().when(here & is_entry, change.idx)).as_(f"entered_{number}"),
			Sum(Case().when(here & counts, days_of_stay()).else_(0)).as_(f"days_{number}"),
		)
	became = {"won": CONVERTED, "lost": LOST}
	return query.select(
		Max(stands).as_("stands_in"),
		*(
			Max(Case().when(is_now & (change.status == status), 1)).as_(name)
			for name, status in became.items()
		),
	).as_("stay")


def days_of_stay() -> Term:
	"""Return the days from a change of stage or status to the next one; none from the last one, or to one that is dated before."""
	ends = change.stay_until > change.at
	return Case().when(ends, days_between(change.at, change.stay_until)).else_(0)


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
