"""Small helpers that Frappe keeps at top level."""

import json
import logging
import secrets
import sys
import traceback

from frappe.types import _dict


def scrub(txt) -> str:
	"""A label as an identifier: spaces and hyphens become underscores, lower case."""
	return str(txt).replace(" ", "_").replace("-", "_").lower()


def unscrub(txt) -> str:
	return str(txt).replace("_", " ").replace("-", " ").title()


def generate_hash(txt: str | None = None, length: int = 56) -> str:
	"""A random hexadecimal string. `txt` is ignored, as in Frappe."""
	return secrets.token_hex((length + 1) // 2)[:length]


def safe_decode(param, encoding: str = "utf-8"):
	return param.decode(encoding, errors="ignore") if isinstance(param, bytes) else param


def as_unicode(text, encoding: str = "utf-8") -> str:
	if text is None:
		return ""
	return text.decode(encoding) if isinstance(text, bytes) else str(text)


def as_json(obj, indent: int | None = 1, separators=None, ensure_ascii: bool = True) -> str:
	"""JSON with sorted keys where they sort; dates and documents included."""
	from frappe.utils.response import json_handler

	options = {
		"indent": indent,
		"default": json_handler,
		"separators": separators or (",", ": "),
		"ensure_ascii": ensure_ascii,
	}
	try:
		return json.dumps(obj, sort_keys=True, **options)
	except TypeError:
		return json.dumps(obj, **options)


def parse_json(val):
	"""Parse a JSON string; dicts become attribute dicts, anything else is returned as it is."""
	if isinstance(val, str):
		val = json.loads(val)
	return _dict(val) if isinstance(val, dict) else val


def get_traceback(with_context: bool = False) -> str:
	return traceback.format_exc() if sys.exc_info()[0] else ""


def log_error(
	title: str | None = None,
	message: str | None = None,
	reference_doctype: str | None = None,
	reference_name: str | None = None,
	*,
	defer_insert: bool = False,
):
	"""Record an Error Log; without a message, the exception being handled."""
	from frappe.runtime.documents import get_doc

	trace = get_traceback()
	if message is None and title and "\n" in title:
		title, message = None, title
	error = get_doc(
		doctype="Error Log",
		error=message or trace or title,
		method=(title or "Error")[:140],
		reference_doctype=reference_doctype,
		reference_name=reference_name,
	)
	return error.insert(ignore_permissions=True)


def logger(module: str | None = None, *_unused, **__unused) -> logging.Logger:
	return logging.getLogger(f"frappe.{module}" if module else "frappe")


def enqueue(*args, **kwargs):
	from frappe.utils.background_jobs import enqueue

	return enqueue(*args, **kwargs)


def sendmail(*args, **kwargs):
	"""Queue an e-mail; see frappe.email."""
	from frappe.email import sendmail

	return sendmail(*args, **kwargs)


def render_template(*args, **kwargs) -> str:
	from frappe.utils.jinja import render_template

	return render_template(*args, **kwargs)


def get_template(path: str):
	from frappe.utils.jinja import get_template

	return get_template(path)


def safe_eval(code: str, eval_globals: dict | None = None, eval_locals: dict | None = None):
	from frappe.utils.safe_exec import safe_eval

	return safe_eval(code, eval_globals, eval_locals)


def get_file_json(path: str):
	with open(path) as file:
		return json.load(file)


def format_value(value, df=None, doc=None, currency=None, translated=False, format=None):
	from frappe.utils.formatters import format_value

	return format_value(value, df, doc, currency, translated, format)


format = format_value


def respond_as_web_page(*args, **kwargs):
	from frappe.website.utils import respond_as_web_page

	return respond_as_web_page(*args, **kwargs)
