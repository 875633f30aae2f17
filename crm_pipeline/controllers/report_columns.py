"""Columns of reports."""

NUMBERS = frozenset({"Int", "Float", "Currency", "Percent"})


def column(fieldname: str, label: str, fieldtype: str, width: int, **more) -> dict:
	"""A column as Frappe's reports want it; `width` in pixels."""
	# Unless told, Desk takes a column for one of numbers whose first row is empty.
	align = {} if fieldtype in NUMBERS else {"align": "left"}
	return {"fieldname": fieldname, "label": label, "fieldtype": fieldtype, "width": width, **align, **more}
