"""Which answers of core to expect, where those of Frappe 15 and 16 differ; the embedded host answers as the newer."""

import frappe

AS_15 = frappe.__version__.startswith("15.")
