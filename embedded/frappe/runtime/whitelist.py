"""Which functions a client may call."""

from frappe.exceptions import PermissionError
from frappe.runtime.context import local
from frappe.runtime.messages import bold, throw

whitelisted: set = set()
guest_methods: set = set()
xss_safe_methods: set = set()
allowed_http_methods_for_whitelisted_func: dict = {}


def whitelist(allow_guest: bool = False, xss_safe: bool = False, methods: list[str] | None = None):
	"""Make a function callable over HTTP; its annotated arguments are checked there and in tests."""

	def decorate(fn):
		from frappe.utils.typing_validations import validate_argument_types

		checked = validate_argument_types(fn, apply_condition=_in_request_or_test)
		whitelisted.add(checked)
		allowed_http_methods_for_whitelisted_func[checked] = methods or ["GET", "POST", "PUT", "DELETE"]
		if allow_guest:
			guest_methods.add(checked)
			if xss_safe:
				xss_safe_methods.add(checked)
		return checked

	return decorate


def _in_request_or_test() -> bool:
	return bool(getattr(local, "request", None) or local.flags.in_test)


def is_whitelisted(method) -> None:
	"""Refuse a function that this user may not call; what a guest sends is sanitised.

	:raises frappe.PermissionError: when it is not whitelisted."""
	from frappe import _
	from frappe.utils import sanitize_html

	is_guest = local.session.user == "Guest"
	if method not in whitelisted or (is_guest and method not in guest_methods):
		summary = _("You are not permitted to access this resource. Login to access")
		detail = _("Function {0} is not whitelisted.").format(bold(f"{method.__module__}.{method.__name__}"))
		throw(
			f"<details><summary>{summary}</summary>{detail}</details>",
			PermissionError,
			title=_("Method Not Allowed"),
		)
	if is_guest and method not in xss_safe_methods:
		for key, value in local.form_dict.items():
			if isinstance(value, str):
				local.form_dict[key] = sanitize_html(value)


def only_for(roles: str | list[str] | tuple[str, ...], message: bool = False) -> None:
	"""Let pass only users with one of `roles`; Administrator and tests always pass.

	:raises frappe.PermissionError: otherwise."""
	from frappe import _
	from frappe.runtime.context import get_roles

	if local.flags.in_test or local.session.user == "Administrator":
		return
	roles = [roles] if isinstance(roles, str) else roles
	if not set(roles).isdisjoint(get_roles()):
		return
	if not message:
		raise PermissionError
	names = ", ".join(bold(_(role)) for role in roles)
	throw(_("This action is only allowed for {}").format(names), PermissionError, _("Not Permitted"))


def read_only():
	"""Marks a function that may be served by a replica; a bench without one calls it as it is, and so does this host."""

	def decorate(fn):
		from functools import wraps

		from frappe.runtime.hooks import get_newargs

		@wraps(fn)
		def wrapper(*args, **kwargs):
			return fn(*args, **get_newargs(fn, kwargs))

		return wrapper

	return decorate
