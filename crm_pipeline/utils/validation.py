"""Values that no field of ours may hold, refused before anything is computed from them.

Frappe casts what it cannot read to zero and leaves impossible dates to the database; here they are errors.
"""

import json
import re
from datetime import date, datetime
from typing import Any, Literal, TypeVar, overload
from urllib.parse import urlparse

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils.html_utils import sanitize_html

from crm_pipeline.exceptions import ImpossibleDate, UnreadableFilters, UnsafeLink
from crm_pipeline.utils.markup import bold, escaped
from crm_pipeline.utils.numbers import NUMBER_TYPES, read_number

DATE_TYPES = ("Date", "Datetime")
LINE_TYPES = ("Data", "Link", "Dynamic Link", "Select")
TEXT_TYPES = ("Small Text", "Text")
CLEANED_TYPES = ("Data", "Small Text", "Text", "Long Text", "Text Editor")
TAG = re.compile(r"<[a-zA-Z/!?]")
LINE_LENGTH = 140  # characters
TEXT_SIZE = 65_535  # bytes
ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")
EARLIEST_YEAR = 1000  # what all databases can keep
LINK_SCHEMES = ("", "http", "https")

Day = TypeVar("Day", bound=date)


def refuse_impossible_values(doc: Document) -> None:
	"""Check numbers, dates and lengths of a document and its rows; what came as text becomes a value.

	Raises:
		CharacterLengthExceededError: longer than the field may be; not every database would object.
		ImpossibleNumber: not plainly a number, infinite, or of more than twelve digits before the point.
		ImpossibleDate: not an ISO date, or one the calendar does not have.
		UnsafeLink: a web address that a browser would not open as one.
	"""
	for row in (doc, *doc.get_all_children()):
		for df in row.meta.fields:
			value = row.get(df.fieldname)
			if value is None or value == "":
				continue
			if df.fieldtype in NUMBER_TYPES:
				number = read_number(value, df.label, df.fieldtype, row.idx if row is not doc else None)
				row.set(df.fieldname, number)
			elif df.fieldtype in DATE_TYPES:
				row.set(df.fieldname, read_date(value, df.fieldtype, _(df.label)))
			else:
				check_length(value, df)
				if df.options == "URL":
					check_link(value, df)
				if row is not doc or doc.is_new() or doc.has_value_changed(df.fieldname):
					row.set(df.fieldname, without_scripts(value, df))


def check_length(value: Any, df: Document) -> None:
	"""Refuse text that its field cannot hold on every database."""
	text = str(value)
	if df.fieldtype in LINE_TYPES and len(text) > (df.length or LINE_LENGTH):
		limit = _("{0} characters").format(df.length or LINE_LENGTH)
	elif df.fieldtype in TEXT_TYPES and len(text.encode()) > TEXT_SIZE:
		limit = _("{0} bytes").format(TEXT_SIZE)
	else:
		return
	frappe.throw(
		_("{0} is too long. It may have {1}.").format(bold(_(df.label)), limit),
		frappe.CharacterLengthExceededError,
		title=_("Too Long"),
	)


def without_scripts(value: Any, df: Document) -> Any:
	"""Return the text without what could run in a browser, as Frappe cleans all but JSON, which any text in quotes is.

	Frappe shows the cells of its grids and reports as markup.
	"""
	if df.fieldtype not in CLEANED_TYPES or not isinstance(value, str) or not TAG.search(value):
		return value
	try:
		json.loads(value)
	except ValueError:
		return value
	return sanitize_html(value, always_sanitize=True)


def check_link(value: Any, df: Document) -> None:
	"""Refuse a web address of another kind: Frappe makes a link of whatever has a scheme, of scripts too."""
	if urlparse(str(value).strip()).scheme.lower() not in LINK_SCHEMES:
		frappe.throw(
			_("{0}: {1} is not a web address. Enter one that begins with https://.").format(
				escaped(_(df.label)), bold(str(value)[:40])
			),
			UnsafeLink,
			title=_("Web Address Not Possible"),
		)


@overload
def read_date(value: Any, fieldtype: Literal["Date"], label: str) -> date: ...


@overload
def read_date(value: Any, fieldtype: Literal["Datetime"], label: str) -> datetime: ...


def read_date(value: Any, fieldtype: str, label: str) -> date | datetime:
	"""Return the date or datetime that `value` stands for, which may be text in ISO form."""
	try:
		return _as_day(value) if fieldtype == "Date" else _as_moment(value)
	except (TypeError, ValueError):
		frappe.throw(
			_("{0}: {1} is not a date. Enter an existing day as YYYY-MM-DD.").format(
				escaped(label), bold(str(value)[:40])
			),
			ImpossibleDate,
			title=_("Impossible Date"),
		)


def read_filters(filters: list | dict | str | None, doctype: str) -> list[list]:
	"""Conditions on a DocType from what Frappe's lists take: conditions, or values by field, also as JSON.

	Raises:
		UnreadableFilters: anything else.
	"""
	try:
		return _conditions(json.loads(filters) if isinstance(filters, str) and filters else filters, doctype)
	except ValueError:
		frappe.throw(
			_(
				"{0} are no filters. Send a JSON list of conditions, or an object of fields and values."
			).format(bold(str(filters)[:40])),
			UnreadableFilters,
			title=_("Filters Not Readable"),
		)


def _conditions(filters: Any, doctype: str) -> list[list]:
	if isinstance(filters, dict):
		conditions = [
			[doctype, field, *(value if isinstance(value, list) else ("=", value))]
			for field, value in filters.items()
		]
	else:
		conditions = [] if filters is None or filters == "" else filters
	if isinstance(conditions, list) and all(_is_condition(condition) for condition in conditions):
		return conditions
	raise ValueError("neither conditions nor fields with values")


def _is_condition(condition: Any) -> bool:
	"""Field, operator and value, perhaps after a DocType; Desk adds whether the condition is hidden."""
	return isinstance(condition, list) and 3 <= len(condition) <= 5


def _as_day(value: Any) -> date:
	if isinstance(value, datetime):
		return value.date()
	day = value if isinstance(value, date) else _as_moment(value).date()
	return _within_reach(day)


def _as_moment(value: Any) -> datetime:
	if isinstance(value, datetime):
		return _within_reach(value)
	if isinstance(value, date):
		return datetime(value.year, value.month, value.day)
	if not ISO_DATE.match(value):
		raise ValueError("not in the form YYYY-MM-DD")
	moment = datetime.fromisoformat(value)
	if moment.tzinfo:
		raise ValueError("a site keeps its own time zone")
	return _within_reach(moment)


def _within_reach(value: Day) -> Day:
	if value.year < EARLIEST_YEAR:
		raise ValueError("before the earliest year")
	return value
