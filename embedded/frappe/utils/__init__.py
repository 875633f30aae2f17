"""frappe.utils: helpers for numbers, dates, text, addresses and money."""

import frappe
from frappe.runtime.tools import get_traceback  # noqa: F401
from frappe.utils.data import *  # noqa: F403
from frappe.utils.html_utils import sanitize_html  # noqa: F401


def set_request(**kwargs) -> None:
	"""Put a request made from these parts in place of the current one."""
	from werkzeug.test import EnvironBuilder
	from werkzeug.wrappers import Request

	frappe.local.request = Request(EnvironBuilder(**kwargs).get_environ())


def validate_python_code(
	string: str | None, fieldname: str | None = None, is_expression: bool = True
) -> None:
	"""Refuse what is no Python, in a field where users write some."""
	try:
		compile((string or "None").strip(), "<field>", "eval" if is_expression else "exec")
	except SyntaxError as error:
		frappe.throw(f"{fieldname or ''}: {error.msg}", title=frappe._("Syntax Error"))
