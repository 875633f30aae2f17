"""What a quotation's rows, its discount and its taxes and charges come to.

All is counted in the smallest units of the currency, so that rows add up to their head exactly.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from crm_pipeline.rules.money import Rate, exact, round_to, total

ON_NET_TOTAL = "On Net Total"
ACTUAL = "Actual"
HUNDRED = 100


class Charge(NamedTuple):
	"""A tax in percent of the net total, included in the rates or added to them, or an amount that is added."""

	charge_type: str = ON_NET_TOTAL
	rate: float = 0  # percent
	amount: float = 0
	included: bool = False


class Discount(NamedTuple):
	"""A discount on the whole document: a percentage decides over the amount, which follows from it."""

	percentage: float
	amount: float


class Totals(NamedTuple):
	"""Sums of a document in its own currency; the lists follow the rows and the charges."""

	amounts: list[float]
	net_amounts: list[float]
	charge_amounts: list[float]
	running_totals: list[float]
	total: float
	discount_amount: float
	net_total: float
	total_charges: float
	grand_total: float


def settle_discount(sent: Discount, stored: Discount | None, of_total: float, places: int) -> Discount:
	"""Return what the discount of a document is after a save.

	Forms send the amount that follows from the percentage along: one that differs from it was typed. Beside no percentage
	it always was: who takes the discount away takes away both.

	Args:
		sent: as the save brings it.
		stored: as it was before, where the document is not new.
		of_total: the sum of the rows.
		places: decimals of the currency.
	"""
	if not sent.percentage:
		return Discount(0, round_to(sent.amount, places))
	derived = _amount(_share(_units(of_total, places), sent.percentage), places)
	if stored and stored.percentage == sent.percentage and sent.amount not in (stored.amount, derived):
		return Discount(0, round_to(sent.amount, places))
	return Discount(sent.percentage, derived)


def of_rows(amounts: Sequence[float], discount: float, charges: Sequence[Charge], places: int) -> Totals:
	"""Return the totals of a document with rows.

	The discount is taken off in proportion to the rows' amounts, then the included taxes are taken out.

	Args:
		amounts: quantity times rate of each row, not negative.
		discount: an amount, at most their sum.
		places: decimals of the currency.
	"""
	rows = [_units(each, places) for each in amounts]
	whole, off_all = sum(rows), _units(discount, places)
	gross = [row - off for row, off in zip(rows, distribute(off_all, rows), strict=True)]
	net, included = _without_included(whole - off_all, charges)
	net_rows = distribute(net, gross)
	return _totals(rows, net_rows, off_all, net, _charge_units(net, charges, included, places), places)


def of_net_total(net_total: float, charges: Sequence[Charge], places: int) -> Totals:
	"""Return the totals of a document without rows: its net total is typed, and all taxes come on top."""
	net = _units(net_total, places)
	on_top = [each._replace(included=False) for each in charges]
	return _totals([], [], 0, net, _charge_units(net, on_top, [], places), places)


def in_base(totals: Totals, rate: Rate, places: int) -> Totals:
	"""Return totals in base currency: each row by itself, the sums from the rows.

	Args:
		rate: base currency per unit of the document's.
		places: decimals of the base currency.
	"""
	amounts, net_amounts, charges = (
		[rate.of(each, places) for each in values]
		for values in (totals.amounts, totals.net_amounts, totals.charge_amounts)
	)
	net_total = total(net_amounts, places) if net_amounts else rate.of(totals.net_total, places)
	running = _running(net_total, charges, places)
	return Totals(
		amounts,
		net_amounts,
		charges,
		running,
		total(amounts, places),
		rate.of(totals.discount_amount, places),
		net_total,
		total(charges, places),
		running[-1] if running else net_total,
	)


def net_rate(net_amount: float, qty: float, places: int) -> float:
	"""Return what one unit costs without discount and taxes; 0 where there is no quantity."""
	return round_to(float(exact(net_amount) / exact(qty)), places) if qty else 0.0


def distribute(units: int, weights: Sequence[int]) -> list[int]:
	"""Return whole shares in proportion to weights that add up to `units`.

	What is left after rounding down goes to the largest remainders, the earlier one of equals. Without any weight there
	is nothing to share.

	Raises:
		ValueError: there is something to share and no weight.
	"""
	whole = sum(weights)
	if not whole:
		if units:
			raise ValueError("nothing to distribute on")
		return [0 for _each in weights]
	shares = [units * weight // whole for weight in weights]
	remainders = [units * weight % whole for weight in weights]
	by_remainder = sorted(range(len(weights)), key=lambda place: -remainders[place])
	for place in by_remainder[: units - sum(shares)]:
		shares[place] += 1
	return shares


def _without_included(gross: int, charges: Sequence[Charge]) -> tuple[int, list[int]]:
	"""Return the net total that is left without the included taxes, and the amount of each of these."""
	rates = [exact(each.rate) for each in charges if each.included]
	net = _round(gross / (1 + sum(rates, Decimal()) / HUNDRED))
	scale = max((-int(rate.as_tuple().exponent) for rate in rates), default=0)
	weights = [int(rate.scaleb(max(scale, 0))) for rate in rates]
	return net, distribute(gross - net, weights) if any(weights) else [0 for _each in weights]


def _charge_units(net: int, charges: Sequence[Charge], included: list[int], places: int) -> list[int]:
	taken_out = iter(included)
	return [
		next(taken_out)
		if each.included
		else _units(each.amount, places)
		if each.charge_type == ACTUAL
		else _share(net, each.rate)
		for each in charges
	]


def _totals(
	rows: list[int], net_rows: list[int], discount: int, net: int, charges: list[int], places: int
) -> Totals:
	amounts, net_amounts, charge_amounts = (
		[_amount(each, places) for each in units] for units in (rows, net_rows, charges)
	)
	net_total = _amount(net, places)
	return Totals(
		amounts,
		net_amounts,
		charge_amounts,
		_running(net_total, charge_amounts, places),
		_amount(sum(rows), places),
		_amount(discount, places),
		net_total,
		_amount(sum(charges), places),
		_amount(net + sum(charges), places),
	)


def _running(net_total: float, charges: Sequence[float], places: int) -> list[float]:
	"""Return the net total with each charge added to those before it."""
	return [total((net_total, *charges[: place + 1]), places) for place in range(len(charges))]


def _share(units: int, percentage: float) -> int:
	return _round(units * exact(percentage) / HUNDRED)


def _units(amount: float, places: int) -> int:
	return _round(exact(amount).scaleb(places))


def _amount(units: int, places: int) -> float:
	return float(Decimal(units).scaleb(-places))


def _round(value: Decimal) -> int:
	return int(value.to_integral_value(rounding=ROUND_HALF_UP))
