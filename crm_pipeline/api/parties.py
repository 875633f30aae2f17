"""What forms of customers and suppliers ask before they save."""

import frappe

from crm_pipeline.parties import same_name


@frappe.whitelist(methods=["GET"])
def find_same_name(doctype: str, name: str, other_than: str | None = None) -> str | None:
	"""Return the customer or supplier that has a name already, if the user may read it.

	Args:
		doctype: Customer or Supplier.
		name: as typed; case, spaces and Unicode form make no difference.
		other_than: the record that is being saved.
	"""
	if doctype not in same_name.NAME_FIELDS:
		return None
	frappe.has_permission(doctype, "read", throw=True)
	return same_name.find_same_name(doctype, name, other_than)
