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


class Deal(NamedTuple):
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


def deals_of(source: Source, rejected: Iterable[int] = ()) -> list[Deal]:
	"""Return the opportunities of the files, but for the lines that the import rejects."""
	days = [day for row in source.opportunities for day in (row["engage_date"], row["close_date"]) if day]
	prices = {row["product"]: row["sales_price"] for row in source.products}
	left_out = set(rejected)
	return [_deal(row, prices, max(days)) for row in source.opportunities if row["line"] not in left_out]


def _deal(row: dict, prices: dict[str, str], last_day: str) -> Deal:
	product = PRODUCT_ALIASES.get(row["product"], row["product"])
	ended = row["deal_stage"] in (WON, LOST)
	return Deal(
		title_of(row),
		email_of(row["sales_agent"]),
		STAGES[row["deal_stage"]],
		date.fromisoformat(row["engage_date"] or last_day),
		date.fromisoformat(row["close_date"]) if ended else None,
		Decimal(row["close_value"] if ended else prices[product]),
	)


def quarters(deals: list[Deal]) -> list[Period]:
	"""Return all the days of the deals as one period, and each calendar quarter of them."""
	first, last = (
		pick(day for deal in deals for day in (deal.begin, deal.end) if day) for pick in (min, max)
	)
	periods, begin = [Period(first, last)], date(first.year, (first.month - 1) // 3 * 3 + 1, 1)
	while begin <= last:
		following = (begin + timedelta(days=100)).replace(day=1)
		periods.append(Period(begin, following - timedelta(days=1)))
		begin = following
	return periods


def summary(deals: list[Deal], period: Period, value: Callable[[Deal], Decimal | int]) -> dict:
	"""Return by owner and stage what opportunities of a period add up to."""
	return added_up(((deal.owner, deal.stage), value(deal)) for deal in deals if period.has(deal.begin))


def lost_rows(deals: list[Deal], period: Period) -> dict:
	return {
		deal.title: (deal.owner, deal.end, deal.amount, LOST_REASON)
		for deal in deals
		if deal.stage == LOST and period.has(deal.end)
	}


def performance(deals: list[Deal], period: Period) -> dict:
	"""Return by owner: won, lost, the rate with its interval, revenue, days to win, follow-ups done."""
	ended: dict[str, list[Deal]] = defaultdict(list)
	for deal in deals:
		if period.has(deal.end):
			ended[deal.owner].append(deal)
	return {owner: _performance_of(of_owner) for owner, of_owner in ended.items()}


def _performance_of(ended: list[Deal]) -> tuple:
	won = [deal for deal in ended if deal.stage == WON]
	days = sum((deal.end - deal.begin).days for deal in won if deal.end)
	return (
		len(won),
		len(ended) - len(won),
		*wilson(len(won), len(ended)),
		sum((deal.amount for deal in won), Decimal(0)),
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


def movements(deals: list[Deal], period: Period, chances: dict[str, Decimal]) -> dict:
	"""Return by movement, opening and closing included: count, amount and weighted amount with their signs."""
	moved = {
		"Opening": [deal for deal in deals if deal.is_in_play(period.first - timedelta(days=1))],
		"New": [deal for deal in deals if period.has(deal.begin) and deal.is_in_play(deal.begin)],
		"Closing": [deal for deal in deals if deal.is_in_play(period.last)],
	}
	for outcome in (WON, LOST):
		# What begins and ends on one day has been in the pipeline at the end of none.
		moved[outcome] = [
			deal
			for deal in deals
			if deal.stage == outcome and period.has(deal.end) and deal.end != deal.begin
		]
	return {
		name: tuple((-1 if name in (WON, LOST) else 1) * each for each in _sums(found, chances))
		for name, found in moved.items()
	}


def _sums(deals: list[Deal], chances: dict[str, Decimal]) -> tuple:
	amounts = [deal.amount for deal in deals]
	weights = [weighted(deal, deal.first_stage, chances) for deal in deals]
	return len(deals), sum(amounts, Decimal(0)), sum(weights, Decimal(0))


def conversion(deals: list[Deal], period: Period, stages: list[str]) -> dict:
	"""Return by stage: entered, moved on, won, lost, still there, the share with its interval, days in the stage."""
	entered = [deal for deal in deals if period.has(deal.begin)]
	return {
		stage: _conversion_of([deal for deal in entered if deal.first_stage == stage]) for stage in stages
	}


def _conversion_of(entered: list[Deal]) -> tuple:
	left = [deal for deal in entered if deal.end]
	won = sum(deal.stage == WON for deal in left)
	days = sum((deal.end - deal.begin).days for deal in left if deal.end)
	return (
		len(entered),
		won,
		won,
		len(left) - won,
		len(entered) - len(left),
		*wilson(won, len(left)),
		rounded(days / len(left)) if left else None,
	)


def checked(deals: list[Deal], period: Period, stages: list[str]) -> dict:
	"""Return by stage: entered, decided, won and the share of what was won with its interval."""
	found = {}
	for stage in stages:
		entered = [deal for deal in deals if period.has(deal.begin) and deal.first_stage == stage]
		decided = [deal for deal in entered if deal.end]
		won = sum(deal.stage == WON for deal in decided)
		found[stage] = (len(entered), len(decided), won, *wilson(won, len(decided)))
	return found


def by_month(deals: list[Deal], day: Callable[[Deal], date | None], value: Callable, period: Period) -> dict:
	"""Return by owner and first day of a month what is added up of the deals of that month."""
	return added_up(
		((deal.owner, moment.replace(day=1)), value(deal))
		for deal in deals
		if period.has(moment := day(deal)) and moment
	)


def won_by_month(deals: list[Deal]) -> dict[date, Decimal]:
	return added_up(
		(deal.end.replace(day=1), deal.amount) for deal in deals if deal.stage == WON and deal.end
	)


def pipeline_then(deals: list[Deal], day: date, chances: dict[str, Decimal]) -> dict[date | None, Decimal]:
	"""Return by the first day of the month of closing, None if there is none, the weighted amount in play at the end of a day."""
	return added_up(
		(deal.end and deal.end.replace(day=1), weighted(deal, deal.first_stage, chances))
		for deal in deals
		if deal.is_in_play(day)
	)


def weighted(deal: Deal, stage: str, chances: dict[str, Decimal]) -> Decimal:
	return (deal.amount * chances[stage] / 100).quantize(CENT, ROUND_HALF_UP)


def rounded(value: float) -> Decimal:
	"""Return a number that is no amount, with as many decimals as two ways of computing it agree on."""
	return Decimal(repr(value)).quantize(Decimal("0.000001"), ROUND_HALF_UP)


def added_up(pairs: Iterable[tuple]) -> dict:
	found: Counter = Counter()
	for key, value in pairs:
		found[key] += value
	return {key: value for key, value in found.items() if value}
