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
