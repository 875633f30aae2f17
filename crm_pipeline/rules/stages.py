"""How stage, status and probability agree. A stage is asked for its type, never for its name."""

from math import floor
from typing import NamedTuple

from crm_pipeline.rules.status import CONVERTED, LOST

OPEN_STAGE = "Open"
WON_STAGE = "Won"
LOST_STAGE = "Lost"

FIXED_PROBABILITY = {WON_STAGE: 100.0, LOST_STAGE: 0.0}
LEAST, MOST = 1, 99  # percent of an open stage: what is certain is won or lost


class Stage(NamedTuple):
	"""A row of a sales process: name, type (Open, Won, Lost) and default probability in percent."""

	name: str
	type: str
	probability: float


def type_for_status(status: str) -> str:
	"""Return the stage type that a status demands."""
	return {CONVERTED: WON_STAGE, LOST: LOST_STAGE}.get(status, OPEN_STAGE)


def status_for_type(stage_type: str) -> str | None:
	"""Return the status that moving into a stage of this type asks for; None for an open stage."""
	return {WON_STAGE: CONVERTED, LOST_STAGE: LOST}.get(stage_type)


def find(stages: list[Stage], name: str | None) -> Stage | None:
	"""Return the stage of that name, or None."""
	return next((stage for stage in stages if stage.name == name), None)


def first_of_type(stages: list[Stage], stage_type: str) -> Stage | None:
	"""Return the first stage of a type in the process's order, or None."""
	return next((stage for stage in stages if stage.type == stage_type), None)


def neighbour(stages: list[Stage], name: str, step: int) -> Stage | None:
	"""Return the stage one step on (+1) or back (-1) along open stages and then won; None past either end.

	Lost stages are not on the way: an opportunity gets there by being lost, with reasons.
	"""
	path = [stage for stage in stages if stage.type == OPEN_STAGE]
	path += [stage for stage in stages if stage.type == WON_STAGE][:1]
	names = [stage.name for stage in path]
	if name not in names:
		return None
	position = names.index(name) + step
	return path[position] if 0 <= position < len(path) else None


def probability_after(current: float | None, old: Stage | None, new: Stage) -> float:
	"""Return the probability (percent) after an opportunity moved from `old` to `new`.

	It follows the stage only while it still equals the old stage's default; a number set by hand is kept.
	Won is 100 and lost is 0 in any case.
	"""
	if new.type in FIXED_PROBABILITY:
		return FIXED_PROBABILITY[new.type]
	if current is None or (old and float(current) == float(old.probability)):
		return float(new.probability)
	return float(current)


def measured_probability(share: float) -> float:
	"""Return the probability (whole percent, half up) of an open stage of which a share (percent) was won."""
	return float(min(max(floor(share + 0.5), LEAST), MOST))
