"""Lenient conversion and rounding of numbers, as every Frappe API expects it of user input."""

import math
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from functools import partial

import frappe

DEFAULT_ROUNDING = "Banker's Rounding (legacy)"


def cint(s, default: int = 0) -> int:
	"""Return `s` as an integer, truncated; `default` where it is not a number."""
	for convert in (int, lambda value: int(float(value))):
		try:
			return convert(s)
		except (TypeError, ValueError, OverflowError):
			continue
	return default


def flt(s, precision: int | None = None, rounding_method: str | None = None) -> float:
	"""Return `s` as a float, commas ignored, rounded to `precision` decimals if given; 0.0 for what is no number."""
	if isinstance(s, str):
		s = s.replace(",", "")
	try:
		number = float(s)
		return number if precision is None else rounded(number, precision, rounding_method)
	except (TypeError, ValueError, OverflowError):
		return 0.0


def sbool(x):
	"""Return True or False for "true", "1", "false", "0" in any case, else `x` itself."""
	words = {"true": True, "1": True, "false": False, "0": False}
	return words.get(x.lower(), x) if isinstance(x, str) else x


def rounded(num: float, precision: int = 0, rounding_method: str | None = None) -> float:
	"""Round by the method in System Settings. Raises InvalidRoundingMethod for an unknown method."""
	method = rounding_method or frappe.get_system_settings("rounding_method") or DEFAULT_ROUNDING
	round_number = ROUNDING_METHODS.get(method)
	if not round_number:
		frappe.throw(frappe._("Unknown Rounding Method: {}").format(method), exc=frappe.InvalidRoundingMethod)
	return round_number(num, cint(precision))


def _bankers_legacy(num: float, precision: int) -> float:
	"""Ties go to the even integer without decimals, towards plus infinity with decimals."""
	scale = 10**precision
	scaled = round(num * scale, 8)
	if precision and scaled - math.floor(scaled) == 0.5:
		return math.ceil(scaled) / scale
	return round(scaled) / scale if precision else round(scaled)


def _round_decimal(num: float, precision: int, tie: str) -> float:
	"""Round what the number is written as, so that binary representation never breaks a tie."""
	if not math.isfinite(num):
		return round(num, precision)
	return float(Decimal(repr(float(num))).quantize(Decimal(1).scaleb(-precision), rounding=tie))


ROUNDING_METHODS = {
	DEFAULT_ROUNDING: _bankers_legacy,
	"Banker's Rounding": partial(_round_decimal, tie=ROUND_HALF_EVEN),
	"Commercial Rounding": partial(_round_decimal, tie=ROUND_HALF_UP),
}
