"""The lists behind the figures of Stage Conversion, which ask of one stage what the report asks of all with one statement."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder.functions import Coalesce, Max
from pypika.queries import QueryBuilder
from pypika.terms import Criterion

from crm_pipeline.crm_pipeline.report import opportunity_list
from crm_pipeline.crm_pipeline.report.changes import first_entries
from crm_pipeline.crm_pipeline.report.opportunity_list import Heading, refuse_figure
from crm_pipeline.crm_pipeline.report.utils import column
from crm_pipeline.history.as_of import change, opportunity
from crm_pipeline.rules.aging import ENTRIES, STATUS
from crm_pipeline.rules.stages import LOST_STAGE, OPEN_STAGE
from crm_pipeline.rules.status import CONVERTED, IN_PLAY, LOST
from crm_pipeline.utils.bulk_sql import Value, in_list


def list_of(
	query: QueryBuilder, process: Document | None, filters: dict, default_days: int, of: Heading
) -> opportunity_list.List:
	"""Return the opportunities of one figure of a stage, with when they entered it first in the period.

	Args:
		query: on the opportunities that the report is about, nothing selected yet.
		process: the one that has the stage.
		default_days: how many days up to today the period has unless it is asked for.

	Raises:
		UnreadableFilters: there is no such figure, or the process has no such stage.
	"""
	stages = [row.sales_stage for row in process.stages if row.stage_type == OPEN_STAGE] if process else []
	stage, name = of.figure.row, of.figure.column
	if not process or stage is None or stage not in stages:
		refuse_figure(stage or name)
	entered = first_entries(filters, default_days, process.name, stage).as_("entered")
	query = query.join(entered).on(entered.name == opportunity.name)
	still = stands_in(stage, process.name)
	criteria: dict[str, Criterion | None] = {
		"label": None,
		"entered": None,
		"moved_on": ~still & (Coalesce(Value(last_in_later_stages(process, stage)), 0) > entered.number),
		"conversion": ~still,
		"days": ~still,
		"won": opportunity.status == CONVERTED,
		"lost": opportunity.status == LOST,
		"still_there": still,
	}
	if name not in criteria:
		refuse_figure(name)
	if (criterion := criteria[name]) is not None:
		query = query.where(criterion)
	entered_on = column("entered_on", _("Entered On"), "Date", 110)
	return opportunity_list.list_of(query, entered_on, of=of, entered_on=entered.at)


def stands_in(stage: str, process: str) -> Criterion:
	"""Match the opportunities in play that stand in a stage of the process now."""
	here = (opportunity.sales_process == process) & (opportunity.sales_stage == stage)
	return here & opportunity.status.isin(sorted(IN_PLAY))


def last_in_later_stages(process: Document, stage: str) -> QueryBuilder:
	"""Return the query for the number of the last change with which the opportunity stood in a later stage.

	One value, no EXISTS: beside rows that are grouped, MariaDB 10.11 may find an opportunity once for each change.
	"""
	path = [row.sales_stage for row in process.stages if row.stage_type != LOST_STAGE]
	later = change.as_("later")
	query = frappe.qb.from_(later).select(Max(later.idx)).where(later.opportunity == opportunity.name)
	query = query.where(later.change.isin((*ENTRIES, STATUS)) & (later.sales_process == process.name))
	return query.where(later.sales_stage.isin(in_list(path[path.index(stage) + 1 :])))
