"""Discounts, taxes and totals of a quotation."""

from collections.abc import Iterator
from typing import ClassVar

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt, fmt_money

from crm_pipeline.exceptions import DiscountImpossible, NothingQuoted, QuantityImpossible
from crm_pipeline.money.charges import charges_of
from crm_pipeline.money.conversion import TypedAmount
from crm_pipeline.money.exchange_rates import decimals_of
from crm_pipeline.quoting.discounted import Discounted
from crm_pipeline.quoting.quoting_document import QuotingDocument
from crm_pipeline.rules import row_prices, totals
from crm_pipeline.rules.row_prices import RowPrice
from crm_pipeline.rules.totals import ACTUAL, Discount
from crm_pipeline.utils.numbers import check_number

# Fields of the head, each with what it is called in `rules.totals`; those in base currency have a prefix.
SUMS = {
	"total": "total",
	"discount_amount": "discount_amount",
	"net_total": "net_total",
	"total_taxes_and_charges": "total_charges",
	"grand_total": "grand_total",
}
BASE = "base_"
PRICES = (
	*("additional_discount_percentage", "discount_amount", "base_discount_amount", "base_total", "taxes"),
	*("total_taxes_and_charges", "base_total_taxes_and_charges", "grand_total", "base_grand_total"),
)


class Totals(Discounted, QuotingDocument):
	"""A quotation whose rows have discounts, that has one as a whole, and taxes and charges."""

	# Fields that it writes.
	additional_discount_percentage: float
	discount_amount: float
	total: float
	percentage_field = "additional_discount_percentage"
	fields_by_saving: ClassVar[tuple[str, ...]] = (*QuotingDocument.fields_by_saving, *PRICES)
	prices = QuotingDocument.prices.union(PRICES)

	def check_quantities(self) -> None:
		"""Refuse rows that quote nothing, or less.

		Raises:
			QuantityImpossible
		"""
		for row in self.items:
			if row.qty is not None and flt(row.qty) <= 0:
				frappe.throw(
					_("Row {0}: enter a quantity above 0, or delete the row.").format(row.idx),
					QuantityImpossible,
					title=_("Quantity Not Possible"),
				)

	def require_a_price(self) -> None:
		"""Refuse to submit what offers nothing at a price; what is given away has a list price.

		Raises:
			NothingQuoted
		"""
		if not (flt(self.net_total) or any(flt(row.price_list_rate) for row in self.items)):
			frappe.throw(
				_("Enter an item with a unit price, or a net total, before you submit {0}.").format(
					self.name
				),
				NothingQuoted,
				title=_("Nothing Quoted"),
			)

	def set_row_prices(self) -> None:
		"""Take the rows' discounts off their list prices; rows without either keep the rate that was typed."""
		places, former = decimals_of(self.currency), self.former_prices()
		for row in self.items:
			sent = price_of(row)
			price = row_prices.settle(sent, former.get(row.name), places)
			self.check_row_discount(row, price)
			if sent.price_list_rate or price.discount_amount:
				row.update(price._asdict())
			row.rate = price.rate

	def fill_list_prices(self) -> None:
		"""Say of rows without discount that their rate is the list price."""
		for row in self.items:
			row.price_list_rate = row.price_list_rate or row.rate
			row.discount_amount = flt(row.discount_amount)

	def former_prices(self) -> dict[str, RowPrice]:
		"""Return the stored prices of the rows, by name, in the present currency."""
		before = self.get_doc_before_save()
		stored = {row.name: price_of(row) for row in before.items} if before else {}
		if self.conversion:
			self.follow_conversion(stored, self.conversion.became)
		kept = (row for row in self.items if row.name in stored)
		for row in kept:  # a client that knows no discounts sends none
			fill_in(row, stored[row.name])
		return stored

	def follow_conversion(self, stored: dict[str, RowPrice], became: dict[str, float]) -> None:
		"""Convert stored prices as the save does: what follows from others does so from the converted ones.

		Args:
			became: what typed amounts were converted to.
		"""
		places = decimals_of(self.currency)
		rows = {row.name: row for row in self.items}
		for name, old in stored.items():
			if name not in rows:
				continue
			list_price = became.get(f"{name}.price_list_rate", 0)
			amount = became.get(f"{name}.discount_amount", 0)
			new = row_prices.discounted(list_price, old.discount_percentage, amount, places)
			for field in ("discount_amount", "rate"):
				if flt(rows[name].get(field)) == flt(getattr(old, field)):
					rows[name].set(field, getattr(new, field))
			stored[name] = new

	def typed_amounts(self, before: Document) -> Iterator[TypedAmount]:
		for typed in super().typed_amounts(before):
			if typed.field != "rate" or not typed.stored.discount_amount:  # else it follows
				yield typed
		old_rows = {row.name: row for row in before.items}
		for row in self.items:
			if old := old_rows.get(row.name):
				yield TypedAmount(row, old, "price_list_rate", f"{row.name}.price_list_rate")
				if not (old.discount_percentage and row.discount_percentage):
					yield TypedAmount(row, old, "discount_amount", f"{row.name}.discount_amount")
		if not (before.additional_discount_percentage and self.additional_discount_percentage):
			yield TypedAmount(self, before, "discount_amount", "discount_amount")
		old_rows = {row.name: row for row in before.taxes}
		for row in self.taxes:
			if row.charge_type == ACTUAL and (old := old_rows.get(row.name)):
				yield TypedAmount(row, old, "tax_amount", f"{row.name}.tax_amount")

	def set_totals(self) -> None:
		super().set_totals()
		places, base_places = decimals_of(self.currency), decimals_of(self.base_currency)
		self.set_discount(places)
		charges = charges_of(self.taxes)
		if self.items:
			amounts = [row.amount for row in self.items]
			sums = totals.of_rows(amounts, self.discount_amount, charges, places)
		else:
			sums = totals.of_net_total(self.net_total, charges, places)
		self.write_totals(sums, "", places)
		self.write_totals(totals.in_base(sums, self.rate, base_places), BASE, base_places)

	def set_discount(self, places: int) -> None:
		"""Settle the discount of the document, from its percentage or as an amount.

		Raises:
			DiscountImpossible
		"""
		self.check_percentage(flt(self.additional_discount_percentage), _("Additional Discount"))
		before = self.get_doc_before_save()
		discount = totals.settle_discount(
			discount_of(self), discount_of(before) if before else None, self.total, places
		)
		self.additional_discount_percentage, self.discount_amount = discount
		if not self.items and any(discount):
			refuse_discount(
				_(
					"A discount is taken off items. Enter some, or lower the net total and leave the discount out."
				)
			)
		if not 0 <= discount.amount <= max(self.total, 0):
			refuse_discount(
				_("The additional discount lies between 0 and the sum of the items, {0}.").format(
					fmt_money(self.total, places, self.currency)
				)
			)

	def check_row_discount(self, row: Document, price: RowPrice) -> None:
		place = _("Row {0}").format(row.idx)
		self.check_percentage(flt(row.discount_percentage), place)
		list_price, discount, rate = flt(price.price_list_rate), flt(price.discount_amount), flt(price.rate)
		if discount < 0 or rate < 0 <= list_price:
			refuse_discount(_("{0}: the discount lies between 0 and the list price.").format(place))

	def check_percentage(self, percentage: float, place: str) -> None:
		if not 0 <= percentage <= 100:
			refuse_discount(_("{0}: a discount lies between 0 and 100 percent.").format(place))

	def write_totals(self, sums: totals.Totals, prefix: str, places: int) -> None:
		"""Write sums into the document, its rows and its charges.

		Args:
			prefix: of the fields.
			places: decimals of the currency of these fields.
		"""
		for row, net_amount in zip(self.items, sums.net_amounts, strict=True):
			net_rate = totals.net_rate(net_amount, flt(row.qty), places)
			row.update({f"{prefix}net_amount": net_amount, f"{prefix}net_rate": net_rate})
		charged = zip(self.taxes, sums.charge_amounts, sums.running_totals, strict=True)
		for row, amount, running_total in charged:
			row.update({f"{prefix}tax_amount": amount, f"{prefix}total": running_total})
		for field, source in SUMS.items():
			value = getattr(sums, source)
			check_number(value, self.meta.get_label(f"{prefix}{field}"))
			self.set(f"{prefix}{field}", value)


def price_of(row: Document) -> RowPrice:
	"""Return what a row says of its price."""
	return RowPrice(*(row.get(field) for field in RowPrice._fields))


def fill_in(row: Document, former: RowPrice) -> None:
	"""Fill what a row leaves out of its price; the amount of a percentage that is taken away goes along."""
	percentage = row.get("discount_percentage")
	if former.discount_percentage and percentage is not None and not flt(percentage):
		row.discount_amount = flt(row.discount_amount)
	row.update({field: value for field, value in former._asdict().items() if row.get(field) is None})


def discount_of(doc: Document) -> Discount:
	"""Return what a quotation says of its discount."""
	return Discount(flt(doc.additional_discount_percentage), flt(doc.discount_amount))


def refuse_discount(problem: str) -> None:
	frappe.throw(problem, DiscountImpossible, title=_("Discount Not Possible"))
