"""Telephone numbers as people write them: two writings are of the same number if what is dialled in its country is the same."""

import re

# What stands between the digits of a number, kinds of spaces and dashes among it.
SEPARATORS = " \u00a0\u202f-\u2010\u2011\u2013/().+"
FEWEST_DIGITS = 5  # fewer are in nearly every number
_NUMBER_LIKE = re.compile(f"[0-9{re.escape(SEPARATORS)}]+")
_TRUNK_ZERO = "(0)"  # "+49 (0) 30": dialled within the country alone
# Calling codes of ITU-T E.164 that have one digit or two; the others have three.
_SHORT_CODES = re.compile("[17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]")


def is_like_number(word: str) -> bool:
	"""Return whether a word may be a number or a part of one."""
	return bool(_NUMBER_LIKE.fullmatch(word))


def significant_digits(text: str) -> str:
	"""Return the digits that every writing of a number has, however country and area are dialled; empty if they are too few.

	Without + or 00 in front, nobody can tell a country's code from the beginning of the number: it stays.
	"""
	international = text.lstrip(" (").startswith(("+", "00"))
	digits = "".join(character for character in text.replace(_TRUNK_ZERO, "") if "0" <= character <= "9")
	digits = digits.lstrip("0")
	if international:
		code = _SHORT_CODES.match(digits)
		digits = digits[code.end() if code else 3 :].lstrip("0")
	return digits if len(digits) >= FEWEST_DIGITS else ""
