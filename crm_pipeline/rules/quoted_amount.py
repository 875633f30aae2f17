"""What an opportunity is worth by its quotations."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Protocol

from crm_pipeline.rules import quotation_status, status
from crm_pipeline.rules.money import Rate, round_to


class Quoted(Protocol):
	"""A quotation's part in an opportunity: its state and value, in its own and in the base currency."""

	@property
	def state(self) -> str: ...

	@property
	def currency(self) -> str: ...

	@property
	def value(self) -> float: ...

	@property
	def base_value(self) -> float: ...


def states_of_worth(opportunity_status: str) -> tuple[str, ...]:
	"""Return the states of the quotations that make an opportunity's amount: once it is won, only what was ordered."""
	if opportunity_status == status.CONVERTED:
		return quotation_status.WITH_ORDERS
	return quotation_status.COUNTING if opportunity_status in status.IN_PLAY else ()


def quoted_amount(quotations: Iterable[Quoted], currency: str, rate: Rate, places: int) -> float:
	"""Return the sum of quotations in a currency; those in others come by way of the base currency, at their own rate.

	Args:
		rate: base currency per unit of the currency.
		places: decimals of the currency.
	"""
	own, foreign = Decimal(0), Decimal(0)
	for quotation in quotations:
		if quotation.currency == currency:
			own += Decimal(repr(float(quotation.value)))
		else:
			foreign += Decimal(repr(float(quotation.base_value)))
	return round_to(float(own + (foreign / rate.exact if foreign else 0)), places)
