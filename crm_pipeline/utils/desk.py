"""Desk, which not every host serves."""

from collections.abc import Sequence
from urllib.parse import quote

import frappe
from frappe.utils import get_absolute_url
from frappe.website.page_renderers.template_page import TemplatePage


def desk_form(doctype: str) -> str:
	"""Return the address of a DocType's forms in Desk, up to the name; "" where no page of Desk is served."""
	address = get_absolute_url(doctype, "")
	desk = address.strip("/").partition("/")[0]
	return address if TemplatePage(desk).can_render() else ""


def report_addresses(names: Sequence[str]) -> dict[str, str]:
	"""Return the addresses in Desk of the reports that the session's user may open, by name; none where no page of Desk is served."""
	desk = desk_form("Report").strip("/").partition("/")[0]
	return {name: f"/{desk}/query-report/{quote(name)}" for name in offered(names)} if desk else {}


def offered(reports: Sequence[str]) -> list[str]:
	"""Return those of some reports that are there and not disabled, and that the session's user may open: by their roles or the site's."""
	there = set(frappe.get_all("Report", {"name": ["in", list(reports)], "disabled": 0}, pluck="name"))
	return [
		name for name in reports if name in there and frappe.get_cached_doc("Report", name).is_permitted()
	]
