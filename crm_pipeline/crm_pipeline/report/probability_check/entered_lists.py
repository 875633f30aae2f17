"""The lists behind the figures of Probability Check."""

from hashlib import sha256

import frappe
from frappe import _
from pypika.queries import QueryBuilder

from crm_pipeline.crm_pipeline.report import opportunity_list
from crm_pipeline.crm_pipeline.report.changes import first_entries
from crm_pipeline.crm_pipeline.report.opportunity_list import Heading, refuse_figure
from crm_pipeline.crm_pipeline.report.utils import column
from crm_pipeline.history.as_of import opportunity
from crm_pipeline.rules.status import CONVERTED, IN_PLAY

ENTERED, DECIDED, WON = "entered", "decided", "won"
# What the shares are shares of.
OF = {"won_share": DECIDED, "share_from": DECIDED, "share_to": DECIDED}
KEY_LENGTH = 12  # hexadecimal digits


def key_of(process: str, stage: str) -> str:
	"""Return what names a stage of a process in a filter, whatever characters they have."""
	return sha256(f"{process}\n{stage}".encode()).hexdigest()[:KEY_LENGTH]


def list_of(
	query: QueryBuilder, stages: dict[str, frappe._dict], filters: dict, default_days: int, of: Heading
) -> opportunity_list.List:
	"""Return the opportunities of one figure of a stage, with when they entered it first in the period.

	Args:
		query: on the opportunities that the report is about, nothing selected yet.
		stages: those that have rows, by their keys.
		default_days: how many days up to today the period has unless it is asked for.

	Raises:
		UnreadableFilters: there is no such figure, or no such stage.
	"""
	stage, name = stages.get(of.figure.row or ""), OF.get(of.figure.column, of.figure.column)
	criteria = {
		ENTERED: None,
		DECIDED: opportunity.status.notin(sorted(IN_PLAY)),
		WON: opportunity.status == CONVERTED,
	}
	if not stage or name not in criteria:
		refuse_figure(of.figure.column)
	entered = first_entries(filters, default_days, stage.sales_process, stage.sales_stage).as_("entered")
	query = query.join(entered).on(entered.name == opportunity.name)
	if (criterion := criteria[name]) is not None:
		query = query.where(criterion)
	entered_on = column("entered_on", _("Entered On"), "Date", 110)
	return opportunity_list.list_of(query, entered_on, of=of, entered_on=entered.at)
