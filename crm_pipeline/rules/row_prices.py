"""Price of one unit on a row: list price, discount and rate, whichever of them somebody typed.

A percentage that is not 0 decides over the amount, which follows from it; so a stored row tells what was typed. Forms
send what follows along: what differs from it was typed. An amount beside no percentage always was: who takes the
discount away takes away both.
"""

from decimal import Decimal
from typing import NamedTuple

from crm_pipeline.rules.money import exact, round_to

HUNDRED = 100


class RowPrice(NamedTuple):
	"""Prices and discount of one unit, in the document's currency; None in what a new row leaves out."""

	price_list_rate: float | None
	discount_percentage: float | None  # percent of the list price
	discount_amount: float | None
	rate: float | None


def settle(sent: RowPrice, stored: RowPrice | None, places: int) -> RowPrice:
	"""Return what a row's price is after a save.

	Args:
		sent: as the save brings it.
		stored: as it was before, where the row is not new.
		places: decimals of the currency; a list price with more keeps its own.
	"""
	if stored is None:
		return _of_new(sent, places)
	changed = {field for field, new, old in zip(RowPrice._fields, sent, stored, strict=True) if new != old}
	list_price, percentage, amount, rate = sent
	if "discount_percentage" in changed:
		return discounted(list_price, percentage, amount, places)
	derived = discounted(list_price, percentage, amount, places)
	if "discount_amount" in changed and amount != derived.discount_amount:
		return discounted(list_price, 0, amount, places)
	if "rate" in changed and rate != derived.rate:
		keeps_list_price = amount or "price_list_rate" in changed
		return _between(list_price, rate) if keeps_list_price else RowPrice(rate, 0, 0, rate)
	return derived


def discounted(
	list_price: float | None, percentage: float | None, amount: float | None, places: int
) -> RowPrice:
	"""Return a row's price with a discount on its list price: the percentage or, where that is 0, the amount."""
	if percentage:
		off = exact(list_price) * exact(percentage) / HUNDRED
		amount = round_to(float(off), max(places, decimals_written(list_price)))
	rate = exact(list_price) - exact(amount)
	return RowPrice(list_price or 0, percentage or 0, amount or 0, float(rate))


def _of_new(sent: RowPrice, places: int) -> RowPrice:
	"""Take the discount off the list price or, where none is given, off the rate; a rate alone is the list price."""
	list_price = sent.price_list_rate or sent.rate
	if sent.discount_percentage or sent.discount_amount or sent.rate is None:
		return discounted(list_price, sent.discount_percentage, sent.discount_amount, places)
	return _between(list_price, sent.rate)


def _between(list_price: float | None, rate: float | None) -> RowPrice:
	"""Take a rate below the list price for a discount, one above it for the list price."""
	if not list_price or exact(rate) >= exact(list_price):
		return RowPrice(rate or 0, 0, 0, rate or 0)
	return RowPrice(list_price, 0, float(exact(list_price) - exact(rate)), rate)


def decimals_written(price: float | None) -> int:
	"""Return how many decimals a price is written with."""
	exponent = Decimal(exact(price)).normalize().as_tuple().exponent
	return max(-int(exponent), 0)
