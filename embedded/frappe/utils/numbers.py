"""Lenient conversion and rounding of numbers, as every Frappe API expects it of user input."""

import math
from contextlib import suppress
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Any

import frappe

DEFAULT_ROUNDING = "Banker's Rounding"
WITHOUT_DECIMALS = 2**52  # a float of this size is a whole number
TIES = {DEFAULT_ROUNDING: ROUND_HALF_EVEN, "Commercial Rounding": ROUND_HALF_UP}


def cint(s: Any, default: int = 0) -> int:
	"""Return `s` as an integer, truncated; `default` where it is not a number."""
	for convert in (int, lambda value: int(float(value))):
		try:
			return convert(s)
		except (TypeError, ValueError, OverflowError):
			continue
	return default


def flt(s: Any, precision: int | None = None, rounding_method: str | None = None) -> float:
	"""Return `s` as a float, commas ignored, rounded to `precision` decimals if given; 0.0 for what is no number."""
	text = s.replace(",", "") if isinstance(s, str) else s
	with suppress(TypeError, ValueError, OverflowError):
		number = float(text)
		return rounded(number, precision, rounding_method) if precision is not None else number
	return 0.0


def rounded(num: float, precision: int = 0, rounding_method: str | None = None) -> float:
	"""Round by the method in System Settings what the number is written as: binary never breaks a tie.

	Raises InvalidRoundingMethod for an unknown method."""
	method = rounding_method or frappe.get_system_settings("rounding_method") or DEFAULT_ROUNDING
	if method not in TIES:
		frappe.throw(frappe._("Unknown Rounding Method: {}").format(method), exc=frappe.InvalidRoundingMethod)
	if not math.isfinite(num) or abs(num) >= WITHOUT_DECIMALS:
		return num
	step = Decimal(1).scaleb(-cint(precision))
	return float(Decimal(repr(float(num))).quantize(step, rounding=TIES[method]))
