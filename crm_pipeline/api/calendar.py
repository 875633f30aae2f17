"""What the calendar of opportunities shows: their next contacts.

Frappe's own calendar takes a missing date for any date, and so would show opportunities without a next contact.
"""

from datetime import datetime, timedelta

import frappe
from frappe import _
from frappe.utils import get_datetime, now_datetime

from crm_pipeline.permissions.switch import require_reading
from crm_pipeline.rules import status
from crm_pipeline.utils.people import name_to_read
from crm_pipeline.utils.validation import read_date, read_filters

# SQLite compares moments as text, which Frappe 16 writes with microseconds in some places and without in others.
A_SECOND = timedelta(seconds=1)
MOST_ENTRIES = 1000
FIELDS = ("name", "title", "customer_name", "company_name", "next_contact_by", "next_contact_date")


@frappe.whitelist(methods=["GET"])
def get_next_contacts(start: str, end: str, filters: list | dict | str | None = None) -> list[dict]:
	"""Next contacts of opportunities in play, of those that the user may see, the earliest first, at most 1,000.

	Args:
		start, end: the span, in the site's time (YYYY-MM-DD HH:MM:SS); what is at its end is not in it.
		filters: conditions on opportunities as Frappe's lists take them: a list, or values by field; also as JSON.

	Returns: for each `name`, `title`, `customer_name`, `next_contact_by`, `next_contact_date`, whether it is `overdue`,
	and for the calendar its `end`, `heading` and `tooltip`.

	Raises:
		OpportunitiesSwitchedOff, ImpossibleDate, UnreadableFilters
	"""
	require_reading()
	first, last = read_date(start, "Datetime", _("From Date")), read_date(end, "Datetime", _("To Date"))
	rows = _planned_between(first - A_SECOND, last, read_filters(filters, "Opportunity"))
	return [_entry(row) for row in rows if first <= get_datetime(row.next_contact_date) < last]


def _planned_between(first: datetime, last: datetime, filters: list) -> list[frappe._dict]:
	within = [
		["Opportunity", "status", "in", sorted(status.IN_PLAY)],
		["Opportunity", "next_contact_date", ">=", str(first)],
		["Opportunity", "next_contact_date", "<", str(last)],
	]
	return frappe.get_list(
		"Opportunity",
		filters=[*filters, *within],
		fields=list(FIELDS),
		order_by="next_contact_date",
		limit_page_length=MOST_ENTRIES,
	)


def _entry(row: frappe._dict) -> dict:
	"""Return a next contact for calendars: a moment, shown as long as they show one without end."""
	moment = get_datetime(row.next_contact_date)
	party = row.pop("company_name", None) or row.customer_name
	who = _("Next contact by {0}").format(name_to_read(row.next_contact_by))
	return {
		**row,
		"end": row.next_contact_date,
		"overdue": moment < now_datetime(),
		"heading": _distinct(row.title, party),
		"tooltip": _distinct(row.title, row.customer_name, party, who),
	}


def _distinct(*words: str | None) -> str:
	return " · ".join(dict.fromkeys(word for word in words if word))
