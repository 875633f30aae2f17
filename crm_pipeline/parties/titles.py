"""What a quotation is called: its party, and where a person works."""

import frappe
from frappe.query_builder.functions import Coalesce, Substring
from pypika import Case
from pypika.terms import Criterion

from crm_pipeline.utils.bulk_sql import joined, update_where

TITLE_LENGTH = 140  # characters that the field holds
SEPARATOR = ", "


def title_of(party: str | None, organization: str | None) -> str:
	return SEPARATOR.join(part for part in (party, organization) if part)[:TITLE_LENGTH]


def retitle_quotations(criterion: Criterion) -> None:
	"""Call quotations by the party and organization that they show by now, with one statement."""
	quotation = frappe.qb.DocType("Quotation")
	party, organization = (Coalesce(quotation[field], "") for field in ("customer_name", "company_name"))
	title = (
		Case()
		.when(organization == "", party)
		.when(party == "", organization)
		.else_(joined(party, SEPARATOR, organization))
	)
	update_where(quotation, criterion, {"title": Substring(title, 1, TITLE_LENGTH)})
