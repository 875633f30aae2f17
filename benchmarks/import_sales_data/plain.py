"""What every report must say of the data set, from the rows of its files alone: plain Python, one opportunity after the other.

Nothing here asks a site or uses the app. Amounts are decimals, rounded half up where the reports round.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from math import sqrt
from typing import NamedTuple

from benchmarks.import_sales_data.sheets import LOST_REASON, PRODUCT_ALIASES, STAGES, email_of, title_of
from benchmarks.import_sales_data.source import Source

WON, LOST = "Won", "Lost"
FIRST = STAGES["Prospecting"]  # in which stands, until its end, what comes in ended
CENT = Decimal("0.01")


class Opportunity(NamedTuple):
	"""An opportunity as the files have it; `end` of what is open is None."""

	title: str
	owner: str
	stage: str
	begin: date
	end: date | None
	amount: Decimal

	@property
	def first_stage(self) -> str:
		return FIRST if self.end else self.stage

	def is_in_play(self, day: date) -> bool:
		"""Tell whether it was in play at the end of a day."""
		return self.begin <= day and (self.end is None or self.end > day)


class Period(NamedTuple):
	first: date
	last: date

	def has(self, day: date | None) -> bool:
		return day is not None and self.first <= day <= self.last


def opportunities_of(source: Source, rejected: Iterable[int] = ()) -> list[Opportunity]:
	"""Return the opportunities of the files, but for the lines that the import rejects."""
	days = [day for row in source.opportunities for day in (row["engage_date"], row["close_date"]) if day]
	prices = {row["product"]: row["sales_price"] for row in source.products}
	left_out = set(rejected)
	return [
		_opportunity(row, prices, max(days)) for row in source.opportunities if row["line"] not in left_out
	]


def _opportunity(row: dict, prices: dict[str, str], last_day: str) -> Opportunity:
	product = PRODUCT_ALIASES.get(row["product"], row["product"])
	ended = row["deal_stage"] in (WON, LOST)
	return Opportunity(
		title_of(row),
		email_of(row["sales_agent"]),
		STAGES[row["deal_stage"]],
		date.fromisoformat(row["engage_date"] or last_day),
		date.fromisoformat(row["close_date"]) if ended else None,
		Decimal(row["close_value"] if ended else prices[product]),
	)


def quarters(opportunities: list[Opportunity]) -> list[Period]:
	"""Return all the days of the opportunities as one period, and each calendar quarter of them."""
	first, last = (
		pick(day for opportunity in opportunities for day in (opportunity.begin, opportunity.end) if day)
		for pick in (min, max)
	)
	periods, begin = [Period(first, last)], date(first.year, (first.month - 1) // 3 * 3 + 1, 1)
	while begin <= last:
		following = (begin + timedelta(days=100)).replace(day=1)
		periods.append(Period(begin, following - timedelta(days=1)))
		begin = following
	return periods


def summary(
	opportunities: list[Opportunity], period: Period, value: Callable[[Opportunity], Decimal | int]
) -> dict:
	"""Return by owner and stage what opportunities of a period add up to."""
	return added_up(
		((opportunity.owner, opportunity.stage), value(opportunity))
		for opportunity in opportunities
		if period.has(opportunity.begin)
	)


def lost_rows(opportunities: list[Opportunity], period: Period) -> dict:
	return {
		opportunity.title: (opportunity.owner, opportunity.end, opportunity.amount, LOST_REASON)
		for opportunity in opportunities
		if opportunity.stage == LOST and period.has(opportunity.end)
	}


def lost_by_month(
	opportunities: list[Opportunity], group: Callable[[Opportunity], str], period: Period
) -> dict:
	"""Return by group, and by the first day of a month, how many were lost; under "Total" those of all groups."""
	lost = [each for each in opportunities if each.stage == LOST and each.end and period.has(each.end)]
	return added_up(
		((name, each.end.replace(day=1)), 1) for each in lost if each.end for name in (group(each), "Total")
	)


def performance(opportunities: list[Opportunity], period: Period) -> dict:
	"""Return by owner: won, lost, the rate with its interval, revenue, days to win, follow-ups done."""
	ended: dict[str, list[Opportunity]] = defaultdict(list)
	for opportunity in opportunities:
		if period.has(opportunity.end):
			ended[opportunity.owner].append(opportunity)
	return {owner: _performance_of(of_owner) for owner, of_owner in ended.items()}


def _performance_of(ended: list[Opportunity]) -> tuple:
	won = [opportunity for opportunity in ended if opportunity.stage == WON]
	days = sum((opportunity.end - opportunity.begin).days for opportunity in won if opportunity.end)
	return (
		len(won),
		len(ended) - len(won),
		*wilson(len(won), len(ended)),
		sum((opportunity.amount for opportunity in won), Decimal(0)),
		rounded(days / len(won)) if won else None,
		0,
	)


def wilson(part: int, whole: int) -> tuple:
	"""Return a share and the bounds of its score interval at 1.96 deviations, in percent."""
	if not whole:
		return (None, None, None)
	share, z = part / whole, 1.96
	centre = (share + z * z / (2 * whole)) / (1 + z * z / whole)
	half = z / (1 + z * z / whole) * sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole))
	return tuple(rounded(100 * each) for each in (share, max(centre - half, 0.0), min(centre + half, 1.0)))


def movements(opportunities: list[Opportunity], period: Period, chances: dict[str, Decimal]) -> dict:
	"""Return by movement, opening and closing included: count, amount and weighted amount with their signs."""
	moved = {
		"Opening": [
			opportunity
			for opportunity in opportunities
			if opportunity.is_in_play(period.first - timedelta(days=1))
		],
		"New": [
			opportunity
			for opportunity in opportunities
			if period.has(opportunity.begin) and opportunity.is_in_play(opportunity.begin)
		],
		"Closing": [opportunity for opportunity in opportunities if opportunity.is_in_play(period.last)],
	}
	for outcome in (WON, LOST):
		# What begins and ends on one day has been in the pipeline at the end of none.
		moved[outcome] = [
			opportunity
			for opportunity in opportunities
			if opportunity.stage == outcome
			and period.has(opportunity.end)
			and opportunity.end != opportunity.begin
		]
	return {
		name: tuple((-1 if name in (WON, LOST) else 1) * each for each in _sums(found, chances))
		for name, found in moved.items()
	}


def _sums(opportunities: list[Opportunity], chances: dict[str, Decimal]) -> tuple:
	amounts = [opportunity.amount for opportunity in opportunities]
	weights = [weighted(opportunity, opportunity.first_stage, chances) for opportunity in opportunities]
	return len(opportunities), sum(amounts, Decimal(0)), sum(weights, Decimal(0))


def conversion(opportunities: list[Opportunity], period: Period, stages: list[str]) -> dict:
	"""Return by stage: entered, moved on, won, lost, still there, the share with its interval, days in the stage."""
	entered = [opportunity for opportunity in opportunities if period.has(opportunity.begin)]
	return {
		stage: _conversion_of([opportunity for opportunity in entered if opportunity.first_stage == stage])
		for stage in stages
	}


def _conversion_of(entered: list[Opportunity]) -> tuple:
	left = [opportunity for opportunity in entered if opportunity.end]
	won = sum(opportunity.stage == WON for opportunity in left)
	days = sum((opportunity.end - opportunity.begin).days for opportunity in left if opportunity.end)
	return (
		len(entered),
		won,
		won,
		len(left) - won,
		len(entered) - len(left),
		*wilson(won, len(left)),
		rounded(days / len(left)) if left else None,
	)


def checked(opportunities: list[Opportunity], period: Period, stages: list[str]) -> dict:
	"""Return by stage: entered, decided, won and the share of what was won with its interval."""
	found = {}
	for stage in stages:
		entered = [
			opportunity
			for opportunity in opportunities
			if period.has(opportunity.begin) and opportunity.first_stage == stage
		]
		decided = [opportunity for opportunity in entered if opportunity.end]
		won = sum(opportunity.stage == WON for opportunity in decided)
		found[stage] = (len(entered), len(decided), won, *wilson(won, len(decided)))
	return found


def by_month(
	opportunities: list[Opportunity],
	day: Callable[[Opportunity], date | None],
	value: Callable,
	period: Period,
) -> dict:
	"""Return by owner and first day of a month what is added up of the opportunities of that month."""
	return added_up(
		((opportunity.owner, moment.replace(day=1)), value(opportunity))
		for opportunity in opportunities
		if period.has(moment := day(opportunity)) and moment
	)


def won_by_month(opportunities: list[Opportunity]) -> dict[date, Decimal]:
	return added_up(
		(opportunity.end.replace(day=1), opportunity.amount)
		for opportunity in opportunities
		if opportunity.stage == WON and opportunity.end
	)


def pipeline_then(
	opportunities: list[Opportunity], day: date, chances: dict[str, Decimal]
) -> dict[date | None, Decimal]:
	"""Return by the first day of the month of closing, None if there is none, the weighted amount in play at the end of a day."""
	return added_up(
		(
			opportunity.end and opportunity.end.replace(day=1),
			weighted(opportunity, opportunity.first_stage, chances),
		)
		for opportunity in opportunities
		if opportunity.is_in_play(day)
	)


def ends_for(opportunities: list[Opportunity], today: date) -> list[int]:
	"""Return the last days of ranges between which the ages of what is open lie about evenly."""
	ages = sorted({(today - each.begin).days for each in opportunities if each.end is None})
	return sorted({ages[len(ages) * part // 5] for part in range(1, 5)} - {0})


def ages(
	opportunities: list[Opportunity],
	today: date,
	ends: list[int],
	value: Callable[[Opportunity], Decimal | int],
) -> dict:
	"""Return by owner and place of the range what is added up of what is open and as many days old."""
	return added_up(
		((each.owner, sum((today - each.begin).days > end for end in ends)), value(each))
		for each in opportunities
		if each.end is None
	)


def without_next_step(opportunities: list[Opportunity]) -> dict[str, tuple[int, Decimal]]:
	"""Return by owner the number and amount of what is open: the files plan nothing."""
	of_owners: dict[str, list[Decimal]] = defaultdict(list)
	for each in opportunities:
		if each.end is None:
			of_owners[each.owner].append(each.amount)
	return {owner: (len(amounts), sum(amounts, Decimal(0))) for owner, amounts in of_owners.items()}


def weighted(opportunity: Opportunity, stage: str, chances: dict[str, Decimal]) -> Decimal:
	return (opportunity.amount * chances[stage] / 100).quantize(CENT, ROUND_HALF_UP)


def rounded(value: float) -> Decimal:
	"""Return a number that is no amount, with as many decimals as two ways of computing it agree on."""
	return Decimal(repr(value)).quantize(Decimal("0.000001"), ROUND_HALF_UP)


def added_up(pairs: Iterable[tuple]) -> dict:
	found: Counter = Counter()
	for key, value in pairs:
		found[key] += value
	return {key: value for key, value in found.items() if value}
