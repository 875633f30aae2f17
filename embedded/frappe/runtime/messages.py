"""Messages to the user: collected per request, sent as `_server_messages`."""

import inspect
import secrets
from typing import Any, NoReturn

from frappe.exceptions import ValidationError
from frappe.runtime.context import local
from frappe.types import _dict


def bold(text: Any) -> str:
	return f"<strong>{text}</strong>"


def msgprint(
	msg: str,
	title: str | None = None,
	raise_exception: bool | type[Exception] | Exception = False,
	indicator: str | None = None,
	alert: bool = False,
) -> None:
	"""Add a message for the user, and raise it when `raise_exception` is set."""
	switches = {
		"indicator": indicator or ("red" if raise_exception else None),
		"alert": int(alert),
		"raise_exception": int(bool(raise_exception)),
		"__frappe_exc_id": secrets.token_hex(28) if raise_exception else None,
	}
	out = _dict(message=msg, title=title or "Message")
	out.update({key: value for key, value in switches.items() if value})
	local.message_log.append(out)
	if raise_exception:
		raise _exception_with(raise_exception, out)


def _exception_with(kind: Any, out: _dict) -> Exception:
	if isinstance(kind, Exception):
		exception = kind
		exception.args = (out.message,)
	else:
		exception = kind(out.message) if inspect.isclass(kind) else ValidationError(out.message)
	setattr(exception, "__frappe_exc_id", out["__frappe_exc_id"])
	return exception


def throw(msg: str, exc: type[Exception] | Exception = ValidationError, title: str | None = None) -> NoReturn:
	"""Refuse with a message: the user reads `msg`, the caller gets `exc`."""
	msgprint(msg, title=title, raise_exception=exc, indicator="red")


def clear_messages() -> None:
	local.message_log = []


def clear_last_message() -> None:
	local.message_log = local.message_log[:-1]


def get_message_log() -> list[_dict]:
	return list(local.message_log)


def publish_realtime(*args: Any, **kwargs: Any) -> None:
	"""Nobody listens: the embedded host has no socket server, and without one core drops the event too."""


def publish_progress(*args: Any, **kwargs: Any) -> None:
	"""A bar that nobody sees, for the same reason."""
