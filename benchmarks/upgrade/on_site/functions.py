"""Functions that clients call: those that the page for integrators names, and the methods of documents."""

import inspect
import re
from pathlib import Path

import frappe
from frappe.model.base_document import get_controller

import crm_pipeline

APP = Path(crm_pipeline.__file__).parent
MODULE = "CRM Pipeline"
PATH = re.compile(r"\bcrm_pipeline(?:\.[a-z_]+)+")


def documented() -> list[str]:
	"""Return the dotted paths that docs/api.md of the app in use names."""
	return paths_in([APP.parent / "docs" / "api.md"])


def called() -> list[str]:
	"""Those, and what Desk's forms call, which sites' own client scripts may call as well."""
	return paths_in([APP.parent / "docs" / "api.md", *APP.rglob("*.js")])


def paths_in(files: list[Path]) -> list[str]:
	return sorted({path for file in files for path in PATH.findall(file.read_text())})


def answering(paths: list[str]) -> dict:
	"""How to call each of them that is a function."""
	found = {}
	for path in paths:
		try:
			found[path] = describe(path)
		except (AttributeError, ImportError, TypeError):
			continue
	return found


def describe(path: str) -> dict:
	"""How a client may call what answers under a dotted path; by no method what only jobs call."""
	overrides = frappe.get_hooks("override_whitelisted_methods", {}).get(path)
	return shape(frappe.get_attr(overrides[-1] if overrides else path))


def shape(function) -> dict:
	function = getattr(function, "__func__", function)
	parameters = inspect.signature(function).parameters
	return {
		"methods": sorted(frappe.allowed_http_methods_for_whitelisted_func.get(function, ())),
		"parameters": [name for name in parameters if name != "self"],
	}


def methods_of_documents() -> dict:
	"""Return what can be called of each own DocType's documents, by `DocType.method`."""
	found = {}
	for doctype in frappe.get_all("DocType", {"module": MODULE}, pluck="name"):
		for name, function in inspect.getmembers(get_controller(doctype), inspect.isfunction):
			if function.__module__.startswith("crm_pipeline.") and function in frappe.whitelisted:
				found[f"{doctype}.{name}"] = shape(function)
	return found
