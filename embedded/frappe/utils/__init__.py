"""frappe.utils: helpers for numbers, dates, text, addresses and money."""

import importlib.util
import os

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


def update_progress_bar(txt: str, i: int, l: int, absolute: bool = False) -> None:  # noqa: E741
	"""Draw step `i` (from 0) of `l` on the terminal; only a dot for each where `CI` is set."""
	if os.environ.get("CI"):
		print(txt if not i else "", end=".", flush=True)
		return
	done = (i + 1) / l
	status = f"{i} of {l}" if absolute else f"{int(done * 100)}%"
	print(f"\r{txt:<36}: [{'=' * int(done * 40):<40}] {status}", end="", flush=True)


def __getattr__(name: str):
	"""Find a submodule not imported yet; say loudly what the host does not have."""
	if not name.startswith("__") and importlib.util.find_spec(f"{__name__}.{name}"):
		return importlib.import_module(f"{__name__}.{name}")
	return missing_in(__name__)(name)
