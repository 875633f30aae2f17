"""Cases run in turns: ours, the rival and the floor one after the other, so that other load on the machine strikes all of them."""

from typing import NamedTuple

from benchmarks.case import FLOOR, FROM_SIZE, OURS, RIVAL, Case
from benchmarks.measuring import Figures, Turn, figures
from benchmarks.sides import Rival, Side


class Result(NamedTuple):
	"""What a case took of ours, the rival and the floor, as far as there are such; or why it failed."""

	case: Case
	size: int
	ours: Figures | None = None
	rival: Figures | None = None
	floor: Figures | None = None
	failure: str = ""

	def of_floor(self) -> float | None:
		"""Return how many times the floor's time ours takes."""
		return self.ours.median / self.floor.median if self.ours and self.floor else None

	def of_floor_in_statements(self) -> float | None:
		"""Return the same of what both take within statements."""
		return self.ours.in_statements / self.floor.in_statements if self.ours and self.floor else None

	def of_rival(self) -> float | None:
		"""Return what part of the rival's time ours takes."""
		return self.ours.median / self.rival.median if self.ours and self.rival else None

	def missed(self) -> list[str]:
		"""Return the names of the goals that are missed."""
		if not self.ours:
			return []
		goal = self.case.goal
		taken = {
			"of_floor": self.of_floor() if self.size >= FROM_SIZE else None,
			"of_floor_in_statements": self.of_floor_in_statements() if self.size >= FROM_SIZE else None,
			"of_rival": self.of_rival(),
			"milliseconds": self.ours.median,
			"statements": self.ours.statements,
		}
		return [
			name
			for name, most in goal._asdict().items()
			if most is not None and taken[name] is not None and taken[name] > most
		]


def run(case: Case, size: int, ours: Side, rival: Rival | None, times: int) -> Result:
	"""Measure a case; where it fails, the others go on.

	Args:
		times: of how many turns medians are taken, after one that warms the caches.
	"""
	acts: dict[str, Side | Rival] = {OURS: ours}
	if case.rival and rival:
		acts[RIVAL] = rival
	if case.floor:
		acts[FLOOR] = ours
	sides = dict.fromkeys(acts.values())
	try:
		try:
			for side in sides:
				side.set_up(case)
			measured = _turns(case, acts, 1 if case.is_long else times)
		finally:
			for side in sides:
				side.tear_down(case)
	except Exception as error:
		return Result(case, size, failure=f"{type(error).__name__}: {error}")
	return Result(case, size, **measured)


def _turns(case: Case, acts: dict, times: int) -> dict[str, Figures]:
	warming = 0 if case.is_long else 1
	turns: dict[str, list[Turn]] = {act: [] for act in acts}
	for _time in range(times + warming):
		for act, side in acts.items():
			turns[act].append(side.turn(case, act))
	found = {}
	for act, side in acts.items():
		megabytes = turns[act][0].megabytes if case.is_long else side.peak(case, act)
		found[act] = figures(turns[act][warming:], megabytes)
	return found
