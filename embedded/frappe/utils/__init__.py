"""frappe.utils: helpers for numbers, dates, text, addresses and money."""

from typing import Any

import frappe
from frappe.runtime.tools import get_traceback  # noqa: F401
from frappe.utils.data import *  # noqa: F403
from frappe.utils.html_utils import sanitize_html  # noqa: F401


def get_assets_json() -> dict[str, str]:
	"""Return what `bench build` made, by the names of its bundles; here nothing is built."""
	return {}


def set_request(**parts: Any) -> None:
	"""Put a request made from these parts in place of the current one."""
	from werkzeug.wrappers import Request

	frappe.local.request = Request.from_values(**parts)
