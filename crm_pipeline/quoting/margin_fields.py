"""What the goods of a quotation cost, and what its price leaves over that.

Cost is always read from the supplier's row that a row of ours names, at the exchange rate recorded there; it follows
with every save of a draft, and stays as it was submitted.
"""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt

from crm_pipeline.exceptions import ImpossibleNumber
from crm_pipeline.money.exchange_rates import decimals_of
from crm_pipeline.money.priced_document import PricedDocument
from crm_pipeline.quoting.supplier_rows import base_cost_of, rate_of, supplier_rows
from crm_pipeline.rules import margin, money
from crm_pipeline.rules.row_prices import decimals_written

ROW_COSTS = ("cost_rate", "base_cost_rate", "base_cost")
OFFER = ("supplier_quotation", "supplier_quotation_item")
SAME_ITEM = ("opportunity_item", "item_code", "item_name")
HEAD_MARGINS = ("base_cost", "base_margin", "margin_percentage")


class MarginFields(PricedDocument):
	"""The part of a quotation that knows its cost."""

	def restore_system_fields(self) -> None:
		super().restore_system_fields()
		self.keep_offers()

	def keep_offers(self) -> None:
		"""Let rows name the offers that they did, where who saves may not read them: else the cost could be shaken off.

		So does a row that is typed anew for an item with an offer, also in an amendment or a revision.
		"""
		if (
			self.docstatus > 1
			or self.flags.by_software
			or frappe.has_permission("Supplier Quotation", "read")
		):
			return
		before = self.get_doc_before_save() or self.version_before()
		if not before or (not self.is_new() and before.docstatus):
			return
		known = {row.name: row for row in before.items}
		for row in self.items:
			if offer := offer_to_keep(row, known.get(row.name), before.items):
				row.update(offer)

	def version_before(self) -> Document | None:
		"""Return the quotation that a new one amends or replaces."""
		name = self.amended_from or self.replaces
		return frappe.get_doc("Quotation", name) if name and frappe.db.exists("Quotation", name) else None

	def set_margins(self) -> None:
		"""Read the cost of every row anew, and derive what the prices leave."""
		self.set_costs()
		self.set_margins_at_fixed_cost()

	def set_costs(self) -> None:
		names = [row.supplier_quotation_item for row in self.items if row.supplier_quotation_item]
		offers = supplier_rows(names) if names else {}
		before = self.get_doc_before_save()
		known = {row.name: row for row in before.items} if before else {}
		for row in self.items:
			offer = offers.get(row.supplier_quotation_item)
			if offer and offer.parent == row.supplier_quotation:
				self.set_cost(row, offer)
			else:
				keep_cost(row, known.get(row.name))

	def set_cost(self, row: Document, offer: frappe._dict) -> None:
		"""Let a row cost what a supplier's row says, for the quantity of ours."""
		to_base, base_places = rate_of(offer), decimals_of(self.base_currency)
		cost, written = margin.in_other_currency(offer.rate, to_base, self.rate), decimals_written(offer.rate)
		row.cost_rate = money.round_to(float(cost), max(decimals_of(self.currency), written))
		row.base_cost_rate = to_base.of(offer.rate, max(base_places, written))
		row.base_cost = base_cost_of(offer, row.qty)
		if abs(row.base_cost) > money.LARGEST_AMOUNT:
			refuse_cost(
				_("Row {0}: enter a smaller quantity; what it costs is too much to be kept.").format(row.idx)
			)

	def set_margins_at_fixed_cost(self) -> None:
		"""Derive margins of rows and head; the head's is that of the rows whose cost is known."""
		places = decimals_of(self.base_currency)
		for row in self.items:
			known = has_cost(row)
			row.margin_percentage = margin.margin_percentage(net_of(row), row.base_cost) if known else 0
		rows = self.rows_with_cost()
		net = money.total((net_of(row) for row in rows), places)
		self.base_cost = money.total((row.base_cost for row in rows), places)
		self.base_margin = money.total((net, -self.base_cost), places)
		self.margin_percentage = margin.margin_percentage(net, self.base_cost)
		if abs(self.base_cost) > money.LARGEST_AMOUNT:
			refuse_cost(_("Enter smaller quantities; what they cost together is too much to be kept."))

	def rows_with_cost(self) -> list[Document]:
		return [row for row in self.items if has_cost(row)]


def refuse_cost(problem: str) -> None:
	"""Refuse an amount without telling it: not all who meet it may see costs."""
	frappe.throw(problem, ImpossibleNumber, title=_("Impossible Number"))


def has_cost(row: Document) -> bool:
	"""Return whether a row was made from a supplier's rate."""
	return bool(row.supplier_quotation_item)


def offer_to_keep(row: Document, stored: Document | None, former: list[Document]) -> dict | None:
	"""Return the links of the offer that a row has to keep, or to take over from a former row for the same item.

	Args:
		stored: what the row is in the database; None for a new row.
	"""
	if stored and has_cost(stored):
		return {field: stored.get(field) for field in OFFER}
	if has_cost(row) or (stored and is_same_item(row, stored)):
		return None
	alike = (each for each in former if has_cost(each) and is_same_item(row, each))
	source = next(alike, None)
	return {field: source.get(field) for field in OFFER} if source else None


def is_same_item(row: Document, other: Document) -> bool:
	return any(row.get(field) and row.get(field) == other.get(field) for field in SAME_ITEM)


def net_of(row: Document) -> float:
	"""Return what a row is worth in the base currency, after all discounts and without taxes."""
	return flt(row.base_net_amount)


def keep_cost(row: Document, before: Document | None) -> None:
	"""Keep what is stored of a row's cost if its supplier's row is gone; without a supplier's row it has none."""
	kept = before if before and has_cost(row) else None
	for field in ROW_COSTS:
		row.set(field, flt(kept.get(field)) if kept else 0)
