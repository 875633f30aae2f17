"""Numbers of documents and files: read as they are written, or refused.

Frappe takes the commas out of whatever it is given and makes 0 of what it cannot read then.
"""

import math
from typing import Any, NoReturn

import frappe
from frappe import _

from crm_pipeline.exceptions import ImpossibleNumber
from crm_pipeline.rules import numbers
from crm_pipeline.rules.money import LARGEST_AMOUNT, STORED_DECIMALS, round_to
from crm_pipeline.utils.markup import bold, escaped

NUMBER_TYPES = ("Int", "Float", "Currency", "Percent")


def read_number(value: Any, label: str, fieldtype: str = "Float", row: int | None = None) -> float | int:
	"""Return the number that a value is, or that it says as text, with the decimals that are stored.

	Args:
		label: of the field, as in the DocType.
		row: number of the row in its table, to be named.

	Raises:
		ImpossibleNumber: not plainly a number, not finite, of more than twelve digits before the point, or a
			fraction where a whole number belongs.
	"""
	number, problem = parse_number(value, label, fieldtype)
	if number is None:
		place = _("Row {0}").format(row)
		refuse(f"{place}: {problem}" if row else f"{problem}")
	return number


def check_number(value: float, label: str) -> None:
	"""Refuse a number that the databases cannot keep.

	Raises:
		ImpossibleNumber
	"""
	read_number(value, label)


def refuse(problem: str) -> NoReturn:
	frappe.throw(problem, ImpossibleNumber, title=_("Impossible Number"))


def parse_typed(
	text: str, label: str, fieldtype: str, number_format: str
) -> tuple[float | int | None, str | None]:
	"""Return the number that somebody typed in the way of their country, or else what is wrong with it.

	Args:
		number_format: of theirs, as Frappe writes it; where it and the site's read a number in two ways, it is refused.
	"""
	return parse_number(numbers.in_plain_form(text), label, fieldtype, number_format)


def parse_number(
	value: Any, label: str, fieldtype: str = "Float", number_format: str | None = None
) -> tuple[float | int | None, str | None]:
	"""Return the number that a value is or says, with the decimals that are stored, or else what is wrong with it.

	Args:
		number_format: of whoever wrote it; the site's if left out.
	"""
	try:
		number = _number(value, number_format)
	except numbers.AmbiguousNumber as error:
		problem = _("{0}: {1} can be read as {2} or as {3} here. Write {2}0 or {3}, whichever is meant.")
		return None, _problem(problem, label, value, error.decimal, error.whole)
	except (TypeError, ValueError, OverflowError):
		problem = _("{0}: {1} is not plainly a number. Write digits with a decimal point, as 1234.56.")
		return None, _problem(problem, label, value)
	if not math.isfinite(number) or abs(number) > LARGEST_AMOUNT:
		problem = _("{0}: {1} is not a number that can be kept. Enter a number of at most twelve digits.")
		return None, _problem(problem, label, value)
	if fieldtype != "Int":
		return round_to(number, STORED_DECIMALS), None
	if number != int(number):
		return None, _problem(_("{0}: {1} is not a whole number."), label, value)
	return int(number), None


def _problem(problem: str, label: str, value: Any, *readings: str) -> str:
	return problem.format(escaped(_(label)), bold(str(value)[:40]), *readings)


def _number(value: Any, number_format: str | None) -> float:
	if isinstance(value, str):
		return numbers.read(value, number_format or frappe.db.get_default("number_format") or "")
	if isinstance(value, bool):
		raise TypeError("a truth value")
	return float(value)
