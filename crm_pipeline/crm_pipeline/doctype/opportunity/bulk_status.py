"""The status of many opportunities, set with a fixed number of statements."""

import frappe
from frappe.utils import now_datetime
from pypika import Table
from pypika.terms import Term

from crm_pipeline.history.changes import record_change_of_many
from crm_pipeline.utils.bulk_sql import update_where

opportunity = Table("tabOpportunity")


def set_status(names: list[str], shown: Term, values: dict) -> None:
	"""Set the status shown of opportunities, and other fields with it; the history has the change.

	Args:
		shown: a status, or a term that says which of each opportunity.
		values: terms or constants by field.
	"""
	moment = now_datetime()
	values |= {
		"status": shown,
		"status_since": moment,
		"modified": moment,
		"modified_by": frappe.session.user,
	}
	update_where(opportunity, opportunity.name.isin(names), values)
	record_change_of_many(names, "Status")
	frappe.clear_document_cache("Opportunity")
