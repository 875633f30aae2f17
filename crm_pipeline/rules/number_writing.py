"""Numbers as people of a site write them."""

import re

from crm_pipeline.rules.money import round_to

MARKS = re.compile(r"#([^#]*?)(?:##([^#]*))?###(?:([^#])#+)?")


def write(value: float, places: int, number_format: str) -> str:
	"""Return a number rounded to decimals, its digits grouped.

	Args:
		number_format: one of those that Frappe knows, such as `#.###,##` or `#,##,###.##`; its decimals do not count.
	"""
	group, decimal = _marks(number_format)
	whole, _point, fraction = f"{abs(round_to(value, places)):.{places}f}".partition(".")
	head, tail = whole[:-3], whole[-3:]
	size = 2 if number_format.startswith("#,##,") else 3
	groups = [tail]
	while head:
		head, last = head[:-size], head[-size:]
		groups.insert(0, last)
	text = group.join(groups) + (decimal + fraction if fraction else "")
	return f"-{text}" if round_to(value, places) < 0 else text


def _marks(number_format: str) -> tuple[str, str]:
	"""Return what stands between groups and before decimals."""
	match = MARKS.match(number_format)
	group = match[1] if match else ","
	decimal = match[3] if match else None
	return group, decimal or ("," if group == "." else ".")
