"""Markup is built in few places; what people typed is escaped there, and only there."""

from html import unescape
from typing import Any

import frappe
from frappe.utils import cstr, escape_html, strip_html


def escaped(value: Any) -> str:
	"""Return a value as text that can stand within markup and in its attributes."""
	return escape_html(cstr(value))


def text_in(markup: Any) -> str:
	"""Return what people read in markup, as text, which must be escaped wherever it stands within markup again."""
	return unescape(strip_html(cstr(markup))).strip()


def lines_html(text: Any) -> str:
	"""Return lines as they were typed as markup that shows them."""
	return escaped(cstr(text).strip()).replace("\n", "<br>")


def bold(value: Any) -> str:
	"""Return a value in bold, escaped, which `frappe.bold` leaves to its callers."""
	return frappe.bold(escaped(value))


def link_to(doctype: str, name: str, label: str | None = None) -> str:
	"""Return a link to a document's form, labelled with its name unless told otherwise."""
	return frappe.utils.get_link_to_form(doctype, name, escaped(label or name))
