def get_data() -> dict:
	"""Connections of a customer: another party type may have a party of the same name."""
	return {"dynamic_links": {"party_name": ["Customer", "opportunity_from"]}}
