"""What an opportunity or quotation shows of its party, asked for in one statement."""

from typing import NamedTuple

import frappe

from crm_pipeline.parties.contact_details import name_field_of
from crm_pipeline.utils.prepared import look_up


class PartyFacts(NamedTuple):
	"""The name of a party as people know it, the organization of a lead, and whether it is disabled.

	Any other party, and a lead without a person, is called by its own name and has no organization.
	"""

	name: str
	organization: str | None = None
	disabled: bool = False


def party_facts(party_type: str, party: str) -> PartyFacts:
	"""Return what is known of a party; of one that is gone, its ID is the name."""
	meta = frappe.get_meta(party_type)
	fields = [field for field in ("disabled", "company_name") if meta.has_field(field)]
	known = look_up(party_type, party, [name_field_of(party_type), *fields])
	if not known:
		return PartyFacts(party)
	name = known[name_field_of(party_type)]
	company = known.company_name if party_type == "Lead" else None
	return PartyFacts(name or party, company if company != name else None, bool(known.disabled))
