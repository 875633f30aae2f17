"""Taxes and charges for forms that show totals while they are typed."""

import frappe
from frappe import _
from frappe.utils import today

from crm_pipeline.money.charges import TEMPLATE, default_template, rows_of_template
from crm_pipeline.money.exchange_rates import base_currency, exchange_rate
from crm_pipeline.utils.confidential import require_record
from crm_pipeline.utils.validation import read_date


@frappe.whitelist(methods=["GET"])
def get_charges(currency: str, template: str | None = None, day: str | None = None) -> dict:
	"""Return what a template charges, amounts in a currency.

	Args:
		template: name of a Sales Taxes and Charges Template; that of new quotations if left out.
		day: whose exchange rate is to count (YYYY-MM-DD), today if left out.

	Returns:
		`taxes_and_charges`, the template's name or None; `taxes`, rows to fill in.

	Raises:
		ExchangeRateMissing, ImpossibleDate
	"""
	frappe.has_permission(TEMPLATE, "read", throw=True)
	template = require_record(TEMPLATE, template).name if template else default_template()
	rate = exchange_rate(currency, base_currency(), read_date(day or today(), "Date", _("Date")))
	return {
		"taxes_and_charges": template,
		"taxes": rows_of_template(template, currency, rate) if template else [],
	}
