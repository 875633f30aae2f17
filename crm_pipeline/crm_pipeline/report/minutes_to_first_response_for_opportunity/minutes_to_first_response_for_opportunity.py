import frappe
from frappe import _
from frappe.query_builder.functions import Avg, Count
from frappe.utils import flt

from crm_pipeline.crm_pipeline.report.utils import period, read, visible_opportunities


def execute(filters: dict | None = None) -> tuple[list[dict], list[dict], None, dict]:
	"""Average minutes to the first response, by the day on which opportunities came in.

	Filters: from_date, to_date (the last 30 days), opportunity_owner, sales_team, source.
	"""
	data = get_data(read(filters))
	return get_columns(), data, None, get_chart(data)


def get_columns() -> list[dict]:
	return [
		{"fieldname": "transaction_date", "label": _("Date"), "fieldtype": "Date", "width": 200},
		{"fieldname": "responded", "label": _("Responded Opportunities"), "fieldtype": "Int", "width": 220},
		{
			"fieldname": "mins_to_first_response",
			"label": _("Minutes to First Response"),
			"fieldtype": "Float",
			"precision": 2,
			"width": 240,
		},
	]


def get_data(filters: dict) -> list[dict]:
	first, last = period(filters, 30)
	opportunity = frappe.qb.DocType("Opportunity")
	rows = (
		visible_opportunities(filters, "opportunity_owner", "source")
		.select(
			opportunity.transaction_date,
			Count(opportunity.name).as_("responded"),
			Avg(opportunity.mins_to_first_response).as_("mins_to_first_response"),
		)
		.where(opportunity.first_responded_on.isnotnull())
		.where(opportunity.transaction_date[first:last])
		.groupby(opportunity.transaction_date)
		.orderby(opportunity.transaction_date)
	).run(as_dict=True)
	return [{**row, "mins_to_first_response": flt(row.mins_to_first_response, 2)} for row in rows]


def get_chart(data: list[dict]) -> dict:
	return {
		"type": "line",
		"data": {
			"labels": [str(row["transaction_date"]) for row in data],
			"datasets": [{"name": _("Minutes"), "values": [row["mins_to_first_response"] for row in data]}],
		},
	}
