"""Test mode: a flag of the request on Frappe 15 and the embedded host, of the whole process on Frappe 16."""

from collections.abc import Iterator
from contextlib import contextmanager

import frappe

try:
	from frappe.tests.utils import toggle_test_mode
except ImportError:

	def toggle_test_mode(enable: bool) -> None:
		frappe.local.flags.in_test = enable


@contextmanager
def outside_test_mode() -> Iterator[None]:
	"""Let Frappe and the app behave as in production, where jobs commit and requests queue their jobs."""
	former = frappe.local.flags.in_test
	toggle_test_mode(False)
	try:
		yield
	finally:
		toggle_test_mode(former)


def forget_system_settings() -> None:
	"""Let the settings be read anew at once; Frappe 16 tells its cache within the process of a change a moment later."""
	frappe.clear_document_cache("System Settings", "System Settings")
	if "client_cache" in vars(frappe):
		frappe.client_cache.delete_value(frappe.get_document_cache_key("System Settings", "System Settings"))
	frappe.local.system_settings = None
