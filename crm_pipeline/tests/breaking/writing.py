"""What breakers are, how they write past all that keeps a record true, and the records that they write on."""

from collections.abc import Callable
from dataclasses import dataclass

import frappe
from frappe.model.document import Document

from crm_pipeline.history.changes import WATCHED
from crm_pipeline.tests.factories import (
	in_days,
	make,
	make_lost_reason,
	make_opportunity,
	make_party_opportunity,
	make_supplier,
)
from crm_pipeline.utils.bulk_sql import bulk_insert, new_row

NOWHERE = "No such record"
CHANGES = {field: change for change, field in WATCHED.items()}


@dataclass(frozen=True)
class Breaker:
	"""What breaks an invariant: `act` returns the names that the check is to tell.

	`repaired` says whether repairing puts them right, `also` which others it cannot but break too.
	"""

	invariant: str
	act: Callable[[], list[str]]
	repaired: bool = False
	also: tuple[str, ...] = ()


BREAKERS: list[Breaker] = []


def breaks(invariant: str, repaired: bool = False, also: tuple[str, ...] = ()) -> Callable:
	def remember(act: Callable[[], list[str]]) -> Callable[[], list[str]]:
		BREAKERS.append(Breaker(invariant, act, repaired, also))
		return act

	return remember


def put(doc: Document, **values) -> list[str]:
	"""Write fields of a record into the database."""
	frappe.db.set_value(doc.doctype, doc.name, values, update_modified=False)
	return [doc.name]


def put_recorded(opportunity: Document, **values) -> list[str]:
	"""Write fields of an opportunity as if its last change had brought them."""
	change = frappe.get_last_doc("Pipeline Change", {"opportunity": opportunity.name}, order_by="idx desc")
	put(change, **values)
	for field in values:
		if CHANGES.get(field) == change.change:
			put(change, new_value=values[field])
	return put(opportunity, **values)


def add(doctype: str, **values) -> str:
	"""Write a record into the database; return its name."""
	row = {**new_row(), **values}
	bulk_insert(doctype, [row])
	return row["name"]


def add_row(doctype: str, parent: Document, field: str, **values) -> str:
	place = {"parent": parent.name, "parenttype": parent.doctype, "parentfield": field, "idx": 9}
	return add(doctype, **place, **values)


def won(**fields) -> Document:
	return make_opportunity(status="Converted", closed_on=in_days(0), **fields)


def lost(**fields) -> Document:
	return make_opportunity(status="Lost", lost_reasons=[{"lost_reason": make_lost_reason().name}], **fields)


def closed(**fields) -> Document:
	return make_opportunity(status="Closed", **fields)


def planned(**fields) -> Document:
	return make_opportunity(
		next_contact_date=f"{in_days(3)} 10:00:00", next_contact_by="Administrator", **fields
	)


def priced(**fields) -> Document:
	return make_party_opportunity(transaction_date=in_days(-1), **fields)


def supplier_quotation(**fields) -> Document:
	rows = [{"item_name": "Consulting", "qty": 2, "rate": 50}]
	return make("Supplier Quotation", **{"supplier": make_supplier().name, "items": rows, **fields})
