"""Arithmetic of amounts. Rounding is commercial (half away from zero), per currency."""

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

# Minor units other than two, from ISO 4217 (list one, January 2024).
ISO_4217_DECIMALS = {
	**dict.fromkeys(
		"BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(),
		0,
	),
	**dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
	**dict.fromkeys("CLF UYW".split(), 4),
}

# The databases keep numbers as decimal(21,9): twelve digits before the point.
STORED_DECIMALS = RATE_DECIMALS = 9
LARGEST_AMOUNT = 999_999_999_999


def decimals(currency: str, override: int | None = None) -> int:
	"""Decimal places of a currency code: `override` if given, else ISO 4217, else two."""
	return ISO_4217_DECIMALS.get(currency, 2) if override is None else override


def exact(value: float | None) -> Decimal:
	"""Return a number as it is written, free of binary artefacts; nothing is 0."""
	return Decimal(repr(float(value or 0)))


def round_to(value: float, places: int) -> float:
	"""`value` rounded to `places` decimals, half away from zero, free of binary artefacts."""
	quantum = Decimal(1).scaleb(-places)
	return float(exact(value).quantize(quantum, rounding=ROUND_HALF_UP))


def product(value: float, factor: float, places: int) -> float:
	"""`value` times `factor`: a row's amount from quantity and rate, or an amount in another currency."""
	return round_to(float(Decimal(repr(float(value or 0))) * Decimal(repr(float(factor or 0)))), places)


def total(amounts: Iterable[float], places: int) -> float:
	"""Sum of amounts that are already rounded."""
	return round_to(float(sum(Decimal(repr(float(amount or 0))) for amount in amounts)), places)


def weighted(base_amount: float, probability: float, places: int) -> float:
	"""Base amount times probability (percent)."""
	return product(base_amount, float(Decimal(repr(float(probability or 0))) / 100), places)


class Rate(float):
	"""Units of one currency per unit of another, with the nine decimals that databases keep.

	Recorded the other way round it divides by what was recorded: of a large rate, nine decimals of the inverse would
	keep few digits.
	"""

	divisor: float

	def __new__(cls, factor: float, divisor: float | None = None) -> "Rate":
		rate = super().__new__(cls, factor or (round_to(1 / divisor, RATE_DECIMALS) if divisor else 0))
		rate.divisor = float(divisor or 0)
		return rate

	@property
	def exact(self) -> Decimal:
		"""Return the rate with all the digits that what was recorded gives it."""
		return 1 / Decimal(repr(self.divisor)) if self.divisor else Decimal(repr(float(self)))

	def of(self, amount: float, places: int) -> float:
		"""Return an amount in the other currency."""
		value = Decimal(repr(float(amount or 0)))
		if self.divisor:
			return round_to(float(value / Decimal(repr(self.divisor))), places)
		return round_to(float(value * Decimal(repr(float(self)))), places)


def is_usable_rate(rate: float) -> bool:
	"""Tell whether a rate and its inverse are above 0 with the decimals that databases keep."""
	return rate > 0 and round_to(rate, RATE_DECIMALS) > 0 and round_to(1 / rate, RATE_DECIMALS) > 0


class Quote(NamedTuple):
	"""A recorded exchange rate: one unit of `source` is worth `rate` units of `target` from `day` on."""

	day: date
	source: str
	target: str
	rate: float


def effective_rate(quotes: Iterable[Quote], source: str, target: str, day: date) -> Rate | None:
	"""Return the rate from `source` to `target` in force on `day`, or None.

	The newest quote dated on or before `day` counts, whichever way round it was recorded; recorded both
	ways on one day, the direct one does. There is no way through a third currency.
	"""
	if source == target:
		return Rate(1)
	candidates = [
		(quote.day, quote.source == source, quote.rate)
		for quote in quotes
		if quote.day <= day and {quote.source, quote.target} == {source, target}
	]
	if not candidates:
		return None
	_, direct, rate = max(candidates, key=lambda candidate: candidate[:2])
	return Rate(rate) if direct else Rate(0, divisor=rate)
