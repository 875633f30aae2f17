"""Values in the form in which columns hold them."""

import datetime
import json
from typing import Any

import frappe
from frappe.database import schema

STANDARD_DATETIMES = ("creation", "modified")


def column_value(fieldtype: str, value: Any) -> Any:
	"""`value` in the form in which a column of `fieldtype` stores it, so that comparisons are right.

	:raises frappe.db.OperationalError: for what is no date or time, as MariaDB refuses it."""
	from frappe.utils import cstr, flt, getdate

	if fieldtype in schema.NUMERIC_FIELDTYPES:
		return flt(value) if isinstance(value, str) or value is None else value
	if value in (None, ""):
		return ""
	try:
		if fieldtype == "Date":
			return getdate(value).isoformat()
		if fieldtype == "Datetime":
			return as_datetime(value)
	except (ValueError, frappe.ValidationError) as error:
		frappe.clear_last_message()
		raise frappe.db.OperationalError(f"Incorrect {fieldtype.lower()} value: '{value}'") from error
	return cstr(value)


def as_datetime(value: Any, time_of_days: datetime.time = datetime.time.min) -> datetime.datetime:
	"""A moment as it is; a day at `time_of_days`."""
	from frappe.utils import get_datetime

	is_day = ":" not in value if isinstance(value, str) else type(value) is datetime.date
	moment = get_datetime(str(value) if is_day else value)
	if moment is None:
		raise ValueError(value)
	return datetime.datetime.combine(moment.date(), time_of_days) if is_day else moment


def stored(doctype: str, fieldname: str, value: Any) -> Any:
	"""`value` as the column stores it: moments in one text form, numbers rounded as decimal(21,9) is."""
	if isinstance(value, list | dict):
		return json.dumps(value, separators=(",", ":"), default=str)
	if value is None or value == "" or not schema.is_doctype(doctype):
		return value
	if fieldname in STANDARD_DATETIMES:
		return column_value("Datetime", value)
	df = frappe.get_meta(doctype).get_field(fieldname)
	if not df or df.fieldtype not in schema.CHECKED_FIELDTYPES:
		return value
	value = column_value(df.fieldtype, value)
	return round(value, 9) if isinstance(value, float) else value
