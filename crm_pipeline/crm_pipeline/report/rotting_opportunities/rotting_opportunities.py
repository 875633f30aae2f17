from frappe import _
from frappe.utils import get_fullname, getdate

from crm_pipeline.crm_pipeline.report.utils import column, read, visible_opportunities
from crm_pipeline.history.rotting import idle_since, limits, opportunity, rotting_on
from crm_pipeline.permissions.field_levels import readable, readable_columns
from crm_pipeline.rules import inactivity

FIELDS = (
	"name",
	"title",
	"customer_name",
	"opportunity_owner",
	"sales_process",
	"sales_stage",
	"opportunity_amount",
	"currency",
)


def execute(filters: dict | None = None) -> tuple[list[dict], list[dict]]:
	"""Return the opportunities in play on which nothing has happened for longer than their stage allows, the longest first.

	Filters: opportunity_owner, sales_team, sales_process, sales_stage.
	"""
	return readable_columns("Opportunity", get_columns()), get_data(read(filters))


def get_columns() -> list[dict]:
	"""Return what decides stands before the rest; all of it is seen on a screen of 1,400 pixels."""
	return [
		column("name", _("Opportunity"), "Link", 188, options="Opportunity"),
		column("title", _("Opportunity Name"), "Data", 180),
		column("days_idle", _("Idle (Days)"), "Int", 100),
		column("rotting_days", _("Limit"), "Int", 64),
		column("idle_since", _("Last Activity"), "Date", 116),
		column("sales_stage", _("Stage"), "Link", 90, options="Sales Stage"),
		column("owner_name", _("Owner"), "Data", 112),
		column("customer_name", _("Party Name"), "Data", 132),
		column("opportunity_amount", _("Amount"), "Currency", 114, options="currency"),
	]


def get_data(filters: dict) -> list[dict]:
	today = getdate()
	query = visible_opportunities(filters, "opportunity_owner", "sales_process", "sales_stage")
	query = query.where(rotting_on(today)).select(
		*(opportunity[field] for field in readable("Opportunity", FIELDS))
	)
	rows = query.run(as_dict=True)
	since = idle_since([row.name for row in rows])
	limit_of = {(row.sales_process, row.sales_stage): row.rotting_days for row in limits()}
	present = [row for row in rows if row.name in since]  # what was deleted between the statements is not
	for row in present:
		row.idle_since = since[row.name].date()
		row.days_idle = inactivity.days_inactive(since[row.name], today)
		row.owner_name = get_fullname(row.opportunity_owner) if row.get("opportunity_owner") else None
		row.rotting_days = limit_of.get((row.sales_process, row.sales_stage))
	return sorted(present, key=lambda row: (-row.days_idle, row.name))
