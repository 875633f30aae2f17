def get_data() -> dict:
	"""Connections of a lead: another party type may have a party of the same name."""
	return {"dynamic_links": {"party_name": ["Lead", "opportunity_from"]}}
