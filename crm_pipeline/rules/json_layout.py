"""JSON as a person reads it, and as version control compares it."""

import json
from typing import Any

WIDTH = 120  # columns


def laid_out(value: Any, indent: str = "", taken: int = 0) -> str:
	"""Return JSON in which whatever has room on a line stands on one, in the order in which it was put together.

	Args:
		indent: what stands before the line.
		taken: columns that a name and a comma take on it.
	"""
	flat = json.dumps(value, ensure_ascii=False)
	if len(indent) + taken + len(flat) <= WIDTH or not isinstance(value, dict | list) or not value:
		return flat
	inner = indent + " "
	if isinstance(value, list):
		lines = [inner + laid_out(each, inner, 1) for each in value]
		return "[\n" + ",\n".join(lines) + f"\n{indent}]"
	lines = []
	for key, each in value.items():
		name = json.dumps(key, ensure_ascii=False) + ": "
		lines.append(inner + name + laid_out(each, inner, len(name) + 1))
	return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
