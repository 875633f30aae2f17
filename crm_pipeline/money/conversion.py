"""A document's change to another currency, and back again without loss."""

import json

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt

from crm_pipeline.money.exchange_rates import decimals_of
from crm_pipeline.rules import money


class Conversion:
	"""What one save that changes the currency does to the amounts that it left as they were.

	Converting rounds. So a document keeps in `amounts_before` what was converted into what; changed back, it gets
	that again unless somebody has typed another amount since.
	"""

	def __init__(self, doc: Document, before: Document) -> None:
		self.doc, self.before = doc, before
		self.places = decimals_of(doc.currency)
		self.source, self.target = doc.rate_of(before.currency), doc.rate_of(doc.currency)
		self.by_form = doc.get("__amounts_in") == doc.currency
		kept = json.loads(before.amounts_before or "{}")
		self.earlier = kept if kept.get("currency") == doc.currency else {}
		self.converted = {"currency": before.currency, "rows": {}}

	def run(self) -> None:
		"""Convert, remember and tell."""
		old_rows = {row.name: row for row in self.before.items}
		for row in self.doc.items:
			if row.name in old_rows:
				row.rate = self.amount(row.rate, old_rows[row.name].rate, row.name)
		if not self.doc.items:
			field = self.doc.value_field
			self.doc.set(field, self.amount(self.doc.get(field), self.before.get(field)))
		if self.converted["rows"] or "value" in self.converted:
			self.doc.amounts_before = json.dumps(self.converted)
			if not self.by_form:
				self.tell()

	def amount(self, sent: float, old: float, row: str | None = None) -> float:
		"""Return what an amount becomes: converted, restored, or as it was sent if that is neither the old one nor its
		conversion by the form.
		"""
		sent, old = flt(sent), flt(old)
		new = self.convert(old)
		if not old or sent != (new if self.by_form else old):
			return sent
		pair = self.earlier.get("rows", {}).get(row) if row else self.earlier.get("value")
		if pair and pair[1] == old:
			new = pair[0]
		if row:
			self.converted["rows"][row] = [old, new]
		else:
			self.converted["value"] = [old, new]
		return new

	def convert(self, amount: float) -> float:
		exact = money.Decimal(repr(amount)) * self.source.exact / self.target.exact
		return money.round_to(float(exact), self.places)

	def tell(self) -> None:
		frappe.msgprint(
			_("Amounts were converted from {0} to {1} at {2}.").format(
				self.before.currency, self.doc.currency, shown(flt(self.source.exact / self.target.exact, 6))
			),
			alert=True,
		)


def shown(rate: float) -> str:
	"""Return a rate as people of this site write numbers, with as many decimals as it has."""
	places = len(f"{rate:.6f}".rstrip("0").partition(".")[2])
	return frappe.format(rate, {"fieldtype": "Float", "precision": places or 1})
