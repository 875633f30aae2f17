from collections.abc import Callable

import frappe
from frappe import _
from frappe.query_builder.functions import Count, Max, Sum
from pypika import Case
from pypika.queries import QueryBuilder

from crm_pipeline.crm_pipeline.report.changes import all_changes, in_period
from crm_pipeline.crm_pipeline.report.opportunity_list import Heading, figure_asked_for
from crm_pipeline.crm_pipeline.report.probability_check.entered_lists import key_of, list_of
from crm_pipeline.crm_pipeline.report.utils import (
	BLUE,
	GREEN,
	column,
	read,
	several,
	visible_opportunities,
)
from crm_pipeline.exceptions import UnreadableFilters
from crm_pipeline.history.as_of import change
from crm_pipeline.permissions.field_levels import refuse_hidden_fields
from crm_pipeline.permissions.visibility import KEPT_FIELDS
from crm_pipeline.processes.sales_processes import processes_to_choose
from crm_pipeline.rules import shares
from crm_pipeline.rules.aging import ENTRIES, STAYS
from crm_pipeline.rules.stages import OPEN_STAGE
from crm_pipeline.rules.status import CONVERTED, IN_PLAY
from crm_pipeline.utils.markup import bold

NARROWING = ("opportunity_owner", "opportunity_type", "source")
FEWEST = 20  # decided opportunities that say anything
DAYS = 730
BITS = 48  # of a number that every database adds up without losing the last one

Place = tuple[str, str]  # a sales process and a stage of it


def execute(filters: dict | None = None) -> tuple[list[dict], list[dict], str | None, dict | None]:
	"""Return each stage's probability beside the share that was really won of what entered the stage; or one figure's list.

	Each opportunity counts once for each stage that it entered in the period; those in play are not decided yet and count
	for no share, what is lost or closed counts as not won. The share comes with the interval in which it
	lies with a certainty of 95 %; a stage that fewer than `fewest` decided opportunities entered is not judged.

	Filters: from_date and to_date of entering the stage (the last 730 days), sales_process, fewest (20), opportunity_owner,
	sales_team, opportunity_type, source, show: a figure, to list what is behind it.

	Raises:
		FieldOutOfReach, ImpossibleDate, TeamUnknown, UnreadableFilters
	"""
	filters = read(filters)
	refuse_hidden_fields("Opportunity", *KEPT_FIELDS)
	if figure := figure_asked_for(filters):
		places = {key_of(stage.sales_process, stage.sales_stage): stage for stage in stages(filters)}
		query = visible_opportunities(filters, *NARROWING)
		words = words_of(places)
		return list_of(query, places, filters, DAYS, Heading(figure, get_columns(), words))
	rows = get_rows(filters, fewest_in(filters))
	judged = [row for row in rows if row["verdict"]]
	return get_columns(), rows, None if judged else get_message(), get_chart(judged)


def get_columns() -> list[dict]:
	return [
		column("sales_process", _("Sales Process"), "Link", 150, options="Sales Process"),
		column("sales_stage", _("Stage"), "Data", 190),
		column("probability", _("Probability"), "Percent", 110, precision=1),
		column("won_share", _("Actually Won"), "Percent", 126, precision=1),
		column("share_from", _("At Least"), "Percent", 100, precision=1),
		column("share_to", _("At Most"), "Percent", 100, precision=1),
		column("verdict", _("Verdict"), "Data", 130),
		column("entered", _("Entered"), "Int", 90),
		column("decided", _("Decided"), "Int", 90),
		column("won", _("Won"), "Int", 80),
	]


def fewest_in(filters: dict) -> int:
	"""Return how many decided opportunities a judgement needs.

	Raises:
		UnreadableFilters: no whole number above 0.
	"""
	asked = filters.get("fewest")
	if asked in (None, ""):
		return FEWEST
	if not str(asked).isdecimal() or int(asked) < 1:
		frappe.throw(
			_("{0} is no number of opportunities. Enter a whole number from 1 on.").format(
				bold(str(asked)[:40])
			),
			UnreadableFilters,
			title=_("Filters Not Readable"),
		)
	return int(asked)


def get_rows(filters: dict, fewest: int) -> list[dict]:
	"""Return a row for each stage in which opportunities are in play, in the order of the processes."""
	found = {(stage.sales_process, stage.sales_stage): stage for stage in stages(filters)}
	counted = counts(filters, list(found))
	return [get_row(stage, counted[place], fewest) for place, stage in found.items()]


def measured(filters: dict) -> list[dict]:
	"""Return the rows of the report.

	Raises:
		FieldOutOfReach, ImpossibleDate, TeamUnknown, UnreadableFilters
	"""
	refuse_hidden_fields("Opportunity", *KEPT_FIELDS)
	return get_rows(filters, fewest_in(filters))


def get_row(stage: frappe._dict, counted: dict[str, int], fewest: int) -> dict:
	entered, won = counted["entered"], counted["won"]
	decided = entered - counted["undecided"]
	share = shares.share(won, decided) if decided >= fewest else shares.Share()
	return {
		"row": key_of(stage.sales_process, stage.sales_stage),
		"sales_process": stage.sales_process,
		"stage": stage.sales_stage,
		"sales_stage": _(stage.sales_stage),
		"probability": stage.probability,
		"entered": entered,
		"decided": decided,
		"won": won,
		"won_share": share.found,
		"share_from": share.low,
		"share_to": share.high,
		"verdict": get_verdict(stage.probability, share),
	}


def get_verdict(probability: float, share: shares.Share) -> str | None:
	"""Return whether a probability lies where the true share does; None where too few say it."""
	if share.low is None or share.high is None:
		return None
	if probability > share.high:
		return _("Too High")
	return _("Too Low") if probability < share.low else _("Agrees")


def stages(filters: dict) -> list[frappe._dict]:
	wanted = several(filters.get("sales_process"))
	processes = [name for name in processes_to_choose() if not wanted or name in wanted]
	return [
		frappe._dict(sales_process=name, sales_stage=row.sales_stage, probability=row.probability)
		for name in processes
		for row in frappe.get_cached_doc("Sales Process", name).stages
		if row.stage_type == OPEN_STAGE
	]


def words_of(places: dict[str, frappe._dict]) -> Callable[[str], str]:
	"""Return what tells in words which stage of which process a key names."""
	return lambda key: f"{_(places[key].sales_process)}: {_(places[key].sales_stage)}"


def counts(filters: dict, places: list[Place]) -> dict[Place, dict[str, int]]:
	"""Return of each stage how many opportunities entered it, and how many of these are undecided or won by now."""
	counted = {place: dict.fromkeys(("entered", "undecided", "won"), 0) for place in places}
	if not places:
		return counted
	life = get_lives(filters, places)
	marks = [life[f"entered_{number}"] for number in range(len(columns_of(places)))]
	query = frappe.qb.from_(life).select(life.status, Count("*"), *marks).groupby(life.status, *marks)
	for status, count, *found in query.run():
		for marked, mark in zip(columns_of(places), found, strict=True):
			for bit, place in enumerate(marked):
				if int(mark or 0) >> bit & 1:
					counted[place]["entered"] += count
					counted[place]["undecided"] += count * (status in IN_PLAY)
					counted[place]["won"] += count * (status == CONVERTED)
	return counted


def get_lives(filters: dict, places: list[Place]) -> QueryBuilder:
	"""Return the query of the `status` of opportunities and the stages that they `entered` in the period, one row for each.

	It goes through the history in the order of an index, so that nothing is sorted and no stage looked for again. Stages are
	bits of numbers: added up, each once, they tell which there were.
	"""
	is_entry = change.change.isin(ENTRIES) & in_period(change.at, filters, DAYS)
	query = all_changes(filters, *NARROWING).where(change.change.isin(STAYS)).groupby(change.opportunity)
	for number, marked in enumerate(columns_of(places)):
		marks = Case().when(is_entry, get_mark(marked))
		query = query.select(Sum(marks).distinct().as_(f"entered_{number}"))
	# What the last change of stage or status says is what stands now.
	status = Max(Case().when(change.stay_until.isnull(), change.status))
	return query.select(status.as_("status")).as_("life")


def columns_of(places: list[Place]) -> list[list[Place]]:
	"""Return the stages of each number by which they are marked."""
	return [places[start : start + BITS] for start in range(0, len(places), BITS)]


def get_mark(places: list[Place]) -> Case:
	"""Return the bit of the stage in which a change left an opportunity, as a term; none of another stage."""
	by_process: dict[str, Case] = {}
	for bit, (process, stage) in enumerate(places):
		mark = by_process.get(process, Case()).when(change.sales_stage == stage, 1 << bit)
		by_process[process] = mark
	found = Case()
	for process, mark in by_process.items():
		found = found.when(change.sales_process == process, mark)
	return found


def get_message() -> str:
	return _(
		"No stage has been entered by enough opportunities that are decided by now. Choose a longer period."
	)


def get_chart(rows: list[dict]) -> dict | None:
	if not rows:
		return None
	return {
		"type": "bar",
		"colors": [BLUE, GREEN],
		"fieldtype": "Percent",
		"data": {
			"labels": [row["sales_stage"] for row in rows],
			"datasets": [
				{"name": _("Probability"), "values": [round(row["probability"], 1) for row in rows]},
				{"name": _("Actually Won"), "values": [round(row["won_share"], 1) for row in rows]},
			],
		},
	}
