"""What lists show the session's user: by it Frappe's own functions answer that would tell more."""

from typing import Any

import frappe

from crm_pipeline.permissions.switch import is_switched_off
from crm_pipeline.permissions.visibility import OPPORTUNITIES_ONLY, ROWS, is_limited


def is_session_limited() -> bool:
	"""Return whether any opportunity or quotation may be hidden from the session's user."""
	return is_limited(frappe.session.user)


def may_find(doctype: str) -> bool:
	"""Return whether the session's user may choose among records of a DocType."""
	return frappe.has_permission(doctype, "select") or frappe.has_permission(doctype, "read")


def listed(doctype: str, filters: dict | list | None, **options: Any) -> list[str]:
	"""Return the names of what the session's user sees."""
	return frappe.get_list(
		doctype, filters=filters, pluck="name", parent_doctype=parent_of(doctype), **options
	)


def parent_of(doctype: str) -> str | None:
	"""Return the DocType through which rows are listed; None for what is no row."""
	return ROWS[doctype][0] if doctype in ROWS else None


def listed_or_nothing(doctype: str, filters: dict, **options: Any) -> list[str]:
	"""Return what `listed` does; nothing where the user may not read that DocType at all."""
	if not frappe.has_permission(doctype, "read") or (
		doctype in OPPORTUNITIES_ONLY and is_switched_off(frappe.session.user)
	):
		return []
	return listed(doctype, filters, **options)
