"""In which country an opportunity is."""

import frappe
from frappe.query_builder.functions import Coalesce
from pypika import Table
from pypika.functions import NullIf
from pypika.queries import QueryBuilder
from pypika.terms import EmptyCriterion, Term

from crm_pipeline.permissions.field_levels import is_readable
from crm_pipeline.permissions.visibility import visible

opportunity = Table("tabOpportunity")
PARTIES = ("Customer", "Lead")  # that have a country


def with_country(query: QueryBuilder) -> tuple[QueryBuilder, Term]:
	"""Return a query on opportunities joined to their parties, and the country: that of its party, else its own.

	The own one comes last, since Frappe gives every new document the site's country. Of parties whose country the
	session's user may not read, none is told, nor of parties that they do not see.
	"""
	countries: list[Term] = []
	for doctype in PARTIES:
		if frappe.has_permission(doctype, "read") and is_readable(doctype, "country"):
			party = frappe.qb.DocType(doctype)
			is_its_party = (opportunity.opportunity_from == doctype) & (party.name == opportunity.party_name)
			if not isinstance(seen := visible(doctype), EmptyCriterion):
				is_its_party &= party.name.isin(frappe.qb.from_(party).select(party.name).where(seen))
			query = query.left_join(party).on(is_its_party)
			countries.append(NullIf(party.country, ""))
	return query, Coalesce(*countries, opportunity.country, "")
