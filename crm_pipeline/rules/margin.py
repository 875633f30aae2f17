"""What a price leaves over what the goods cost, in exact decimals.

A margin in percent is one of the price: (price - cost) / price. Prices made from a cost are rounded up, so that the
margin asked for is reached; to more decimals than the currency has where the minor unit is large beside the price.
"""

from collections.abc import Callable, Iterable, Sequence
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import NamedTuple

from crm_pipeline.rules.money import RATE_DECIMALS, Rate, exact, round_to

PERCENT_DECIMALS = 3
HUNDRED = Decimal(100)
MOST_BY_ROUNDING = Decimal("0.01")  # part of the price that rounding may add to the margin


def in_other_currency(amount: float, source: Rate, target: Rate) -> Decimal:
	"""Return an amount in another currency, by way of the base currency, with all its digits.

	Args:
		source: base currency per unit of the amount's currency.
		target: base currency per unit of the other one; not 0.
	"""
	base = exact(amount) / exact(source.divisor) if source.divisor else exact(amount) * exact(source)
	return base * exact(target.divisor) if target.divisor else base / exact(target)


def is_possible_percentage(percentage: float) -> bool:
	"""Tell whether a price can have this margin: of 100 % it would have to be infinite."""
	return 0 <= percentage < 100


def rate_at_percentage(cost: Decimal, percentage: float, qty: float, places: int) -> float:
	"""Return the price of one unit of which this part is margin.

	Args:
		cost: of one unit.
		percentage: of the price, from 0 to less than 100.
		qty: how many are sold, above 0.
		places: decimals of the currency.
	"""
	return _rounded_up(cost * HUNDRED / (HUNDRED - exact(percentage)), cost, qty, places)


def rate_with_amount(cost: Decimal, amount: Decimal, qty: float, places: int) -> float:
	"""Return the price of one unit with which so many of them leave an amount.

	Args:
		cost: of one unit.
		amount: margin of all of them together.
		qty: above 0.
		places: decimals of the currency.
	"""
	return _rounded_up(cost + amount / exact(qty), cost, qty, places)


def spread(amount: float, costs: Sequence[Decimal]) -> list[Decimal]:
	"""Return an amount distributed over rows in proportion to what they cost, or equally where none costs anything."""
	whole = sum(costs, Decimal(0))
	if not whole:
		return [exact(amount) / len(costs) for _cost in costs]
	return [exact(amount) * cost / whole for cost in costs]


def _rounded_up(value: Decimal, cost: Decimal, qty: float, places: int) -> float:
	"""Return a price with the fewest decimals, those of the currency at least, that are fine enough for its margin.

	What all units cost is rounded to minor units in any case: it is not to be rounded below what is asked for.
	"""
	wanted = value.quantize(Decimal(1).scaleb(-RATE_DECIMALS), rounding=ROUND_HALF_UP)
	price = coarse = _up(wanted, places)
	least = max(wanted, _up(wanted * exact(qty), places) / exact(qty))
	for finer in range(places + 1, RATE_DECIMALS + 1):
		if not price or cost / least - cost / price <= MOST_BY_ROUNDING:
			break
		price = _up(least, finer)
	return float(min(price, coarse))


def _up(value: Decimal, places: int) -> Decimal:
	return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_CEILING)


def margin_percentage(net: float, cost: float) -> float:
	"""Return the part of a price that is margin, in percent; 0 without a price."""
	if not net:
		return 0.0
	return round_to(float((exact(net) - exact(cost)) / exact(net) * HUNDRED), PERCENT_DECIMALS)


def is_below_floor(net: float, cost: float, floor: float, places: int, rows: int = 1) -> bool:
	"""Tell whether a price leaves less than the floor, by more than the rounding of its rows explains.

	Args:
		floor: least margin in percent of the price; 0 or less for none.
		places: decimals of the currency of both amounts.
		rows: whose amounts were rounded, each by less than one minor unit with its cost.
	"""
	if floor <= 0:
		return False
	missing = exact(cost) - exact(net) * (HUNDRED - exact(floor)) / HUNDRED
	return missing > rows * Decimal(1).scaleb(-places)


class Offer(NamedTuple):
	"""A supplier's offer for one item.

	The rate is in a currency that all compared offers share, 0 where it is missing; lead time in days and minimum
	quantity are 0 where the supplier gave none.
	"""

	name: str
	rate: float
	lead_time_days: int = 0
	minimum_qty: float = 0
	stands: bool = True


def is_same_unit(one: str | None, other: str | None) -> bool:
	"""Tell whether rates per these units can be compared; a unit that is not given is the other's."""
	return not one or not other or one.strip().casefold() == other.strip().casefold()


def is_eligible(offer: Offer, qty: float) -> bool:
	"""Tell whether an offer can be chosen for a quantity: it stands, has a rate, and its minimum is reached."""
	return offer.stands and offer.rate > 0 and exact(offer.minimum_qty) <= exact(qty)


def cheapest(offers: Iterable[Offer], qty: float) -> Offer | None:
	"""Return the eligible offer with the lowest rate; of equal ones the faster, then the first by name."""
	return _first(offers, qty, lambda offer: (offer.rate, *_speed(offer), offer.name))


def fastest(offers: Iterable[Offer], qty: float) -> Offer | None:
	"""Return the eligible offer with the shortest lead time; of equal ones the cheaper, then the first by name.

	Without a lead time an offer is slower than any with one.
	"""
	return _first(offers, qty, lambda offer: (*_speed(offer), offer.rate, offer.name))


def _first(offers: Iterable[Offer], qty: float, key: Callable[[Offer], tuple]) -> Offer | None:
	return min((offer for offer in offers if is_eligible(offer, qty)), key=key, default=None)


def _speed(offer: Offer) -> tuple[bool, int]:
	return offer.lead_time_days <= 0, offer.lead_time_days


def has_moved(then: float, now: float, tolerance: float) -> bool:
	"""Tell whether an exchange rate has moved by more than a tolerance in percent; 0 or less for any move allowed."""
	if tolerance <= 0 or not then:
		return False
	return abs(exact(now) / exact(then) - 1) * HUNDRED > exact(tolerance)
