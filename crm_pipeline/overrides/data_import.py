"""Frappe's Data Import, where it reads files for DocTypes of ours.

The importer casts numbers before a document is made of them, and no hook of a document sees the text. What it cannot
read it has to name before it stores anything, as it does with dates and links: so its own check of a value asks first.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

import frappe
from frappe import _
from frappe.core.doctype.data_import import importer
from frappe.model.document import Document

from crm_pipeline.constants import MODULE
from crm_pipeline.money.party_currency import currency_of
from crm_pipeline.parties.contact_details import party_of
from crm_pipeline.permissions.own import PIPELINE_DOCTYPES
from crm_pipeline.utils.markup import bold, escaped
from crm_pipeline.utils.numbers import NUMBER_TYPES, parse_number

TAUGHT = "reads_as_written"  # the mark of a function of the importer that asks ours


def read_as_written(doc: Document, method: str | None = None) -> None:
	"""Let the importer refuse what is not plainly a number, from the first import that a process sees."""
	for owner, name, checked in (
		(importer.Importer, "insert_record", with_party_currency),
		(importer.Row, "parse_doc", without_default_currency),
		(importer.Row, "validate_value", with_number_check),
		(importer.ImportFile, "get_warnings", with_column_check),
	):
		original = getattr(owner, name)
		if not getattr(original, TAUGHT, False):
			taught = checked(original)
			setattr(taught, TAUGHT, True)
			setattr(owner, name, taught)


def with_number_check(original: Callable) -> Callable:
	@wraps(original)
	def validate_value(self: importer.Row, value: object, col: importer.Column) -> object:
		vars(self).setdefault("named", set()).add((col.df.parent, col.df.fieldname))
		if (
			col.df.fieldtype not in NUMBER_TYPES
			or not is_pipeline_doctype(col.df.parent)
			or not isinstance(value, str)
		):
			return original(self, value, col)
		number, problem = parse_number(value, col.df.label, col.df.fieldtype)
		if problem:
			field = {key: col.df.get(key) for key in ("fieldname", "fieldtype", "label", "options", "parent")}
			warning = {"row": self.row_number, "col": col.column_number, "field": field, "message": problem}
			self.warnings.append(warning)
		return number

	return validate_value


def without_default_currency(original: Callable) -> Callable:
	"""Take Frappe's default out of a row that names no currency, so that its party can be asked for one."""

	@wraps(original)
	def parse_doc(self: importer.Row, doctype: str, *arguments: Any, **options: Any) -> dict | None:
		doc = original(self, doctype, *arguments, **options)
		if doc and doctype in PIPELINE_DOCTYPES and (doctype, "currency") not in getattr(self, "named", ()):
			doc.pop("currency", None)
		return doc

	return parse_doc


def with_party_currency(original: Callable) -> Callable:
	"""Give a record without currency that of its party, before Frappe fills in its default once more."""

	@wraps(original)
	def insert_record(self: importer.Importer, doc: dict) -> Document:
		if self.doctype in PIPELINE_DOCTYPES and not doc.get("currency"):
			doc["currency"] = currency_of(*party_of(frappe.get_doc({**doc, "doctype": self.doctype}))) or ""
		return original(self, doc)

	return insert_record


def with_column_check(original: Callable) -> Callable:
	@wraps(original)
	def get_warnings(self: importer.ImportFile) -> list[dict]:
		warnings = original(self)
		if is_pipeline_doctype(self.doctype) and all(column.skip_import for column in self.header.columns):
			return [*warnings, {"message": unknown_columns(self)}]
		return warnings

	return get_warnings


def unknown_columns(file: "importer.ImportFile") -> str:
	"""Return what to say once of a file that has nothing for the DocType, instead of something for every row."""
	titles = [str(column.header_title or "") for column in file.header.columns]
	text = _("No column is a field of {0}: {1}.").format(
		bold(_(file.doctype)), ", ".join(escaped(title) for title in titles)
	)
	if len(titles) == 1 and any(mark in titles[0] for mark in ";\t|"):
		advice = _("Separate the columns with commas.")
		return f"{text} {advice}"
	return text


def is_pipeline_doctype(doctype: str) -> bool:
	return frappe.get_meta(doctype).module == MODULE
