"""What became of an opportunity, from its number alone, so that every run measures the same."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

SPAN = 1095  # days before today on which opportunities come in
STAGES = {"Lead": 10, "Pitching": 25, "Quoting": 50, "Closing": 80}  # of the process Standard
IN_PLAY, WON, LOST, CLOSED = "Open", "Converted", "Lost", "Closed"
ENDS = {WON: ("Won", 100), LOST: ("Lost", 0)}
# What becomes of ten of them, one after the other.
OUTCOMES = (WON, LOST, IN_PLAY, WON, LOST, IN_PLAY, LOST, CLOSED, IN_PLAY, WON)
# What may change of one, in this order until there are as many changes as are asked for.
TURNS = ("Stage", "Amount", "Expected Closing", "Stage", "Expected Closing", "Amount", "Stage", "Probability")
FIELDS = {
	"Status": "status",
	"Stage": "sales_stage",
	"Amount": "opportunity_amount",
	"Probability": "probability",
	"Expected Closing": "expected_closing",
}


@dataclass
class Life:
	"""The changes of one opportunity in order, each with the state after it, and the last state."""

	state: dict
	changes: list[dict] = field(default_factory=list)

	def change(self, kind: str, at: datetime, **values: object) -> None:
		"""Note a change, and what goes along with it."""
		name = FIELDS.get(kind)
		old = self.state[name] if name else None
		self.state = {**self.state, **values}
		new = self.state[name] if name else None
		self.changes.append(
			{"change": kind, "old_value": _text(old), "new_value": _text(new), "at": at, **self.state}
		)


def life(number: int, changes: int, today: date, state: dict) -> Life:
	"""Return the life of the opportunity of a number.

	Args:
		changes: how many it has, coming in and ending included; at least 4.
		today: the day before which all of it lies.
		state: what stays as it is all along, by the fields of a change.
	"""
	begin = today - timedelta(days=1 + number * 37 % SPAN)
	moments = _moments(begin, today, changes, number)
	amount, outcome = 500 + number * 7919 % 90_000, OUTCOMES[number % len(OUTCOMES)]
	one = Life(
		{
			**state,
			"status": IN_PLAY,
			"sales_stage": "Lead",
			"probability": STAGES["Lead"],
			"opportunity_amount": amount,
			"base_opportunity_amount": amount,
			"expected_closing": today + timedelta(days=number * 13 % 120 - 20)
			if outcome == IN_PLAY
			else begin + timedelta(days=30 + number % 60),
		}
	)
	one.change("Created", next(moments))
	ending = {WON: 3, LOST: 3, CLOSED: 1}.get(outcome, 0)
	for turn in range(changes - 1 - ending):
		_live(one, TURNS[turn % len(TURNS)], next(moments), number + turn)
	if outcome != IN_PLAY:
		_end(one, outcome, next(moments))
	return one


def _moments(begin: date, today: date, count: int, number: int) -> Iterator[datetime]:
	"""Yield moments from a day to another, at even distances."""
	start = datetime.combine(begin, time(8, number % 60))
	step = (datetime.combine(today, time()) - start) / (count + 1 + number % 5)
	for turn in range(count):
		yield (start + step * turn).replace(microsecond=0)


def _live(one: Life, kind: str, at: datetime, turn: int) -> None:
	if kind == "Stage":
		names = list(STAGES)
		stage = names[(names.index(one.state["sales_stage"]) + 1) % len(names)]
		one.change("Stage", at, sales_stage=stage)
	elif kind == "Amount":
		amount = one.state["opportunity_amount"] + (turn % 7 - 3) * 101 + 50
		one.change("Amount", at, opportunity_amount=amount, base_opportunity_amount=amount)
	elif kind == "Expected Closing":
		later = one.state["expected_closing"] + timedelta(days=turn % 40 - 9)
		one.change("Expected Closing", at, expected_closing=later)
	else:
		one.change("Probability", at, probability=(one.state["probability"] + 5 + turn % 3) % 100)


def _end(one: Life, outcome: str, at: datetime) -> None:
	"""Let it end; what is won or lost stands in the stage of that, and both are written at once."""
	values: dict = {"status": outcome}
	if outcome in ENDS:
		values["sales_stage"], values["probability"] = ENDS[outcome]
	before = one.state
	kinds = ("Status", "Stage", "Probability") if outcome in ENDS else ("Status",)
	for kind in kinds:
		one.state = {**before, **values, FIELDS[kind]: before[FIELDS[kind]]}
		one.change(kind, at, **values)


def _text(value: object) -> str:
	return "" if value is None else str(value)
