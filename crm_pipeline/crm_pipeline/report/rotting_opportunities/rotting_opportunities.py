from frappe import _
from frappe.utils import getdate

from crm_pipeline.controllers.report_columns import column
from crm_pipeline.controllers.report_filters import visible_opportunities
from crm_pipeline.controllers.rotting import deal, idle_since, limits, rotting_on
from crm_pipeline.rules import quiet

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


def execute(filters: dict | None = None):
	"""Opportunities in play on which nothing has happened for longer than their stage allows, the longest first.

	Filters: opportunity_owner, sales_process, sales_stage.
	"""
	return get_columns(), get_data(filters or {})


def get_columns() -> list[dict]:
	return [
		column("name", _("Opportunity"), "Link", 195, options="Opportunity"),
		column("title", _("Opportunity Name"), "Data", 240),
		column("customer_name", _("Party Name"), "Data", 170),
		column("opportunity_owner", _("Owner"), "Link", 180, options="User"),
		column("sales_stage", _("Sales Stage"), "Link", 130, options="Sales Stage"),
		column("days_idle", _("Idle (Days)"), "Int", 100),
		column("rotting_days", _("Limit (Days)"), "Int", 110),
		column("idle_since", _("Last Activity"), "Datetime", 170),
		column("opportunity_amount", _("Amount"), "Currency", 130, options="currency"),
	]


def get_data(filters: dict) -> list[dict]:
	today = getdate()
	query = visible_opportunities(filters, "opportunity_owner", "sales_process", "sales_stage")
	query = query.where(rotting_on(today)).select(*(deal[field] for field in FIELDS))
	rows = query.run(as_dict=True)
	since = idle_since([row.name for row in rows])
	limit_of = {(row.sales_process, row.sales_stage): row.rotting_days for row in limits()}
	for row in rows:
		row.idle_since = since[row.name]
		row.days_idle = quiet.days_quiet(row.idle_since, today)
		row.rotting_days = limit_of[row.sales_process, row.sales_stage]
	return sorted(rows, key=lambda row: (-row.days_idle, row.name))
