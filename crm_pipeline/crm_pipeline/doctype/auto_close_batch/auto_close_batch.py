import frappe
from frappe.utils import get_fullname

from crm_pipeline.permissions.field_levels import readable
from crm_pipeline.permissions.switch import is_switched_off
from crm_pipeline.utils.bulk_sql import in_list
from crm_pipeline.utils.confidential import ConfidentialDocument

ROW = "Auto Closed Opportunity"
SHOWN = 100
FIELDS = ("opportunity", "opportunity_owner", "result", "why")


class AutoCloseBatch(ConfidentialDocument):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		after_days: DF.Int
		closed: DF.Int
		day: DF.Date | None
		finished_on: DF.Datetime | None
		not_restored: DF.Int
		skipped: DF.Int
		started_on: DF.Datetime | None
		status: DF.Literal["Running", "Done", "Undone", "Partly Undone"]
		undone: DF.Int
	# end: auto-generated types
	"""What one run of auto-close did; written by `crm_pipeline.auto_close`."""

	def onload(self) -> None:
		self.set_onload("opportunities", self.first_opportunities())

	def first_opportunities(self) -> list[dict]:
		"""Return the first of its opportunities that the user may see, with what became of them."""
		if is_switched_off(frappe.session.user):
			return []
		fields = readable(ROW, FIELDS)
		filters = {"batch": self.name}
		rows = frappe.get_list(ROW, filters, fields, order_by="result, opportunity", limit=SHOWN)
		titles = titles_of({row.opportunity for row in rows})
		for row in rows:
			row.title = titles.get(row.opportunity) or row.opportunity
			row.owner_name = get_fullname(row.opportunity_owner) if row.get("opportunity_owner") else None
		return rows


def titles_of(opportunities: set[str]) -> dict[str, str]:
	"""Return the titles of opportunities by their names."""
	if not readable("Opportunity", ["title"]):
		return {}
	filters = {"name": ["in", in_list(opportunities)]}
	return dict(frappe.get_list("Opportunity", filters, ["name", "title"], as_list=True, limit=SHOWN))
