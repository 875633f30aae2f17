"""Amounts of a document with item rows, in its own and in the base currency."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, ClassVar

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt, getdate
from pypika.queries import QueryBuilder

from crm_pipeline.exceptions import ItemMissing
from crm_pipeline.money.conversion import VALUE, Conversion, TypedAmount
from crm_pipeline.money.exchange_rates import base_currency, decimals_of, exchange_rate
from crm_pipeline.money.party_currency import default_from_party
from crm_pipeline.rules import money
from crm_pipeline.utils.disabled import refuse_disabled
from crm_pipeline.utils.numbers import check_number
from crm_pipeline.utils.prepared import Prepared
from crm_pipeline.utils.settled_document import SettledDocument
from crm_pipeline.utils.validation import refuse_impossible_values

DEFAULT_UNIT = "Nos"


class PricedDocument(SettledDocument):
	"""A document whose value is the sum of its rows or, without rows, a typed amount."""

	# Codes once they are set; before, a document may have none.
	currency: Any
	base_currency: Any
	conversion: Conversion | None = None  # of the present save
	items_at_hand: dict[str, frappe._dict] | None = None  # what it has found out of them
	value_field = "net_total"
	fields_by_saving: ClassVar[tuple[str, ...]] = (
		"status",
		"currency",
		"base_currency",
		"conversion_rate",
		"inverse_rate",
		"items",
		"total",
		"net_total",
		"base_net_total",
	)

	def insert(self, *arguments: Any, **options: Any) -> Document:
		default_from_party(self)
		return super().insert(*arguments, **options)

	def before_validate(self) -> None:
		refuse_impossible_values(self)

	def set_amounts(self) -> None:
		"""Rows, totals and base amounts, each rounded to its currency's decimals."""
		self.set_currency()
		self.set_row_defaults()
		self.convert_after_currency_change()
		self.set_conversion_rate()
		self.set_row_prices()
		self.set_row_amounts()
		self.set_totals()

	def set_currency(self) -> None:
		"""Keep the stored currency where a client empties it; of a new document take the party's, else the base's."""
		self.base_currency = base_currency()
		if not self.currency and (before := self.get_doc_before_save()):
			self.currency = before.currency
		if not self.currency:
			default_from_party(self)
		self.currency = self.currency or self.base_currency

	def check_items(self) -> None:
		"""Refuse an item that a row newly names though it is disabled."""
		before = self.get_doc_before_save()
		known = {row.name: row.item_code for row in before.items} if before else {}
		new = [row for row in self.items if known.get(row.name) != row.item_code]
		self.items_at_hand = items_of([*new, *filter(_lacks_default, self.items)])
		for row in new:
			item = self.items_at_hand.get(row.item_code)
			if item and item.disabled:
				refuse_disabled("Item", row.item_code)

	def set_row_defaults(self) -> None:
		"""Fill what a priced row leaves out from its item; what it says stays."""
		items, self.items_at_hand = self.items_at_hand or {}, None
		lacking = [row for row in self.items if _lacks_default(row)]
		items |= items_of([row for row in lacking if row.item_code not in items])
		for row in lacking:
			if item := items.get(row.item_code):
				self._fill_from_item(row, item)
		for row in self.items:
			if not (row.item_code or row.item_name):
				frappe.throw(
					_("Row {0}: choose an item or enter an item name.").format(row.idx),
					ItemMissing,
					title=_("Item Missing"),
				)
			row.uom = row.uom or DEFAULT_UNIT

	def _fill_from_item(self, row: Document, item: frappe._dict) -> None:
		row.item_name = row.item_name or item.item_name
		row.description = row.description or item.description
		row.uom = row.uom or item.stock_uom
		if row.rate is None:
			row.rate = self._from_base(item.standard_rate)

	def _from_base(self, amount: float | None) -> float:
		if not amount or self.currency == self.base_currency:
			return flt(amount)
		rate = exchange_rate(self.base_currency, self.currency, self.rate_date())
		return rate.of(amount, decimals_of(self.currency))

	def rate_date(self) -> date:
		"""Return the day whose exchange rate values this document."""
		return getdate(self.transaction_date)

	def set_conversion_rate(self) -> None:
		rate = self.rate_of(self.currency)
		self.conversion_rate, self.inverse_rate = float(rate), rate.divisor

	@property
	def rate(self) -> money.Rate:
		"""Return the rate to the base currency, as it was recorded."""
		return money.Rate(flt(self.conversion_rate), flt(self.inverse_rate))

	def rate_of(self, currency: str) -> money.Rate:
		"""Return base currency per unit on the document's day or, where no rate is recorded any more, as it is stored.

		Raises:
			ExchangeRateMissing
		"""
		return exchange_rate(
			currency, self.base_currency, self.rate_date(), stored=lambda: self.stored_rate(currency)
		)

	def stored_rate(self, currency: str) -> money.Rate:
		"""Return the rate that is stored with the document, if it is stored in this currency; else 0."""
		before = self.get_doc_before_save()
		if before and (before.currency, before.base_currency) == (currency, self.base_currency):
			return before.rate
		return money.Rate(0)

	def set_row_prices(self) -> None:
		"""Settle the rates of the rows; here they are as typed."""

	def set_row_amounts(self) -> None:
		places, base_places = decimals_of(self.currency), decimals_of(self.base_currency)
		to_base = self.rate
		for row in self.items:
			row.amount = money.product(row.qty, row.rate, places)
			row.base_rate = to_base.of(row.rate, base_places)
			row.base_amount = to_base.of(row.amount, base_places)
			check_number(row.amount, "Amount")
			check_number(row.base_amount, "Amount (Base Currency)")

	def set_totals(self) -> None:
		"""With rows the value is their sum, counted once; without, the typed amount."""
		places, base_places = decimals_of(self.currency), decimals_of(self.base_currency)
		base_field = f"base_{self.value_field}"
		self.total = money.total((row.amount for row in self.items), places)
		if self.items:
			self.set(self.value_field, self.total)
			self.set(base_field, money.total((row.base_amount for row in self.items), base_places))
		else:
			value = money.round_to(flt(self.get(self.value_field)), places)
			self.set(self.value_field, value)
			self.set(base_field, self.rate.of(value, base_places))
		check_number(self.get(self.value_field), self.meta.get_label(self.value_field))
		check_number(self.get(base_field), self.meta.get_label(base_field))

	def convert_after_currency_change(self) -> None:
		"""Convert to a new currency every amount that the same save left as it was, and says so.

		A form that has converted while the user looked says so in `__amounts_in`: what it sends is as meant.
		"""
		before = self.get_doc_before_save()
		self.amounts_before = before.amounts_before if before else None
		self.conversion = None
		if before and before.currency and before.currency != self.currency:
			self.conversion = Conversion(self, before)
			self.conversion.run()

	def typed_amounts(self, before: Document) -> Iterator[TypedAmount]:
		"""Return the amounts that people typed and that a change of the currency is to convert.

		Args:
			before: the document as it is stored.
		"""
		old_rows = {row.name: row for row in before.items}
		for row in self.items:
			if row.name in old_rows:
				yield TypedAmount(row, old_rows[row.name], "rate", row.name)
		if not self.items:
			yield TypedAmount(self, before, self.value_field, VALUE)


def items_of(rows: Iterable[Document]) -> dict[str, frappe._dict]:
	"""Return what rows take from their items, by name; one query for all of them, none where none is named."""
	codes = {row.item_code for row in rows if isinstance(row.item_code, str) and row.item_code}
	if not codes:
		return {}
	return {found.name: found for found in _items({"codes": sorted(codes)}, as_dict=True)}


@Prepared
def _items(values: dict[str, Any]) -> QueryBuilder:
	item = frappe.qb.DocType("Item")
	query = frappe.qb.from_(item).where(item.name.isin(values["codes"]))
	return query.select(
		item.name, item.item_name, item.description, item.stock_uom, item.standard_rate, item.disabled
	)


def _lacks_default(row: Document) -> bool:
	"""Return whether a row leaves out what its item would say."""
	return not (row.item_name and row.description and row.uom) or row.rate is None
