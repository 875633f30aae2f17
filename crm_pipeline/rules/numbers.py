"""Numbers that people and programs write as text: read where there is one reading, else refused."""

import re
import unicodedata

# Groups of three, or of two before the last three as in India; a first group that is 0 groups nothing.
GROUPED = r"[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}"
NUMBER = re.compile(rf"[+-]?(?:(?:{GROUPED}|[0-9]+)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
THREE_AFTER_ONE_MARK = re.compile(r"[+-]?[1-9][0-9]{0,2}([.,])[0-9]{3}")

# Number formats of Frappe in which a mark means what the other means in NUMBER.
COMMA_FOR_DECIMALS = ("#.###,##", "# ###,##", "#.###")
POINT_FOR_GROUPS = ("#.###,##", "#.###")


ARABIC_MARKS = str.maketrans({"\u066b": ".", "\u066c": ","})
BETWEEN_DIGITS = re.compile(r"(?<=[0-9])[ \u00a0\u202f'\u2019](?=[0-9]{3}(?![0-9]))")
WITH_DECIMAL_COMMA = re.compile(
	r"[+-]?(?:[0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+),[0-9]*|[+-]?[1-9][0-9]{0,2}(?:\.[0-9]{3}){2,}"
)


class AmbiguousNumber(ValueError):
	"""A text that is one number to its reader and another one to people of the site."""

	def __init__(self, decimal: str, whole: str) -> None:
		super().__init__(f"{decimal} or {whole}")
		self.decimal, self.whole = decimal, whole


def read(text: str, number_format: str = "") -> float:
	"""Return the number that a text says, with a decimal point and perhaps commas between groups.

	Args:
		number_format: of the site; what its people would read as another number is refused.

	Raises:
		AmbiguousNumber
		ValueError: anything else that is not plainly a number.
	"""
	text = text.strip()
	if not NUMBER.fullmatch(text):
		raise ValueError("not plainly a number")
	if is_ambiguous(text, number_format):
		raise AmbiguousNumber(text.replace(",", "."), re.sub("[.,]", "", text))
	return float(text.replace(",", ""))


def is_ambiguous(text: str, number_format: str) -> bool:
	"""Tell whether people of a site with this format would take a mark for the other one."""
	match = THREE_AFTER_ONE_MARK.fullmatch(text)
	if not match:
		return False
	return number_format in (POINT_FOR_GROUPS if match[1] == "." else COMMA_FOR_DECIMALS)


def in_plain_form(text: str) -> str:
	"""Return what somebody typed in the way of their country as `read` takes it, where that has one reading.

	Digits of all scripts become those of ours, spaces and apostrophes between groups go, and a comma that can only
	begin decimals becomes a point. What could be groups stays as it is, for `read` to refuse or to take.
	"""
	text = "".join(_digit(character) for character in text.strip()).translate(ARABIC_MARKS)
	text = BETWEEN_DIGITS.sub("", text)
	if not WITH_DECIMAL_COMMA.fullmatch(text) or THREE_AFTER_ONE_MARK.fullmatch(text):
		return text
	return text.replace(".", "").replace(",", ".")


def _digit(character: str) -> str:
	return str(unicodedata.decimal(character, character))
