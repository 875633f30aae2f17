"""frappe.utils: helpers for numbers, dates, text, addresses and money."""

import importlib.util

import frappe
from frappe.runtime.missing import missing_in
from frappe.runtime.tools import get_traceback  # noqa: F401
from frappe.utils.data import *  # noqa: F403
from frappe.utils.html_utils import sanitize_html  # noqa: F401


def set_request(**kwargs) -> None:
	"""Put a request made from these parts in place of the current one."""
	from werkzeug.test import EnvironBuilder
	from werkzeug.wrappers import Request

	frappe.local.request = Request(EnvironBuilder(**kwargs).get_environ())


def __getattr__(name: str):
	"""Find a submodule not imported yet; say loudly what the host does not have."""
	if not name.startswith("__") and importlib.util.find_spec(f"{__name__}.{name}"):
		return importlib.import_module(f"{__name__}.{name}")
	return missing_in(__name__)(name)
