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

# The databases keep amounts as decimal(21,9): twelve digits before the point.
LARGEST_AMOUNT = 999_999_999_999


def decimals(currency: str, override: int | None = None) -> int:
	"""Decimal places of a currency code: `override` if given, else ISO 4217, else two."""
	return ISO_4217_DECIMALS.get(currency, 2) if override is None else override


def round_to(value: float, places: int) -> float:
	"""`value` rounded to `places` decimals, half away from zero, free of binary artefacts."""
	quantum = Decimal(1).scaleb(-places)
	return float(Decimal(repr(float(value or 0))).quantize(quantum, rounding=ROUND_HALF_UP))


def product(value: float, factor: float, places: int) -> float:
	"""`value` times `factor`: a row's amount from quantity and rate, or an amount in another currency."""
	return round_to(float(Decimal(repr(float(value or 0))) * Decimal(repr(float(factor or 0)))), places)


def total(amounts: Iterable[float], places: int) -> float:
	"""Sum of amounts that are already rounded."""
	return round_to(float(sum(Decimal(repr(float(amount or 0))) for amount in amounts)), places)


def weighted(base_amount: float, probability: float, places: int) -> float:
	"""Base amount times probability (percent)."""
	return product(base_amount, float(Decimal(repr(float(probability or 0))) / 100), places)


class Quote(NamedTuple):
	"""A recorded exchange rate: one unit of `source` is worth `rate` units of `target` from `day` on."""

	day: date
	source: str
	target: str
	rate: float


def effective_rate(quotes: Iterable[Quote], source: str, target: str, day: date) -> float | None:
	"""The rate from `source` to `target` in force on `day`, or None.

	The newest quote dated on or before `day` counts, whichever way round it was recorded; recorded both
	ways on one day, the direct one does. There is no way through a third currency.
	"""
	if source == target:
		return 1.0
	candidates = [
		(quote.day, quote.source == source, quote.rate)
		for quote in quotes
		if quote.day <= day and {quote.source, quote.target} == {source, target}
	]
	if not candidates:
		return None
	_, direct, rate = max(candidates, key=lambda candidate: candidate[:2])
	return rate if direct else round_to(1 / rate, 9)
