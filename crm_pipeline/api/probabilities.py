"""The probabilities of stages as they were measured by Probability Check, for whoever may set them."""

from datetime import datetime
from typing import NamedTuple

import frappe
from frappe import _

from crm_pipeline.crm_pipeline.report.probability_check.probability_check import fewest_in, measured
from crm_pipeline.crm_pipeline.report.utils import read
from crm_pipeline.exceptions import OpportunitiesHidden, RowsMissing, SampleTooSmall
from crm_pipeline.money.stage_probabilities import (
	Followers,
	NewDefault,
	followers,
	refuse_gone,
	set_defaults,
)
from crm_pipeline.permissions.switch import require_reading
from crm_pipeline.permissions.visibility import is_limited
from crm_pipeline.rules.stages import measured_probability
from crm_pipeline.utils.markup import bold
from crm_pipeline.utils.numbers import read_number
from crm_pipeline.utils.sent_values import rows_from, values_from
from crm_pipeline.utils.validation import read_date


class Seen(NamedTuple):
	"""A stage as a client saw it: its probability, and the one that was measured, both in percent."""

	process: str
	stage: str
	probability: float
	measured: float


@frappe.whitelist(methods=["GET"])
def preview_measured_probabilities(filters: dict | str | None = None) -> dict:
	"""Return what applying the measured probabilities would do, changing nothing.

	Args:
		filters: those of the report Probability Check.

	Returns: `fewest`, the least number of decided opportunities, and `rows` in the order of the report: `sales_process`,
		`sales_stage`, `label`, `probability` and `measured` in percent (None on too few), `won_share` with `share_from` and
		`share_to`, `decided`, `following` (open opportunities that have the stage's probability) and `kept` (set by hand).

	Raises:
		FieldOutOfReach, frappe.PermissionError, ImpossibleDate, OpportunitiesHidden, OpportunitiesSwitchedOff, TeamUnknown,
		UnreadableFilters
	"""
	_require_setting()
	asked = read(values_from(filters))
	rows = _measured(asked)
	found = followers({place: row["probability"] for place, row in rows.items()})
	return {
		"fewest": fewest_in(asked),
		"rows": [_as_preview(row, found.get(place, Followers())) for place, row in rows.items()],
	}


@frappe.whitelist(methods=["POST"])
def apply_measured_probabilities(stages: list | str, filters: dict | str | None = None) -> dict:
	"""Set the probabilities of stages to what was measured, and of the open opportunities that have the stages'.

	What was set by hand stays. A stage that has the measured probability already is left as it is, so that a second request
	changes nothing.

	Args:
		stages: objects with `sales_process`, `sales_stage`, and what the client saw: `probability` and `measured` (percent).
		filters: those of the report Probability Check.

	Returns: the numbers of `stages`, of `opportunities` that followed and of those `kept`; `at` and `changed`, which
		`undo_measured_probabilities` takes.

	Raises:
		FieldNotEditable, FieldOutOfReach, frappe.PermissionError, ImpossibleDate, ImpossibleNumber, OpportunitiesHidden,
		OpportunitiesSwitchedOff, RowsMissing, TeamUnknown, UnreadableFilters, UnreadableList
		SampleTooSmall: too few opportunities are decided to measure one.
		StateGone: the stage, or what is measured of it, is no longer as the client saw it.
	"""
	_require_setting()
	seen = [
		Seen(each["sales_process"], each["sales_stage"], each["probability"], each["measured"])
		for each in _sent(stages, "probability", "measured")
	]
	rows = _measured(read(values_from(filters)))
	defaults = [default for each in seen if (default := _new_default(each, rows))]
	return _set(defaults)


@frappe.whitelist(methods=["POST"])
def undo_measured_probabilities(changed: list | str, at: str) -> dict:
	"""Bring stages, and the opportunities that followed, back to what `apply_measured_probabilities` found.

	What left its stage, ended or was set by hand since stays as it is.

	Args:
		changed, at: as that answered.

	Returns: as that does.

	Raises:
		FieldNotEditable, frappe.PermissionError, ImpossibleDate, ImpossibleNumber, OpportunitiesHidden, OpportunitiesSwitchedOff,
		ProbabilityOutOfRange, RowsMissing, UnreadableList
		StateGone: a stage has another probability by now.
	"""
	_require_setting()
	moment = read_date(at, "Datetime", _("At"))
	defaults = [
		NewDefault(each["sales_process"], each["sales_stage"], each["probability"], each["former"])
		for each in _sent(changed, "probability", "former")
	]
	return _set(defaults, moment)


def _require_setting() -> None:
	"""Let only those pass who may set probabilities, and see everything that follows them.

	Raises:
		frappe.PermissionError, OpportunitiesHidden, OpportunitiesSwitchedOff
	"""
	frappe.has_permission("Sales Process", "write", throw=True)
	require_reading()
	if is_limited(frappe.session.user, "Opportunity"):
		frappe.throw(
			_(
				"Some opportunities may be hidden from you, and the probability of a stage counts for all. Ask somebody who sees all."
			),
			OpportunitiesHidden,
			title=_("Not Permitted"),
		)


def _measured(filters: dict) -> dict[tuple[str, str], dict]:
	"""Return the rows of the report by process and stage."""
	return {(row["sales_process"], row["stage"]): row for row in measured(filters)}


def _as_preview(row: dict, found: Followers) -> dict:
	kept = ("sales_process", "probability", "won_share", "share_from", "share_to", "decided")
	share = row["won_share"]
	return {
		**{name: row[name] for name in kept},
		"sales_stage": row["stage"],
		"label": row["sales_stage"],
		"measured": None if share is None else measured_probability(share),
		**found._asdict(),
	}


def _sent(rows: list | str, *numbers: str) -> list[dict]:
	"""Return stages as clients send them, each once, with their numbers read.

	Raises:
		ImpossibleNumber, RowsMissing, UnreadableList
	"""
	found = {}
	for row in rows_from(rows, "sales_stage"):
		process, stage = (str(row.get(name) or "") for name in ("sales_process", "sales_stage"))
		read_numbers = {name: read_number(row.get(name), _("Probability"), "Percent") for name in numbers}
		found[process, stage] = {"sales_process": process, "sales_stage": stage, **read_numbers}
	if not found:
		frappe.throw(_("Choose at least one stage."), RowsMissing, title=_("Nothing Picked"))
	return list(found.values())


def _new_default(seen: Seen, rows: dict[tuple[str, str], dict]) -> NewDefault | None:
	"""Return what a stage is to get; None if it has that already.

	Raises:
		SampleTooSmall, StateGone
	"""
	row = rows.get((seen.process, seen.stage))
	if row is None:
		refuse_gone(seen.process, seen.stage)
	if row["won_share"] is None:
		frappe.throw(
			_(
				"Too few opportunities that entered {0} are decided. Choose a longer period, or leave it out."
			).format(bold(row["sales_stage"])),
			SampleTooSmall,
			title=_("Sample Too Small"),
		)
	present, found = row["probability"], measured_probability(row["won_share"])
	if seen.measured != found:
		refuse_gone(seen.process, seen.stage)
	if present == found:
		return None
	if seen.probability != present:
		refuse_gone(seen.process, seen.stage)
	return NewDefault(seen.process, seen.stage, present, found)


def _set(defaults: list[NewDefault], undone: datetime | None = None) -> dict:
	if not defaults:
		return {"stages": 0, "opportunities": 0, "kept": 0, "at": None, "changed": []}
	count, moment = set_defaults(defaults, undone)
	standing = followers({(each.process, each.stage): each.after for each in defaults})
	return {
		"stages": len(defaults),
		"opportunities": count,
		"kept": sum(map(sum, standing.values())) - count,
		"at": str(moment),
		"changed": [
			{
				"sales_process": each.process,
				"sales_stage": each.stage,
				"probability": each.after,
				"former": each.before,
			}
			for each in defaults
		],
	}
