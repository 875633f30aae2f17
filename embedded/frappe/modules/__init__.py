"""Where an app's modules and DocTypes stand on disk."""

import functools
import importlib
import os

import frappe
from frappe.runtime.tools import scrub

__all__ = ["get_doctype_module", "get_module_app", "get_module_path", "load_doctype_module", "module_apps", "scrub"]


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
	return os.path.join(frappe.get_app_path(get_module_app(module)), scrub(module), *map(str, joins))


def get_doctype_module(doctype: str) -> str:
	return frappe.db.get_value("DocType", doctype, "module") or "Core"


def load_doctype_module(doctype: str, module: str | None = None, prefix: str = "", suffix: str = ""):
	"""Import the Python module of a DocType: APP.MODULE.doctype.NAME.NAME."""
	module = module or get_doctype_module(doctype)
	name = scrub(doctype)
	app = get_module_app(module)
	return importlib.import_module(f"{app}.{scrub(module)}.doctype.{name}.{prefix}{name}{suffix}")
