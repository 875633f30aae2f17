"""Names, values, and rows of a Table MultiSelect, from what callers send."""

import json
from typing import Any, NoReturn

import frappe
from frappe import _

from crm_pipeline.exceptions import TooManyRecords, UnreadableList, UnreadableValues
from crm_pipeline.utils.markup import bold


def rows_from(names: list | str | None, fieldname: str) -> list[dict]:
	"""Return rows from names, from rows as Desk sends them, from a single name, or from the JSON of any of these."""
	if isinstance(names, str):
		names = _read_json(names) if names.lstrip().startswith(("[", "{")) else [names]
	if not all(isinstance(name, str | dict) for name in names or []):
		_refuse(names)
	return [name if isinstance(name, dict) else {fieldname: name} for name in names or [] if name]


def names_from(names: list | str | None) -> list[str]:
	"""Return the names from a list of them, or from its JSON.

	Raises:
		UnreadableList
	"""
	read = _read_json(names) if isinstance(names, str) else names
	if not isinstance(read, list) or not all(isinstance(name, str) for name in read):
		_refuse(names)
	return read


def refuse_too_many(names: list[str], most: int) -> None:
	"""Refuse more names than are worked on at once.

	Raises:
		TooManyRecords
	"""
	if len(names) > most:
		frappe.throw(
			_("{0} are too many at once. Choose at most {1}.").format(len(names), most),
			TooManyRecords,
			title=_("Too Many Records"),
		)


def values_from(data: dict | str | None) -> dict:
	"""Return the values by their fields, from an object or its JSON.

	Raises:
		UnreadableValues
	"""
	try:
		values = frappe.parse_json(data or {})
	except ValueError:
		values = None
	if not isinstance(values, dict):
		_refuse_values(data)
	return values


def texts_from(data: dict | str | None) -> dict[str, str]:
	"""Return the texts by their names, from an object or its JSON.

	Raises:
		UnreadableValues
	"""
	values = values_from(data)
	if not all(isinstance(value, str) for value in values.values()):
		_refuse_values(data)
	return values


def _refuse_values(data: Any) -> NoReturn:
	frappe.throw(
		_("{0} is no object of fields and values. Send values as a JSON object.").format(
			bold(str(data)[:40])
		),
		UnreadableValues,
		title=_("Values Not Readable"),
	)


def _read_json(text: str) -> list:
	try:
		value = json.loads(text)
	except ValueError:
		_refuse(text)
	return value if isinstance(value, list) else [value]


def _refuse(value: Any) -> NoReturn:
	frappe.throw(
		_("{0} is not a list of names. Send names as a JSON list.").format(bold(str(value)[:40])),
		UnreadableList,
		title=_("List Not Readable"),
	)
