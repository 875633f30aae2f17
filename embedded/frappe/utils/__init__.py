"""frappe.utils: helpers for numbers, dates, text, addresses and filters."""

import importlib
import os
import sys

import frappe
from frappe.utils.data import *  # noqa: F403
from frappe.utils.html_utils import sanitize_html  # noqa: F401


def get_traceback(with_context: bool = False) -> str:
	"""Return the traceback of the exception in work, "" if none is."""
	import traceback

	kind, value, trace = sys.exc_info()
	return "".join(traceback.format_exception(kind, value, trace)) if value else ""


def get_defaults(key: str | None = None):
	return frappe.db.get_defaults(key)


def set_default(key: str, val) -> None:
	frappe.db.set_default(key, val)


def get_test_client(use_cookies: bool = True):
	"""Return an HTTP client that calls the site's application in this process."""
	from werkzeug.test import Client

	from frappe.app import application

	return Client(application, use_cookies=use_cookies)


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
	if name.startswith("__"):
		raise AttributeError(name)
	path = f"{__name__}.{name}"
	try:
		return importlib.import_module(path)
	except ModuleNotFoundError as missing:
		if missing.name != path:
			raise
	raise NotImplementedError(f"The embedded host has no {path}. A bench has it.")
