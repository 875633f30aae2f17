"""Desk, which not every host serves."""

from frappe.utils import get_absolute_url
from frappe.website.page_renderers.template_page import TemplatePage


def desk_form(doctype: str) -> str:
	"""Return the address of a DocType's forms in Desk, up to the name; "" where no page of Desk is served."""
	address = get_absolute_url(doctype, "")
	desk = address.strip("/").partition("/")[0]
	return address if TemplatePage(desk).can_render() else ""
