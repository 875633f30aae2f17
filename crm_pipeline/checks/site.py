"""What the database must have for the app to run: columns, indexes, custom fields, series that go on from where names are."""

import json
from pathlib import Path

import frappe
from frappe.model.meta import Meta
from pypika import Table
from pypika.functions import Length

from crm_pipeline.checks.invariant import MINOR, SERIOUS, Invariant, Repair
from crm_pipeline.constants import APP, MODULE
from crm_pipeline.crm_pipeline.doctype.auto_closed_opportunity import auto_closed_opportunity
from crm_pipeline.crm_pipeline.doctype.opportunity import indexes as opportunity_indexes
from crm_pipeline.crm_pipeline.doctype.pipeline_change import pipeline_change
from crm_pipeline.crm_pipeline.doctype.pipeline_write import pipeline_write
from crm_pipeline.utils.bulk_sql import update_where
from crm_pipeline.utils.indexes import OF_FRAPPE, Index, add_indexes, column_index, is_there

MIGRATE = "`bench --site NAME migrate`."
NAMED_IN_SERIES = ("Opportunity", "Lead", "Quotation", "Supplier Quotation", "Auto Close Batch")
LISTED = ("Lead", "Customer", "Quotation", "Supplier Quotation", "Item")  # by when they were entered
series = Table("tabSeries")


def missing_columns() -> list[str]:
	"""Return the fields of the app's DocTypes for which the database has no column, and those without a table."""
	return [
		f"{meta.name}: {fieldname}"
		for meta in _metas()
		if not meta.issingle
		for fieldname in _columns(meta)
		if not (frappe.db.table_exists(meta.name) and frappe.db.has_column(meta.name, fieldname))
	]


def _metas() -> list[Meta]:
	return [
		frappe.get_meta(name)
		for name in frappe.get_all("DocType", {"module": MODULE}, pluck="name", order_by="name")
	]


def _columns(meta: Meta) -> list[str]:
	virtual = {field.fieldname for field in meta.fields if field.get("is_virtual")}
	return [field for field in meta.get_valid_columns() if field not in virtual]


def missing_indexes() -> list[str]:
	"""Return the indexes that the app needs and the database lacks, each with its DocType."""
	return sorted({*missing_of_modules(), *_missing_of_fields()})


def missing_of_modules() -> list[str]:
	"""Return those of them that the app makes itself."""
	return [
		_told(doctype, index)
		for doctype, indexes in _indexes().items()
		for index in indexes
		if not is_there(doctype, index)
	]


def _indexes() -> dict[str, tuple[Index, ...]]:
	"""Return the indexes that no field of a DocType says."""
	entered = {doctype: (column_index(doctype, "creation"),) for doctype in ("Opportunity", *LISTED)}
	own = {
		"Opportunity": opportunity_indexes.INDEXES,
		"Pipeline Change": pipeline_change.indexes(),
		"Pipeline Write": pipeline_write.INDEXES,
		"Auto Closed Opportunity": auto_closed_opportunity.INDEXES,
	}
	of_frappe: dict[str, tuple[Index, ...]] = {}
	for name, (doctype, columns) in OF_FRAPPE.items():
		of_frappe[doctype] = (*of_frappe.get(doctype, ()), Index(tuple(columns), name))
	of_ours = {doctype: own.get(doctype, ()) + entered.get(doctype, ()) for doctype in {**own, **entered}}
	return of_ours | of_frappe


def _told(doctype: str, index: Index) -> str:
	return f"{doctype}: {index.name or '_'.join(index.columns)}"


def _missing_of_fields() -> list[str]:
	"""Return the fields that are to be indexed and are not.

	Frappe 16 makes none of these on SQLite, its own DocTypes included, and PostgreSQL cannot tell by the field.
	"""
	if frappe.db.db_type != "mariadb":
		return []
	return [
		f"{meta.name}: {field.fieldname}"
		for meta in _metas()
		for field in meta.fields
		if field.search_index and not meta.issingle
		if not frappe.db.get_column_index(f"tab{meta.name}", field.fieldname)
	]


def add_missing(told: list[str]) -> None:
	"""Add indexes; a large table takes some seconds for each."""
	former = frappe.flags.in_migrate
	frappe.flags.in_migrate = True  # else Frappe takes them for a customer's own wish, and notes it
	try:
		for doctype, indexes in _indexes().items():
			add_indexes(doctype, *(index for index in indexes if _told(doctype, index) in told))
	finally:
		frappe.flags.in_migrate = former


def missing_custom_fields() -> list[str]:
	"""Return the fields that the app adds to Frappe's DocTypes, as far as they are not there."""
	file = Path(frappe.get_app_path(APP, "fixtures", "custom_field.json"))
	fields = [(field["dt"], field["fieldname"]) for field in json.loads(file.read_text())]
	return [
		f"{doctype}-{fieldname}"
		for doctype, fieldname in fields
		if not frappe.db.exists("Custom Field", {"dt": doctype, "fieldname": fieldname})
		or not frappe.db.has_column(doctype, fieldname)
	]


def series_behind() -> list[str]:
	"""Return the prefixes of series whose next number a record has already."""
	return [prefix for prefix, (now, used) in _series().items() if now < used]


def move_on(prefixes: list[str]) -> None:
	"""Let series go on after the highest number that a record has; a few, one for each year."""
	known = _series()
	for prefix in prefixes:
		update_where(series, series.name == prefix, {"current": known[prefix][1]})


def _series() -> dict[str, tuple[int, int]]:
	"""Return the number at which each series of the app is, and the highest number that is in use, by prefix."""
	found = {}
	for doctype in NAMED_IN_SERIES:
		for begin in _beginnings(doctype):
			query = frappe.qb.from_(series).select(series.name, series.current)
			for prefix, now in query.where(series.name.like(f"{begin}%")).orderby(series.name).run():
				found[prefix] = (int(now or 0), _highest(doctype, prefix))
	return found


def _beginnings(doctype: str) -> list[str]:
	"""Return how the names of a DocType begin, in each of its naming series, up to the first part that changes."""
	meta = frappe.get_meta(doctype)
	field = meta.get_field("naming_series")
	patterns = (field.options or "").split("\n") if field else [meta.autoname or ""]
	return [begin for pattern in patterns if (begin := pattern.split(".")[0].strip())]


def _highest(doctype: str, prefix: str) -> int:
	"""Return the highest number that follows a prefix in a name. What people renamed is no number."""
	table = Table(f"tab{doctype}")
	query = frappe.qb.from_(table).select(table.name)
	query = query.where(table.name.like(f"{prefix}%") & table.name.not_like(f"{prefix}%-%"))
	query = query.orderby(Length(table.name), order=frappe.qb.desc).orderby(table.name, order=frappe.qb.desc)
	numbers = (name.removeprefix(prefix) for (name,) in query.limit(100).run())
	return next((int(number) for number in numbers if number.isdigit() and number.isascii()), 0)


INVARIANTS = (
	Invariant(
		"columns",
		"DocType",
		"The database has a column for each field of the app's DocTypes.",
		SERIOUS,
		f"A migration did not run to its end: {MIGRATE}",
		missing_columns,
	),
	Invariant(
		"indexes",
		"DocType",
		"The database has the indexes that lists, reports and jobs need.",
		MINOR,
		f"Repaired as far as the app makes them itself; those of fields by {MIGRATE}",
		missing_indexes,
		Repair(add_missing, missing_of_modules),
	),
	Invariant(
		"custom-fields",
		"Custom Field",
		"The fields are there that the app adds to Frappe's DocTypes.",
		SERIOUS,
		MIGRATE,
		missing_custom_fields,
	),
	Invariant(
		"series",
		"DocType",
		"A naming series is at the highest number in use, or after it: the next record could not be saved otherwise.",
		SERIOUS,
		"Repaired: it goes on after that number.",
		series_behind,
		Repair(move_on),
	),
)
