"""Small helpers that Frappe keeps at top level."""

import json
import logging
import re
import secrets
import sys
import traceback
from typing import TYPE_CHECKING, Any

import frappe
from frappe.types import _dict

if TYPE_CHECKING:
	from frappe.model.document import Document


def scrub(txt: Any) -> str:
	"""A label as an identifier: spaces and hyphens become underscores, lower case."""
	return re.sub("[ -]", "_", str(txt)).lower()


def unscrub(txt: Any) -> str:
	return re.sub("[_-]", " ", str(txt)).title()


def generate_hash(txt: str | None = None, length: int = 56) -> str:
	"""A random hexadecimal string. `txt` is ignored, as in Frappe."""
	bits = 4 * length
	return f"{secrets.randbits(bits):0{length}x}"


def as_json(obj: Any, indent: int | None = 1, separators: tuple[str, str] | None = None) -> str:
	"""JSON with sorted keys; dates and documents included."""
	from frappe.utils.response import json_handler

	options = {"indent": indent, "default": json_handler, "separators": separators or (",", ": ")}
	return json.dumps(obj, sort_keys=True, **options)


def parse_json(val: Any) -> Any:
	"""Parse a JSON string; dicts become attribute dicts, anything else is returned as it is."""
	parsed = json.loads(val) if isinstance(val, str) else val
	return _dict(parsed) if isinstance(parsed, dict) else parsed


def get_traceback() -> str:
	return traceback.format_exc() if sys.exc_info()[0] else ""


def log_error(
	title: str | None = None,
	message: str | None = None,
	reference_doctype: str | None = None,
	reference_name: str | None = None,
) -> "Document":
	"""Record an Error Log; without a message, the exception being handled."""
	error = frappe.new_doc(
		"Error Log", error=message or get_traceback() or title, method=(title or "Error")[:140]
	)
	error.update({"reference_doctype": reference_doctype, "reference_name": reference_name})
	return error.insert(ignore_permissions=True)


def logger(module: str | None = None) -> logging.Logger:
	return logging.getLogger(f"frappe.{module}" if module else "frappe")
