from collections.abc import Callable

import frappe
from frappe import _
from frappe.query_builder.functions import Count
from pypika.queries import QueryBuilder

from crm_pipeline.crm_pipeline.report.changes import changes_in_period, count_of, in_period
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
from crm_pipeline.history.as_of import change, opportunity
from crm_pipeline.permissions.field_levels import refuse_hidden_fields
from crm_pipeline.permissions.visibility import KEPT_FIELDS
from crm_pipeline.processes.sales_processes import processes_to_choose
from crm_pipeline.rules import shares
from crm_pipeline.rules.aging import ENTRIES
from crm_pipeline.rules.stages import OPEN_STAGE
from crm_pipeline.rules.status import CONVERTED, IN_PLAY
from crm_pipeline.utils.bulk_sql import Exists
from crm_pipeline.utils.markup import bold

NARROWING = ("opportunity_owner", "opportunity_type", "source")
FEWEST = 20  # decided opportunities that say anything
DAYS = 730


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
	counted = counts(filters)
	return [
		get_row(stage, counted.get((stage.sales_process, stage.sales_stage)), fewest)
		for stage in stages(filters)
	]


def measured(filters: dict) -> list[dict]:
	"""Return the rows of the report.

	Raises:
		FieldOutOfReach, ImpossibleDate, TeamUnknown, UnreadableFilters
	"""
	refuse_hidden_fields("Opportunity", *KEPT_FIELDS)
	return get_rows(filters, fewest_in(filters))


def get_row(stage: frappe._dict, counted: frappe._dict | None, fewest: int) -> dict:
	entered, undecided, won = (
		(int(counted[name]) for name in ("entered", "undecided", "won")) if counted else (0, 0, 0)
	)
	decided = entered - undecided
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


def counts(filters: dict) -> dict[tuple[str, str], frappe._dict]:
	"""Return by process and stage how many opportunities entered it, and how many of these are undecided or won by now."""
	entries = changes_in_period(filters, DAYS, *NARROWING).where(change.change.isin(ENTRIES))
	query = entries.where(~Exists(earlier_entries(filters))).groupby(change.sales_process, change.sales_stage)
	query = query.select(
		change.sales_process,
		change.sales_stage,
		Count("*").as_("entered"),
		count_of(opportunity.status.isin(sorted(IN_PLAY))).as_("undecided"),
		count_of(opportunity.status == CONVERTED).as_("won"),
	)
	return {(row.sales_process, row.sales_stage): row for row in query.run(as_dict=True)}


def earlier_entries(filters: dict) -> QueryBuilder:
	"""Return the query on earlier entries of the same stage in the period, looked up by index instead of keeping all entries apart."""
	earlier = change.as_("earlier")
	query = frappe.qb.from_(earlier).select(earlier.idx)
	query = query.where((earlier.opportunity == change.opportunity) & (earlier.idx < change.idx))
	query = query.where(earlier.change.isin(ENTRIES) & in_period(earlier.at, filters, DAYS))
	same = (earlier.sales_process == change.sales_process) & (earlier.sales_stage == change.sales_stage)
	return query.where(same)


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
