"""Short cuts for the request being answered."""

from frappe.runtime.context import local


def get_request_header(key: str, default=None):
	request = getattr(local, "request", None)
	return request.headers.get(key, default) if request else default


def override_whitelisted_method(original_method: str) -> str:
	"""Return the path an app puts in the place of a whitelisted function, the last app winning."""
	from frappe.runtime.hooks import get_hooks

	overrides = get_hooks("override_whitelisted_methods", {}).get(original_method)
	return overrides[-1] if overrides else original_method
