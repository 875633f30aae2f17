"""The app's interface as an OpenAPI description, for generators of clients and for tests."""

import json
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from inspect import getmembers, isclass, isfunction, signature
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

import frappe
from werkzeug.wrappers import Response

import crm_pipeline
from crm_pipeline import api, exceptions
from crm_pipeline.permissions.switch import require_reading
from crm_pipeline.rules import openapi
from crm_pipeline.rules.json_layout import laid_out

APP = Path(crm_pipeline.__file__).parent
DOCTYPES = "crm_pipeline.crm_pipeline.doctype"


@frappe.whitelist(methods=["GET"])
def describe() -> Response:
	"""Return the OpenAPI 3.1 description of the app's functions and records as a file of JSON.

	It is the same for every user and site: what the app comes with, without what a site adds or customizes.

	Raises:
		OpportunitiesSwitchedOff, frappe.PermissionError
	"""
	require_reading()
	return Response(description(), mimetype="application/json")


@cache
def description() -> str:
	"""Return the text of that file."""
	doctypes = list(_doctypes())
	functions = [*map(_of_api, functions_of_api()), *_functions_of(doctypes)]
	described = openapi.describe(
		"CRM Pipeline", crm_pipeline.__version__, doctypes, functions, list(_refusals())
	)
	return laid_out(described) + "\n"


def _doctypes() -> Iterator[dict]:
	"""Yield the DocTypes as their files have them, since a site may have customized what it stores."""
	for file in sorted((APP / "crm_pipeline" / "doctype").glob("*/*.json")):
		content = json.loads(file.read_text())
		if content["doctype"] == "DocType":
			yield content


def functions_of_api() -> Iterator[Any]:
	"""Yield the whitelisted functions of this package, which belong to no DocType."""
	for found in iter_modules(api.__path__, f"{api.__name__}."):
		if ".test_" not in found.name:
			for _name, function in _whitelisted(import_module(found.name)):
				if function.__module__ == found.name:
					yield function


def _of_api(function: Any) -> openapi.Function:
	tag = function.__module__.rpartition(".")[2]
	return _described(function, f"{function.__module__}.{function.__name__}", tag)


def _functions_of(doctypes: list[dict]) -> Iterator[openapi.Function]:
	"""Yield the functions that the modules of DocTypes offer, and the methods of documents."""
	for doctype in doctypes:
		folder = doctype["name"].lower().replace(" ", "_")
		module = import_module(f"{DOCTYPES}.{folder}.{folder}")
		for name, function in _whitelisted(module):
			yield _described(function, f"{module.__name__}.{name}", doctype["name"])
		controller = getattr(module, doctype["name"].replace(" ", ""))
		for name, method in _whitelisted(controller):
			yield _described(method, name, doctype["name"], doctype["name"])


def _whitelisted(holder: ModuleType | type) -> Iterator[tuple[str, Any]]:
	"""Yield the app's own among what clients may call; every document has Frappe's besides."""
	for name, member in getmembers(holder, isfunction):
		if member in frappe.whitelisted and member.__module__.startswith("crm_pipeline."):
			yield name, member


def _described(function: Any, address: str, tag: str, doctype: str | None = None) -> openapi.Function:
	methods = tuple(sorted(frappe.allowed_http_methods_for_whitelisted_func[function]))
	called = signature(function)
	key = "data" if doctype else "message"
	is_file = called.return_annotation is Response
	return openapi.Function(
		address, tag, methods, called, function.__doc__, doctype, None if is_file else key
	)


def _refusals() -> Iterator[openapi.Refusal]:
	members: list[tuple[str, Any]] = getmembers(exceptions, isclass)
	for name, refusal in members:
		if refusal.__module__ == exceptions.__name__:
			yield openapi.Refusal(name, refusal.http_status_code, refusal.__doc__ or "")
