"""Functions that clients call: those that the page for integrators names, and the methods of documents."""

import inspect
import re
from pathlib import Path

import frappe
from frappe.model.base_document import get_controller

import crm_pipeline

MODULE = "CRM Pipeline"
PATH = re.compile(r"\bcrm_pipeline(?:\.[a-z_]+)+")


def documented() -> list[str]:
	"""The dotted paths in docs/api.md of the app in use."""
	page = Path(crm_pipeline.__file__).parents[1] / "docs" / "api.md"
	return sorted(set(PATH.findall(page.read_text())))


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
	"""What can be called of each own DocType's documents, by `DocType.method`."""
	found = {}
	for doctype in frappe.get_all("DocType", {"module": MODULE}, pluck="name"):
		for name, function in inspect.getmembers(get_controller(doctype), inspect.isfunction):
			if function in frappe.whitelisted:
				found[f"{doctype}.{name}"] = shape(function)
	return found
