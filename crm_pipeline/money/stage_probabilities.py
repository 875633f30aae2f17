"""Open opportunities follow when the probability of their stage is set anew; a probability set by hand stays.

As when an opportunity moves on (`rules/stages.py`), one that equals the default of its stage is the stage's, any other was set by
hand.
"""

from collections import defaultdict
from datetime import datetime
from typing import NamedTuple, NoReturn

import frappe
from frappe import _
from frappe.query_builder.functions import Coalesce, Count
from frappe.utils import flt, now_datetime
from pypika import Case, Table
from pypika.terms import Criterion

from crm_pipeline.exceptions import FieldNotEditable, StateGone
from crm_pipeline.history.changes import STAGE_PROBABILITY, record_change_of_many
from crm_pipeline.money.exchange_rates import base_currency, decimals_of
from crm_pipeline.rules.status import IN_PLAY
from crm_pipeline.utils.bulk_sql import rounded, update_where
from crm_pipeline.utils.locking import hold_records
from crm_pipeline.utils.markup import bold

opportunity, change = Table("tabOpportunity"), Table("tabPipeline Change")


class NewDefault(NamedTuple):
	"""The probability (percent) of a stage of a process: what it is to be by now, and what it shall be."""

	process: str
	stage: str
	before: float
	after: float


class Followers(NamedTuple):
	"""How many open opportunities in a stage have its probability, and how many one that was set by hand."""

	following: int = 0
	kept: int = 0


def followers(defaults: dict[tuple[str, str], float]) -> dict[tuple[str, str], Followers]:
	"""Return who would follow each stage, with one statement.

	Args:
		defaults: the probabilities (percent) by process and stage.
	"""
	columns = (opportunity.sales_process, opportunity.sales_stage, opportunity.probability)
	query = frappe.qb.from_(opportunity).where(opportunity.status.isin(sorted(IN_PLAY)))
	found: dict[tuple[str, str], Followers] = defaultdict(Followers)
	for process, stage, probability, count in query.select(*columns, Count("*")).groupby(*columns).run():
		if (place := (process, stage)) in defaults:
			following, kept = found[place]
			if flt(probability) == defaults[place]:
				following += count
			else:
				kept += count
			found[place] = Followers(following, kept)
	return found


def set_defaults(defaults: list[NewDefault], undone: datetime | None = None) -> tuple[int, datetime]:
	"""Set the probabilities of stages, and of the open opportunities that have those which they had.

	Processes are saved, as by hand; opportunities change with one statement and their history with another. Neither counts as
	something that happened to them.

	Args:
		undone: the moment of former changes by the session's user, whose opportunities alone follow.

	Returns: how many opportunities followed, and the moment that their changes bear.

	Raises:
		StateGone: a stage has another probability by now, or is gone; nothing is changed then.
		FieldNotEditable: a permission level keeps the user from setting probabilities of stages.
		frappe.PermissionError
	"""
	hold_records("Sales Process", {each.process for each in defaults})
	for process in sorted({each.process for each in defaults}):
		_set_in(process, {each.stage: each for each in defaults if each.process == process})
	return _follow(defaults, undone)


def _set_in(process: str, defaults: dict[str, NewDefault]) -> None:
	doc = frappe.get_doc("Sales Process", process)
	doc.check_permission("write")
	rows = {row.sales_stage: row for row in doc.stages}
	for stage, default in defaults.items():
		if stage not in rows or flt(rows[stage].probability) != default.before:
			refuse_gone(process, stage)
		rows[stage].probability = default.after
	doc.save()
	if any(flt(rows[stage].probability) != default.after for stage, default in defaults.items()):
		frappe.throw(
			_("You may not set the probabilities of {0}. Ask for the permission level of the field.").format(
				bold(_(process))
			),
			FieldNotEditable,
			title=_("Not Permitted"),
		)


def refuse_gone(process: str, stage: str) -> NoReturn:
	"""Say that a stage is no longer as it was seen.

	Raises:
		StateGone
	"""
	frappe.throw(
		_(
			"{0} of {1} has another probability by now, or was measured anew. Nothing was changed: look at it again."
		).format(bold(_(stage)), bold(_(process))),
		StateGone,
		title=_("Changed Meanwhile"),
	)


def _follow(defaults: list[NewDefault], undone: datetime | None) -> tuple[int, datetime]:
	in_play, places = opportunity.status.isin(sorted(IN_PLAY)), decimals_of(base_currency())
	probability = Case()
	for default in defaults:
		probability = probability.when(_stands_in(default), default.after)
	which = in_play & Criterion.any(
		_stands_in(each) & (opportunity.probability == each.before) for each in defaults
	)
	if undone:
		mine = (
			(change.change == STAGE_PROBABILITY) & (change.at == undone) & (change.by == frappe.session.user)
		)
		which &= opportunity.name.isin(frappe.qb.from_(change).select(change.opportunity).where(mine))
	values = {
		"probability": probability,
		"weighted_amount": rounded(
			Coalesce(opportunity.base_opportunity_amount, 0) * probability / 100, places
		),
		"modified": now_datetime(),
		"modified_by": frappe.session.user,
	}
	update_where(opportunity, which, values)
	followed = in_play & Criterion.any(
		_stands_in(each) & (opportunity.probability == each.after) for each in defaults
	)
	names = frappe.qb.from_(opportunity).select(opportunity.name).where(followed)
	moment = record_change_of_many(names, STAGE_PROBABILITY)
	frappe.clear_document_cache("Opportunity")
	written = {"change": STAGE_PROBABILITY, "at": moment, "by": frappe.session.user}
	return frappe.db.count("Pipeline Change", written), moment


def _stands_in(default: NewDefault) -> Criterion:
	return (opportunity.sales_process == default.process) & (opportunity.sales_stage == default.stage)
