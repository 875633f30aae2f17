"""Events were counted without a series of their own; go on after the highest number that one has."""

import frappe
from frappe.utils import cint

SERIES = "EV"


def execute() -> None:
	names = frappe.get_all("Event", {"name": ["like", f"{SERIES}%"]}, pluck="name")
	highest = max((cint(name.removeprefix(SERIES)) for name in names), default=0)
	frappe.db.sql(
		"insert into `tabSeries` (name, current) values (%s, %s)"
		" on conflict (name) do update set current = max(current, excluded.current)",
		(SERIES, highest),
	)
