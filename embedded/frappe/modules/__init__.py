"""Where an app's modules and DocTypes stand on disk."""

import functools
import importlib

import frappe
from frappe.runtime.tools import scrub


@functools.cache
def module_apps() -> dict[str, str]:
	"""Module name, scrubbed, to the app that lists it in modules.txt."""
	return {scrub(module): app for app in frappe.get_all_apps() for module in frappe.get_module_list(app)}


def get_module_app(module: str) -> str:
	"""The app that owns a module.

	:raises frappe.DoesNotExistError: when no known app lists it in modules.txt."""
	if scrub(module) not in module_apps():
		frappe.throw(frappe._("Module {0} not found").format(module), frappe.DoesNotExistError)
	return module_apps()[scrub(module)]


def get_module_path(module: str, *joins: str) -> str:
	"""The folder of a module, or of what stands below it."""
	return frappe.get_app_path(get_module_app(module), scrub(module), *joins)


def load_doctype_module(doctype: str, module: str):
	"""Import the Python module of a DocType: APP.MODULE.doctype.NAME.NAME."""
	name = scrub(doctype)
	return importlib.import_module(f"{get_module_app(module)}.{scrub(module)}.doctype.{name}.{name}")
