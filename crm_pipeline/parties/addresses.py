"""The address that documents to a party bear."""

import frappe

from crm_pipeline.utils.bulk_sql import in_list


def default_address(party_type: str | None, party: str | None) -> str | None:
	"""Return the address of a party: the one that a customer has chosen, else the preferred one, one for bills, the oldest."""
	if not party:
		return None
	if party_type == "Customer":
		chosen = frappe.db.get_value("Customer", party, "customer_primary_address")
		if chosen and not frappe.db.get_value("Address", chosen, "disabled"):
			return chosen
	linked = frappe.get_all(
		"Dynamic Link",
		{"parenttype": "Address", "link_doctype": party_type, "link_name": party},
		pluck="parent",
	)
	addresses = frappe.get_all(
		"Address",
		{"name": ["in", in_list(linked)], "disabled": 0},
		["name", "is_primary_address", "address_type"],
		order_by="creation, name",
	)
	addresses.sort(key=lambda each: (not each.is_primary_address, each.address_type != "Billing"))
	return addresses[0].name if addresses else None
