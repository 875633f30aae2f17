"""Turns `frappe.response` into the HTTP response of its type, and errors into what clients get of them."""

import datetime
import json
import traceback
from collections.abc import Iterable
from typing import Any

import frappe
from frappe import _
from frappe.permissions import hide_missing_record
from frappe.utils import escape_html
from werkzeug.http import HTTP_STATUS_CODES
from werkzeug.local import LocalProxy
from werkzeug.wrappers import Response

MESSAGE_ID = "__frappe_exc_id"


def build_response() -> Response:
	"""Build the JSON response of what the method put into `frappe.response`, and of the messages to the user."""
	from frappe.api import is_v2

	response = frappe.local.response
	if not response.get("docs"):
		response.pop("docs", None)
	if response.get("type") not in (None, "json"):
		raise frappe.missing(f"A response of type {response.type}")
	messages = frappe.local.message_log
	if messages and is_v2():
		response["messages"] = messages
	elif messages:
		response["_server_messages"] = json.dumps([json.dumps(message) for message in messages])
	if frappe.flags.error_message and not is_v2():
		response["_error_message"] = frappe.flags.error_message
	status = response.pop("http_status_code", None) or 200
	data = json.dumps(response, default=json_handler, separators=(",", ":"))
	return Response(data, status=status, mimetype="application/json")


def status_of(error: Exception) -> int:
	"""Return the HTTP status an error class names, 501 for what this host lacks, else 500."""
	return getattr(error, "http_status_code", 501 if isinstance(error, NotImplementedError) else 500)


def settle(error: Exception) -> Exception:
	"""Return the error to show, and log what is no refusal."""
	error = hide_missing_record(error)
	if status_of(error) >= 500:
		frappe.logger().error(frappe.get_traceback())
	return error


def describe(error: Exception) -> tuple[str, str]:
	"""Return title and HTML of the page about an error; its traceback only where the site allows that."""
	lacking = str(error) if isinstance(error, NotImplementedError) else ""
	trace = frappe.get_traceback() if is_traceback_allowed() else ""
	title = HTTP_STATUS_CODES.get(status_of(error), _("Server Error"))
	return title, f'<pre style="white-space: pre-wrap">{escape_html(lacking or trace)}</pre>'


def report_error(error: Exception) -> Response:
	"""Build the JSON answer about an error, with its traceback where the site allows it."""
	from frappe.api import is_v2

	status = status_of(error)
	show = is_traceback_allowed() and status != 404
	trace = "".join(traceback.format_exception(error))
	answer = frappe.local.response
	answer.pop("type", None)
	if is_v2():
		answer.errors = [_describe_v2(error, trace if show else None)]
	else:
		answer.exc_type = type(error).__name__
		if show:
			answer.update(exception=trace.splitlines()[-1], exc=json.dumps([trace]))
	response = build_response()
	response.status_code = status
	return response


def _describe_v2(error: Exception, trace: str | None) -> dict:
	described = {"type": type(error).__name__, **({"exception": trace} if trace else {})}
	for message in list(frappe.local.message_log):
		if message.get(MESSAGE_ID) == getattr(error, MESSAGE_ID, None):
			frappe.local.message_log.remove(message)
			hidden = ("raise_exception", MESSAGE_ID)
			return described | {key: value for key, value in message.items() if key not in hidden}
	return described


def is_traceback_allowed() -> bool:
	if frappe.local.flags.disable_traceback or not frappe.db:
		return False
	return bool(frappe.get_system_settings("allow_error_traceback"))


def json_handler(value: Any) -> Any:
	"""Serialise what `json` cannot: dates as text, documents as dicts."""
	if isinstance(value, datetime.date | LocalProxy):
		return str(value)
	if hasattr(value, "as_dict"):
		return value.as_dict(no_nulls=True)
	if isinstance(value, Iterable):
		return list(value)
	raise TypeError(f"Object of type {type(value)} with value of {value!r} is not JSON serializable")
