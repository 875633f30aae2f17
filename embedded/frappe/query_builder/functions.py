"""SQL functions of PyPika; those of Frappe that SQLite lacks need a bench."""

# ruff: noqa: F403
from frappe.runtime.missing import missing_in
from pypika.functions import *

__getattr__ = missing_in(__name__)
