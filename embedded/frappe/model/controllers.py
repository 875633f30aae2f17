"""The Python class of a DocType's documents."""

import os

import frappe
from frappe.model.meta import SELF_DESCRIBING
from frappe.modules import get_module_app, get_module_path, load_doctype_module

_controllers: dict[tuple[str, str], type] = {}


def get_controller(doctype: str) -> type:
	"""An app's override, else the class in APP.MODULE.doctype.NAME.NAME; kept per site once it was found."""
	key = (frappe.local.site, doctype)
	if key not in _controllers or frappe.flags.in_migrate or frappe.flags.in_install:
		_controllers[key] = import_controller(doctype)
	return _controllers[key]


def import_controller(doctype: str) -> type:
	"""
	:raises ImportError: when its class is not there, or is no document."""
	from frappe.model.base_document import BaseDocument
	from frappe.model.document import Document

	if override := frappe.get_hooks("override_doctype_class", {}).get(doctype):
		module_path, _dot, classname = override[-1].rpartition(".")
		module = frappe.get_module(module_path)
	else:
		module_name = "Core" if doctype in SELF_DESCRIBING else frappe.get_meta(doctype).module
		if is_plain_record(doctype, module_name):
			return Document
		module = load_doctype_module(doctype, module_name)
		classname = doctype.replace(" ", "").replace("-", "")
	class_ = getattr(module, classname, None)
	if not (isinstance(class_, type) and issubclass(class_, BaseDocument)):
		raise ImportError(f"{doctype}: there is no document class {classname} in module {module.__name__}")
	return _get_extended_class(class_, doctype)


def _get_extended_class(class_: type, doctype: str) -> type:
	"""Put the classes with which apps extend one before it, those of the app installed last first."""
	paths = frappe.get_hooks("extend_doctype_class", {}).get(doctype)
	if not paths:
		return class_
	return type(class_.__name__, (*map(frappe.get_attr, reversed(paths)), class_), {})


def is_plain_record(doctype: str, module: str) -> bool:
	"""The host's own DocTypes need no controller where it only keeps their records; an app's always do."""
	name = frappe.scrub(doctype)
	controller = get_module_path(module, "doctype", name, f"{name}.py")
	return get_module_app(module) == "frappe" and not os.path.exists(controller)
