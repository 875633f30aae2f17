"""Prices for a customer from what suppliers offer, and the margin that is asked for."""

import json
from decimal import Decimal
from typing import Any, NamedTuple, NoReturn

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt

from crm_pipeline.exceptions import MarginImpossible, PicksUnfit, SupplierRateMissing
from crm_pipeline.money.exchange_rates import base_currency, decimals_of
from crm_pipeline.quoting.comparison import offers_for
from crm_pipeline.quoting.supplier_rows import base_cost_of, rate_of
from crm_pipeline.rules import margin, money
from crm_pipeline.rules.money import Rate
from crm_pipeline.utils.disabled import refuse_disabled
from crm_pipeline.utils.markup import bold
from crm_pipeline.utils.numbers import read_number


class AskedMargin(NamedTuple):
	"""A margin that is asked for: percent of the price or, of all units together, an amount in its currency."""

	percentage: float | None = None
	amount: Decimal | None = None


class Pick(NamedTuple):
	"""A quantity of an opportunity's row, to be had from a supplier's row."""

	item: Document
	offer: frappe._dict
	qty: float
	asked: AskedMargin | None


def read_margin(value: dict | str | None) -> AskedMargin | None:
	"""Return the margin that a client asks for, as `{"percentage": 20}` or `{"amount": 500}`; None without one.

	Raises:
		MarginImpossible, ImpossibleNumber
	"""
	sent = _parsed(value)
	if sent is None or sent == {}:
		return None
	if not isinstance(sent, dict) or len(sent) != 1 or not set(sent) <= set(AskedMargin._fields):
		_refuse_margin(_('Ask for a margin as {"percentage": 20} or {"amount": 500}.'))
	(kind, number), *_rest = sent.items()
	read = read_number(number, "Margin")
	asked = AskedMargin(percentage=read) if kind == "percentage" else AskedMargin(amount=money.exact(read))
	if asked.percentage is not None and not margin.is_possible_percentage(asked.percentage):
		_refuse_margin(_("A margin in percent is one of the price: ask for 0 to less than 100 %."))
	if asked.amount is not None and asked.amount < 0:
		_refuse_margin(_("Ask for a margin of 0 or more."))
	return asked


def _refuse_margin(problem: str) -> NoReturn:
	frappe.throw(problem, MarginImpossible, title=_("Margin Not Possible"))


def _parsed(value: Any) -> Any:
	try:
		return json.loads(value) if isinstance(value, str) and value else value or None
	except ValueError:
		return value


def read_picks(opportunity: Document, picks: list | str) -> list[Pick]:
	"""Return what a client chose, in the order of the opportunity's rows, once it fits what is stored.

	Raises:
		PicksUnfit, SupplierRateMissing, MasterDisabled, MarginImpossible, ImpossibleNumber, frappe.PermissionError
	"""
	sent = _parsed(picks)
	if not isinstance(sent, list) or not sent or not all(isinstance(each, dict) for each in sent):
		_refuse(_("Choose at least one supplier's rate."))
	offers = {offer.name: offer for offer in offers_for(opportunity)}
	items = {row.name: row for row in opportunity.items}
	chosen = [_pick(each, items, offers) for each in sent]
	for item in items.values():
		_check_quantity(item, [pick for pick in chosen if pick.item is item])
	return sorted(chosen, key=lambda pick: pick.item.idx)


def _pick(sent: dict, items: dict, offers: dict) -> Pick:
	item = _row_named(sent.get("opportunity_item"), items)
	offer = _row_named(sent.get("supplier_quotation_item"), offers)
	if not item:
		_refuse(_("The opportunity has no such row any more. Compare the offers again."))
	if not offer or offer.item != item.name:
		_refuse(_("Row {0}: this rate is not offered for it. Compare the offers again.").format(item.idx))
	_refuse_incomparable(item, offer)
	if flt(offer.rate) <= 0:
		frappe.throw(
			_("Row {0}: {1} gave no rate. Enter it in {2}, or choose another supplier.").format(
				item.idx, bold(offer.supplier_name), offer.parent
			),
			SupplierRateMissing,
			title=_("Rate Missing"),
		)
	refuse_disabled("Supplier", offer.supplier)
	qty = read_number(sent.get("qty", item.qty), "Quantity", row=item.idx)
	if qty <= 0:
		_refuse(_("Row {0}: choose a quantity above 0.").format(item.idx))
	return Pick(item, offer, qty, read_margin(sent.get("margin")))


def _row_named(name: Any, rows: dict) -> Any:
	return rows.get(name) if isinstance(name, str) else None


def _refuse_incomparable(item: Document, offer: frappe._dict) -> None:
	"""Refuse what a supplier has taken back, and a rate that is for another unit than the opportunity's row."""
	if offer.declined:
		_refuse(
			_("Row {0}: {1} has declined. Choose another supplier, or enter a new offer of theirs.").format(
				item.idx, bold(offer.supplier_name)
			)
		)
	if offer.other_unit:
		_refuse(
			_(
				"Row {0}: {1} offers per {2}, the opportunity's row is in {3}. Bring the units in line, here or in {4}."
			).format(item.idx, bold(offer.supplier_name), bold(_(offer.uom)), bold(_(item.uom)), offer.parent)
		)


def _check_quantity(item: Document, picks: list[Pick]) -> None:
	whole = sum((money.exact(pick.qty) for pick in picks), Decimal(0))
	if picks and whole != money.exact(item.qty):
		_refuse(
			_("Row {0}: the quantities chosen make {1}, the opportunity's row has {2}.").format(
				item.idx, bold(flt(whole)), bold(flt(item.qty))
			)
		)


def _refuse(problem: str) -> NoReturn:
	frappe.throw(problem, PicksUnfit, title=_("Choice Not Possible"))


def rates_for(picks: list[Pick], asked: AskedMargin | None, currency: str, rate: Rate) -> list[float | None]:
	"""Return the price of one unit for each pick, in a currency; None where no margin is asked for.

	A pick's own margin goes before the common one. An amount for all is spread over the rest by what they cost.

	Args:
		rate: base currency per unit of that currency.
	"""
	places = decimals_of(currency)
	costs = [margin.in_other_currency(pick.offer.rate, rate_of(pick.offer), rate) for pick in picks]
	wanted = _amounts_spread(picks, costs, asked)
	return [
		priced(cost, each, pick.qty, places) for pick, cost, each in zip(picks, costs, wanted, strict=True)
	]


def _amounts_spread(
	picks: list[Pick], costs: list[Decimal], asked: AskedMargin | None
) -> list[AskedMargin | None]:
	if not asked or asked.amount is None:
		return [pick.asked or asked for pick in picks]
	common = [index for index, pick in enumerate(picks) if not pick.asked]
	shares = (
		margin.spread(float(asked.amount), [costs[index] * money.exact(picks[index].qty) for index in common])
		if common
		else []
	)
	spread = dict(zip(common, shares, strict=True))
	return [pick.asked or AskedMargin(amount=spread[index]) for index, pick in enumerate(picks)]


def priced(cost: Decimal, asked: AskedMargin | None, qty: float, places: int) -> float | None:
	"""Return the price of one unit from its cost; None where no margin is asked for: the bare cost is no price."""
	if not asked:
		return None
	if asked.amount is not None:
		return margin.rate_with_amount(cost, asked.amount, qty, places)
	return margin.rate_at_percentage(cost, asked.percentage or 0, qty, places)


def summary_of(picks: list[Pick], prices: list[float], currency: str, to_base: Rate) -> dict[str, Any]:
	"""Return rows and sums as a quotation of these picks would have them, and whether they reach the floor.

	Args:
		prices: of one unit of each pick, in `currency`.
	"""
	places, base_places = decimals_of(currency), decimals_of(base_currency())
	rows = []
	for pick, price in zip(picks, prices, strict=True):
		cost = base_cost_of(pick.offer, pick.qty)
		amount = money.product(pick.qty, price, places)
		base_amount = to_base.of(amount, base_places)
		rows.append(
			{
				"opportunity_item": pick.item.name,
				"supplier_quotation_item": pick.offer.name,
				"qty": pick.qty,
				"rate": price,
				"amount": amount,
				"base_amount": base_amount,
				"base_cost": cost,
				"margin_percentage": margin.margin_percentage(base_amount, cost),
			}
		)
	net, cost = (money.total((row[key] for row in rows), base_places) for key in ("base_amount", "base_cost"))
	floor = frappe.get_cached_doc("Selling Settings").least_margin()
	return {
		"currency": currency,
		"base_currency": base_currency(),
		"rows": rows,
		"total": money.total((row["amount"] for row in rows), places),
		"base_total": net,
		"base_cost": cost,
		"base_margin": money.total((net, -cost), base_places),
		"margin_percentage": margin.margin_percentage(net, cost),
		"margin_floor": floor,
		"reaches_floor": not margin.is_below_floor(net, cost, floor, base_places, len(rows)),
	}
