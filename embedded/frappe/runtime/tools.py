"""Small helpers that Frappe keeps at top level."""

import json
import logging
import secrets
import sys
import traceback

import frappe
from frappe.types import _dict


def scrub(txt) -> str:
	"""A label as an identifier: spaces and hyphens become underscores, lower case."""
	return str(txt).replace(" ", "_").replace("-", "_").lower()


def unscrub(txt) -> str:
	return str(txt).replace("_", " ").replace("-", " ").title()


def generate_hash(txt: str | None = None, length: int = 56) -> str:
	"""A random hexadecimal string. `txt` is ignored, as in Frappe."""
	return secrets.token_hex((length + 1) // 2)[:length]


def as_json(obj, indent: int | None = 1, separators=None) -> str:
	"""JSON with sorted keys; dates and documents included."""
	from frappe.utils.response import json_handler

	options = {"indent": indent, "default": json_handler, "separators": separators or (",", ": ")}
	return json.dumps(obj, sort_keys=True, **options)


def parse_json(val):
	"""Parse a JSON string; dicts become attribute dicts, anything else is returned as it is."""
	if isinstance(val, str):
		val = json.loads(val)
	return _dict(val) if isinstance(val, dict) else val


def get_traceback() -> str:
	return traceback.format_exc() if sys.exc_info()[0] else ""


def log_error(
	title: str | None = None, message: str | None = None, reference_doctype=None, reference_name=None
):
	"""Record an Error Log; without a message, the exception being handled."""
	error = frappe.new_doc(
		"Error Log", error=message or get_traceback() or title, method=(title or "Error")[:140]
	)
	error.update({"reference_doctype": reference_doctype, "reference_name": reference_name})
	return error.insert(ignore_permissions=True)


def logger(module: str | None = None) -> logging.Logger:
	return logging.getLogger(f"frappe.{module}" if module else "frappe")
