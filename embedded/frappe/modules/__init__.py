"""Where an app's modules and DocTypes stand on disk."""

import functools
import importlib
from contextlib import suppress
from types import ModuleType

import frappe
from frappe.runtime.tools import scrub


@functools.cache
def module_apps() -> dict[str, str]:
	"""Module name, scrubbed, to the app that lists it in modules.txt."""
	return {scrub(module): app for app in frappe.get_all_apps() for module in frappe.get_module_list(app)}


def get_module_app(module: str) -> str:
	"""The app that owns a module.

	:raises frappe.DoesNotExistError: when no known app lists it in modules.txt."""
	with suppress(KeyError):
		return module_apps()[scrub(module)]
	frappe.throw(frappe._("Module {0} not found").format(module), frappe.DoesNotExistError)


def get_module_path(module: str, *joins: str) -> str:
	"""The folder of a module, or of what stands below it."""
	app, folder = get_module_app(module), scrub(module)
	return frappe.get_app_path(app, folder, *joins)


def load_doctype_module(doctype: str, module: str) -> ModuleType:
	"""Import the Python module of a DocType: APP.MODULE.doctype.NAME.NAME."""
	name = scrub(doctype)
	return importlib.import_module(f"{get_module_app(module)}.{scrub(module)}.doctype.{name}.{name}")
