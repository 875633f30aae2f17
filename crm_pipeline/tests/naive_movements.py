"""What was in the pipeline on a day and what moved between two, thought through opportunity by opportunity and day by day.

It knows nothing of the app and of no database: the definitions of the guide are written down here once more, in
the plainest way, with decimals.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

IN_PLAY = ("Open", "Replied", "Quotation", "Paused")
CENT = Decimal("0.01")


@dataclass(frozen=True)
class NaiveState:
	"""What an opportunity was like at a moment; `base` is its amount in base currency, `probability` in percent."""

	status: str
	owner: str | None
	process: str
	closing: date | None
	currency: str
	amount: Decimal
	rate: Decimal
	base: Decimal
	probability: Decimal


History = list[tuple[date, NaiveState]]  # in the order of what happened; days need not be in order


@dataclass(frozen=True)
class NaiveScope:
	owners: tuple[str, ...] = ()
	processes: tuple[str, ...] = ()
	closing_from: date | None = None
	closing_to: date | None = None

	def belongs(self, state: NaiveState) -> bool:
		"""Tell whether owner and process are among those looked at."""
		return (not self.owners or state.owner in self.owners) and (
			not self.processes or state.process in self.processes
		)

	def has(self, state: NaiveState | None) -> bool:
		if state is None or state.status not in IN_PLAY or not self.belongs(state):
			return False
		if not (self.closing_from or self.closing_to):
			return True
		if state.closing is None:
			return False
		return (self.closing_from or date.min) <= state.closing <= (self.closing_to or date.max)


def cents(value: Decimal) -> Decimal:
	return value.quantize(CENT, rounding=ROUND_HALF_UP)


def weighted(base: Decimal, probability: Decimal) -> Decimal:
	return cents(base * probability / 100)


def state_on(history: History, day: date) -> NaiveState | None:
	"""Return the last state that an opportunity had by the end of a day."""
	known = [state for on, state in history if on <= day]
	return known[-1] if known else None


def pipeline_on(histories: dict[str, History], day: date, scope: NaiveScope) -> list[Decimal]:
	"""Return number, amount and weighted amount of what was in the pipeline at the end of a day."""
	states = [state for history in histories.values() if scope.has(state := state_on(history, day))]
	return [
		Decimal(len(states)),
		sum((state.base for state in states), Decimal()),
		sum((weighted(state.base, state.probability) for state in states), Decimal()),
	]


def movements(
	histories: dict[str, History], first: date, last: date, scope: NaiveScope
) -> dict[str, list[Decimal]]:
	"""Return number, amount and weighted amount of each movement that there was, with its sign."""
	found: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(), Decimal(), Decimal()])
	for history in histories.values():
		day = first
		while day <= last:
			before, after = state_on(history, day - timedelta(days=1)), state_on(history, day)
			for movement, amount, weight in step(before, after, scope):
				for position, value in enumerate((Decimal(1), amount, weight)):
					found[movement][position] += value
			day += timedelta(days=1)
	return dict(found)


def step(before: NaiveState | None, after: NaiveState | None, scope: NaiveScope):
	"""Return the movements, each with its effect on amount and weighted amount, from one day's end to the next one's."""
	if not scope.has(before) and not scope.has(after):
		return
	if not scope.has(before):
		yield entry(before, scope), after.base, weighted(after.base, after.probability)
		return
	raised = amount_raised(before, after)
	in_between = weighted(before.base + raised, before.probability)
	revalued = weighted(after.base, before.probability)
	if raised:
		name = "Raised" if raised > 0 else "Lowered"
		yield name, raised, in_between - weighted(before.base, before.probability)
	if currency := after.base - before.base - raised:
		yield "Currency", currency, revalued - in_between
	if not scope.has(after):
		yield leaving(after, scope), -after.base, -revalued
	elif chance := weighted(after.base, after.probability) - revalued:
		yield "Probability", Decimal(), chance


def amount_raised(before: NaiveState, after: NaiveState) -> Decimal:
	if after.currency != before.currency or after.amount == before.amount:
		return Decimal()
	if after.rate == before.rate:
		return after.base - before.base
	return cents((after.amount - before.amount) * after.rate)


def entry(before: NaiveState | None, scope: NaiveScope) -> str:
	if before is None:
		return "New"
	if before.status not in IN_PLAY:
		return "Reopened"
	return "Pulled In" if scope.belongs(before) else "Transferred In"


def leaving(after: NaiveState, scope: NaiveScope) -> str:
	outcomes = {"Converted": "Won", "Lost": "Lost", "Closed": "Closed"}
	if after.status in outcomes:
		return outcomes[after.status]
	return "Slipped" if scope.belongs(after) else "Transferred Out"
