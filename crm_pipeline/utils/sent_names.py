"""Names that clients give to new records: none that a naming series would give, which nobody could then create."""

import re

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.meta import Meta

from crm_pipeline.exceptions import NamingSeriesUnknown, SeriesNameTaken
from crm_pipeline.utils.markup import bold

DATE_PARTS = {"YYYY": r"\d{4}", "YY": r"\d\d", "MM": r"\d\d", "DD": r"\d\d", "WW": r"\d\d"}
AMENDED = r"(-\d+)?"


def refuse_series_name(doc: Document) -> None:
	"""Refuse a new document's name that its series will give, and a series that its DocType does not offer.

	Raises:
		SeriesNameTaken, NamingSeriesUnknown
	"""
	options = series_of(doc.meta)
	chosen = doc.get("naming_series")
	if chosen and is_named_by_series(doc.meta) and chosen not in options:
		frappe.throw(
			_("{0} is no series of {1}. Leave it out, or choose one of: {2}.").format(
				bold(str(chosen)[:140]), _(doc.doctype), ", ".join(options)
			),
			NamingSeriesUnknown,
			title=_("Series Unknown"),
		)
	if keeps_given_name(doc):
		refuse_series_name_for(doc.meta, doc.name)


def keeps_given_name(doc: Document) -> bool:
	"""Return whether Frappe leaves a new document the name that came with it; else it names it itself."""
	return bool(frappe.flags.api_name_set or frappe.flags.in_import or doc.flags.name_set)


def refuse_series_name_for(meta: Meta, name: str | None) -> None:
	"""Refuse a name that a series of the DocType will give some day.

	Raises:
		SeriesNameTaken
	"""
	if not name:
		return
	given = (*series_of(meta), *series_of_rules(meta.name))
	if any(re.fullmatch(pattern_of(series, meta), name, re.IGNORECASE) for series in given):
		frappe.throw(
			_("{0} is a name that the series of {1} gives. Leave it out, or choose another form.").format(
				bold(name), _(meta.name)
			),
			SeriesNameTaken,
			title=_("Name of the Series"),
		)


def is_named_by_series(meta: Meta) -> bool:
	"""Return whether the field for the series names a DocType's documents, which a site may have decided otherwise."""
	return (meta.autoname or "").startswith("naming_series:")


def series_of(meta: Meta) -> list[str]:
	"""Return the naming series of a DocType, none if it is named otherwise."""
	autoname = meta.autoname or ""
	if is_named_by_series(meta):
		field = meta.get_field("naming_series")
		return [option for option in ((field and field.options) or "").split("\n") if option]
	if autoname.startswith("format:"):
		autoname = ".".join(re.split("[{}]", autoname.removeprefix("format:")))
	return [autoname] if "#" in autoname and ":" not in autoname else []


def series_of_rules(doctype: str) -> list[str]:
	"""Return the prefixes, with a number after them, that Document Naming Rules of the site give a DocType."""
	filters = {"document_type": doctype, "disabled": 0}
	return [f"{prefix}.#" for prefix in frappe.get_all("Document Naming Rule", filters, pluck="prefix")]


def pattern_of(series: str, meta: Meta | None = None) -> str:
	"""Return a regular expression for the names of a series, with their amendments.

	Args:
		meta: of the DocType whose fields the series may name.
	"""
	parts = [part for part in series.split(".") if part]
	if "#" not in series:
		parts.append("#####")
	return "".join(_pattern_of_part(part, meta) for part in parts) + AMENDED


def _pattern_of_part(part: str, meta: Meta | None) -> str:
	if part.startswith("#"):
		return r"\d+"
	if part.startswith("{") or (meta and meta.has_field(part)):
		return ".*"
	return DATE_PARTS.get(part) or re.escape(part)
