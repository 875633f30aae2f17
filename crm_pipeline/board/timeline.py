"""One stream of what was said about an opportunity and what changed on it, in words."""

from datetime import datetime

import frappe
from frappe import _
from frappe.utils import cint, cstr, flt, fmt_money, format_date, get_datetime

from crm_pipeline.history.changes import STAGE_PROBABILITY
from crm_pipeline.money.exchange_rates import decimals_of
from crm_pipeline.rules.aging import UNDONE
from crm_pipeline.utils.people import name_to_read, names_to_read
from crm_pipeline.utils.time_zones import moment_in_words

KINDS = {"Comment": "Note", "Phone": "Call", "ToDo": "Task"}
DIRECTIONS = {"Received": "in", "Sent": "out"}
CHANGE = "Change"
NOT_TOLD = ("Rate", UNDONE)  # every night in another currency; what is as if it had not been
CHANGE_FIELDS = ["name", "at", "by", "change", "old_value", "new_value", "currency"]


def stream(said: list[dict], opportunity: str, start: int, limit: int) -> dict:
	"""Return a portion of the stream, newest first.

	Args:
		said: what was said, as `api.activities.activities` gives it, at least as far as the portion reaches.

	Returns: `rows`, and `more`, 1 if older ones follow.
	"""
	last = start + limit
	rows = [*(as_said(row) for row in said), *changes(opportunity, last + 1)]
	rows.sort(key=lambda row: get_datetime(row["at"]), reverse=True)
	return {"rows": _with_people(rows[start:last]), "more": cint(len(rows) > last)}


def told(said: list[dict]) -> list[dict]:
	"""Return rows of what was said, newest first, with the full names of who said it."""
	rows = sorted((as_said(row) for row in said), key=lambda row: get_datetime(row["at"]), reverse=True)
	return _with_people(rows)


def as_said(row: dict) -> dict:
	"""Return what was said or planned as a row of the stream."""
	return {
		**_row(KINDS.get(row["kind"], row["kind"]), row["at"], row["by"]),
		"doctype": row["doctype"],
		"name": row["name"],
		"subject": row["subject"] or "",
		"content": row["content"],
		"direction": DIRECTIONS.get(row["status"] or "", ""),
		"own": row.get("own", 0),
	}


def changes(opportunity: str, limit: int) -> list[dict]:
	"""Return what the history says, for whoever may read it."""
	if not frappe.has_permission("Pipeline Change", "read"):
		return []
	filters = {"opportunity": opportunity, "change": ["not in", NOT_TOLD]}
	rows = frappe.get_list(
		"Pipeline Change", filters=filters, fields=CHANGE_FIELDS, order_by="idx desc", limit=limit
	)
	return [_as_change(row) for row in rows]


def _as_change(row: frappe._dict) -> dict:
	old, new = (_words(row.change, value, row.currency) for value in (row.old_value, row.new_value))
	return {
		**_row(CHANGE, row.at, row.by),
		"doctype": "Pipeline Change",
		"name": row.name,
		"change": {"what": _(row.change), "old": old, "new": new},
	}


def _row(kind: str, at: datetime | str, by: str | None) -> dict:
	empty = {"subject": "", "content": "", "direction": "", "change": None}
	return {"kind": kind, "at": cstr(at)[:19], "by": by or "", "by_name": by or "", **empty}


def _words(change: str, value: str | None, currency: str | None) -> str:
	"""Return a value of the history in the words and digits of the session's user."""
	if not value:
		return ""
	if change == "Status":
		return _(value, context="Opportunity")
	if change in ("Stage", "Process"):
		return _(value)
	if change == "Amount" and currency:
		return fmt_money(value, precision=decimals_of(currency), currency=currency)
	if change in ("Probability", STAGE_PROBABILITY):
		return f"{flt(value):g}%"
	if change == "Expected Closing":
		return format_date(value)
	if change == "Follow-up":
		return moment_in_words(value)
	return name_to_read(value) if change == "Owner" else value


def _with_people(rows: list[dict]) -> list[dict]:
	names = names_to_read(row["by"] for row in rows)
	for row in rows:
		row["by_name"] = names.get(row["by"]) or row["by"]
	return rows
