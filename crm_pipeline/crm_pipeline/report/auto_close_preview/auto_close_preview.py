import frappe
from frappe import _
from frappe.utils import today

from crm_pipeline.auto_close.due import CLOSED, SKIPPED
from crm_pipeline.auto_close.preview import count_due, rows_due
from crm_pipeline.crm_pipeline.report.utils import column, owners_in, read
from crm_pipeline.permissions.field_levels import readable_columns
from crm_pipeline.utils.validation import read_date

MOST_ROWS = 5000


def execute(filters: dict | None = None) -> tuple[list[dict], list[frappe._dict], str | None]:
	"""Return the opportunities that auto-close would close or skip, with the reason, the longest inactive first.

	Filters: day (of the run, today), opportunity_owner, sales_team.
	"""
	filters = read(filters)
	day = read_date(filters.get("day") or today(), "Date", _("Day"))
	owners = owners_in(filters)
	rows, total = rows_due(day, 0, MOST_ROWS, owners), count_due(day, owners)
	for row in rows:
		row.result = _(row.result)
	return readable_columns("Opportunity", get_columns()), rows, get_message(len(rows), total)


def get_columns() -> list[dict]:
	"""Return what decides stands before the rest; all of it is seen on a screen of 1,400 pixels."""
	return [
		column("name", _("Opportunity"), "Link", 188, options="Opportunity"),
		column("title", _("Opportunity Name"), "Data", 168),
		column("days_inactive", _("Days"), "Int", 60),
		column("why", _("Why"), "Data", 357),
		column("result", _("Result"), "Data", 92, words=map(_, (CLOSED, SKIPPED))),
		column("owner_name", _("Owner"), "Data", 118),
		column("opportunity_amount", _("Amount"), "Currency", 116, options="currency"),
	]


def get_message(shown: int, total: int) -> str | None:
	"""Return what to say above the rows, if there is something to say."""
	if not frappe.get_cached_doc("Selling Settings").auto_close_days():
		return _("Auto-close is off: Selling Settings say 0 days.")
	return _("The first {0} of {1}.").format(shown, total) if shown < total else None
