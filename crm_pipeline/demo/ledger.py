"""Remembers what the demo made, so that exactly that can be removed, and dates it back."""

from collections import defaultdict
from datetime import datetime

import frappe
from frappe.model.document import Document

from crm_pipeline.history.as_of import change
from crm_pipeline.history.changes import date_last_changes, date_statuses
from crm_pipeline.history.spans import date_spans
from crm_pipeline.utils.bulk_sql import bulk_insert, in_list, new_row

NOTED_IN_VERSIONS = ("Lead", "Customer", "Supplier", "Item", "Opportunity", "Quotation", "Supplier Quotation")


class Ledger:
	"""Collects while the demo is built; `close` writes it all, set by set."""

	def __init__(self) -> None:
		self.records: list[tuple[str, str]] = []
		self.dates: dict[str, dict[str, dict]] = defaultdict(dict)

	def keep(self, doc: Document, at: datetime, by: str = "Administrator") -> Document:
		"""Remember a record as made at a moment of the past by a user."""
		self.records.append((doc.doctype, doc.name))
		self.date(doc.doctype, doc.name, at, by)
		return doc

	def date(self, doctype: str, name: str, at: datetime, by: str) -> None:
		"""Say when and by whom a record was made."""
		self.dates[doctype][name] = {"creation": at, "owner": by, "modified": at, "modified_by": by}

	def touch(self, doc: Document, at: datetime) -> None:
		"""Say when a record was last changed."""
		self.dates[doc.doctype][doc.name]["modified"] = at

	def date_changes(self, opportunity: str, moments: list[tuple[int, datetime, str]]) -> None:
		"""Spread an opportunity's history over the past.

		The demo plays two years in a minute, through the same methods a user calls; only here, and only for its
		own records, is the append-only log given other moments than those at which it was written.

		Args:
			moments: number of log rows there were after each step, when the step was and who did it.
		"""
		rows = frappe.get_all(
			"Pipeline Change", filters={"opportunity": opportunity}, order_by="idx", pluck="name"
		)
		start = 0
		for end, at, by in moments:
			for name in rows[start:end]:
				self.date("Pipeline Change", name, at, by)
				self.dates["Pipeline Change"][name].update(at=at, by=by)
			start = end

	def close(self) -> None:
		"""Write the list of records and their dates. What versions say of the building would mislead."""
		bulk_insert(
			"Demo Record",
			(
				{**new_row(), "idx": position, "reference_doctype": doctype, "reference_name": name}
				for position, (doctype, name) in enumerate(self.records, 1)
			),
		)
		for doctype, dates in self.dates.items():
			frappe.db.bulk_update(doctype, dates, update_modified=False)
		opportunities = [name for doctype, name in self.records if doctype == "Opportunity"]
		date_spans(change.opportunity.isin(in_list(opportunities)))
		for date in (date_statuses, date_last_changes):
			date(frappe.qb.DocType("Opportunity").name.isin(opportunities))
		for doctype in NOTED_IN_VERSIONS:
			if names := [name for kind, name in self.records if kind == doctype]:
				frappe.db.delete("Version", {"ref_doctype": doctype, "docname": ["in", names]})
