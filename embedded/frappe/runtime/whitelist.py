"""Which functions a client may call, and what the request says."""

from collections.abc import Callable
from typing import Any

from frappe.exceptions import PermissionError
from frappe.runtime.context import local
from frappe.runtime.messages import bold, throw
from frappe.runtime.missing import with_loud_arguments

whitelisted: set = set()
guest_methods: set = set()
allowed_http_methods_for_whitelisted_func: dict = {}


def whitelist(allow_guest: bool = False, methods: list[str] | None = None) -> Callable:
	"""Make a function callable over HTTP; its annotated arguments are checked there and in tests."""

	def decorate(fn: Callable) -> Callable:
		from frappe.utils.typing_validations import validate_argument_types

		if fn.__module__.startswith("frappe."):
			fn = with_loud_arguments(fn)
		checked = validate_argument_types(fn, apply_condition=_in_request_or_test)
		whitelisted.add(checked)
		allowed_http_methods_for_whitelisted_func[checked] = methods or ["GET", "POST", "PUT", "DELETE"]
		if allow_guest:
			guest_methods.add(checked)
		return checked

	return decorate


def _in_request_or_test() -> bool:
	return bool(getattr(local, "request", None) or local.flags.in_test)


def is_whitelisted(method: Callable) -> None:
	"""Refuse a function that this user may not call; what a guest sends is sanitised.

	:raises frappe.PermissionError: when it is not whitelisted."""
	is_guest = local.session.user == "Guest"
	if method not in (whitelisted & guest_methods if is_guest else whitelisted):
		_refuse(method)
	if is_guest:
		_sanitize_arguments()


def _refuse(method: Callable) -> None:
	name = bold(f"{method.__module__}.{method.__name__}")
	login = "<summary>You are not permitted to access this resource. Login to access</summary>"
	message = f"<details>{login}Function {name} is not whitelisted.</details>"
	throw(message, PermissionError, title="Method Not Allowed")


def _sanitize_arguments() -> None:
	from frappe.utils import sanitize_html

	texts = {key: value for key, value in local.form_dict.items() if isinstance(value, str)}
	local.form_dict.update({key: sanitize_html(text) for key, text in texts.items()})


def only_for(roles: str | list[str] | tuple[str, ...]) -> None:
	"""Let pass only users with one of `roles`; Administrator and tests always pass.

	:raises frappe.PermissionError: otherwise."""
	from frappe.permissions import get_roles

	allowed = {roles} if isinstance(roles, str) else {*roles}
	passes = local.flags.in_test or local.session.user == "Administrator"
	if not (passes or allowed & {*get_roles()}):
		raise PermissionError


def get_request_header(key: str, default: Any = None) -> Any:
	headers = getattr(getattr(local, "request", None), "headers", {})
	return headers.get(key, default)
