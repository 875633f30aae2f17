"""Statements about many records, in terms that every database and Frappe's filters understand alike."""

from collections.abc import Iterable

import frappe

NO_NAME = "-" * 141  # longer than any name or link may be


def in_list(names: Iterable[str]) -> list[str]:
	"""Return names for an `in` or `isin`, of which there may be none.

	Frappe takes a list that is empty, or has an empty text in it, for "is not set", and MariaDB takes no empty list
	at all.
	"""
	return list(names) or [NO_NAME]


def bulk_insert(doctype: str, rows: Iterable[dict]) -> None:
	"""Store records of one DocType, all with the same columns; no hook hears of them. There may be none."""
	if rows := list(rows):
		frappe.db.bulk_insert(doctype, list(rows[0]), [tuple(row.values()) for row in rows])
