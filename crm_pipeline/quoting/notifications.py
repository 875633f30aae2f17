"""What owners are notified of, since a quotation went another way than their opportunity."""

from functools import partial

import frappe
from frappe import _

from crm_pipeline.rules import status
from crm_pipeline.utils.bulk_sql import in_list
from crm_pipeline.utils.markup import bold, escaped
from crm_pipeline.utils.notifications import notify_owner


def notify_of_order(quotation: str, opportunities: list[str]) -> None:
	"""Notify owners that something was ordered on opportunities that were closed by hand and stay so."""
	for name in frappe.get_all(
		"Opportunity", {"name": ["in", in_list(opportunities)], "status": status.CLOSED}, pluck="name"
	):
		opportunity = frappe.get_doc("Opportunity", name)
		notify_owner(
			opportunity,
			partial(_ordered_though_closed, quotation, opportunity.title),
		)


def _ordered_though_closed(quotation: str, title: str) -> str:
	return _("{0} was ordered, but {1} stays Closed. Reopen it to have it won.").format(
		escaped(quotation), bold(title)
	)
