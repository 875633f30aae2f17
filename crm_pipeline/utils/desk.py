"""Desk, which not every host serves."""

from urllib.parse import quote

import frappe
from frappe.utils import get_absolute_url
from frappe.website.page_renderers.template_page import TemplatePage


def desk_form(doctype: str) -> str:
	"""Return the address of a DocType's forms in Desk, up to the name; "" where no page of Desk is served."""
	address = get_absolute_url(doctype, "")
	desk = address.strip("/").partition("/")[0]
	return address if TemplatePage(desk).can_render() else ""


def report_address(name: str) -> str:
	"""Return the address of a report in Desk; "" where no page of Desk is served, or the session's user has no role for it."""
	desk = desk_form("Report").strip("/").partition("/")[0]
	return f"/{desk}/query-report/{quote(name)}" if desk and has_role_for(name) else ""


def has_role_for(report: str) -> bool:
	"""Return whether the session's user has a role that a report is for."""
	readers = {row.role for row in frappe.get_cached_doc("Report", report).roles}
	return not readers.isdisjoint(frappe.get_roles())
