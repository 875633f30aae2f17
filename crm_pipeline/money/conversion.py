"""A document's change to another currency, and back again without loss."""

import json
from typing import NamedTuple

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt

from crm_pipeline.money.exchange_rates import decimals_of
from crm_pipeline.rules import money

VALUE = "value"


class TypedAmount(NamedTuple):
	"""A field of a document or row that holds a typed amount, in the present save and as it is stored."""

	record: Document
	stored: Document
	field: str
	key: str  # under which it is remembered


class Conversion:
	"""What one save that changes the currency does to the amounts that it left as they were.

	Converting rounds. So a document keeps in `amounts_before` what was converted into what; changed back, it gets
	that again unless somebody has typed another amount since. `became` says what each stored amount is worth now.
	"""

	def __init__(self, doc: Document, before: Document) -> None:
		self.doc, self.before = doc, before
		self.places = decimals_of(doc.currency)
		self.source, self.target = doc.rate_of(before.currency), doc.rate_of(doc.currency)
		self.by_form = doc.get("__amounts_in") == doc.currency
		kept = json.loads(before.amounts_before or "{}")
		self.earlier = kept if kept.get("currency") == doc.currency else {}
		self.converted = {"currency": before.currency, "rows": {}}
		self.became: dict[str, float] = {}

	def run(self) -> None:
		"""Convert, remember and tell."""
		for record, stored, field, key in self.doc.typed_amounts(self.before):
			record.set(field, self.amount(record.get(field), stored.get(field), key))
		if self.converted["rows"] or VALUE in self.converted:
			self.doc.amounts_before = json.dumps(self.converted)
			if not self.by_form:
				self.tell()

	def amount(self, sent: float, old: float, key: str) -> float:
		"""Return what an amount becomes: converted, restored, or as it was sent if that is neither the old one nor its
		conversion by the form.
		"""
		sent, old = flt(sent), flt(old)
		converted = self.convert(old)
		pair = self.earlier.get(VALUE) if key == VALUE else self.earlier.get("rows", {}).get(key)
		new = self.became[key] = pair[0] if pair and pair[1] == old else converted
		if not old or sent != (converted if self.by_form else old):
			return sent
		kept = self.converted if key == VALUE else self.converted["rows"]
		kept[key] = [old, new]
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
