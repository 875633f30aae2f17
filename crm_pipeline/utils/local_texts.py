"""Dates within statements as people of this site write them."""

import frappe
from frappe.query_builder.functions import Cast_, Date
from pypika.functions import Substring
from pypika.terms import Term

from crm_pipeline.utils.bulk_sql import replace

ISO = "yyyy-mm-dd"
# Where the parts of a date stand in it as a database writes it: from which character, and how many.
PARTS = {"yyyy": (1, 4), "mm": (6, 2), "dd": (9, 2)}


def local_date(moment: Term) -> Term:
	"""Return the day of a moment as text in the date format of the site."""
	day = Cast_(Date(moment), "varchar")
	text = frappe.db.get_default("date_format") or ISO
	for part, place in PARTS.items():
		text = replace(text, part, Substring(day, *place))
	return text
