"""Columns of reports."""


def column(fieldname: str, label: str, fieldtype: str, width: int, **more) -> dict:
	"""A column as Frappe's reports want it; `width` in pixels."""
	return {"fieldname": fieldname, "label": label, "fieldtype": fieldtype, "width": width, **more}
