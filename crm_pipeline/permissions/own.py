"""What is a user's own, assigned to them or shared with them, as a query of names on which every criterion rests."""

import frappe

PIPELINE_DOCTYPES = ("Opportunity", "Quotation", "Supplier Quotation")
# By permission type: the right that a share must give for it. What is not here cannot be shared.
SHARED_BY = {
	**dict.fromkeys(("select", "read", "print", "email", "report", "export"), "read"),
	**dict.fromkeys(("write", "create"), "write"),
	"submit": "submit",
	"share": "share",
}


def own_names(doctype: str, user: str, ptype: str):
	"""Return the query of the names of opportunities, or of quotations, that are a user's for a permission type.

	A union, so that each part uses its index, in a query of its own, so that MariaDB reads it only once.
	"""
	table, todo = frappe.qb.DocType(doctype), frappe.qb.DocType("ToDo")
	shared = shared_names(doctype, user, ptype)
	parts = [
		frappe.qb.from_(table).select(table.name).where(table.owner == user),
		frappe.qb.from_(todo)
		.select(todo.reference_name)
		.where((todo.allocated_to == user) & (todo.reference_type == doctype) & (todo.status == "Open")),
		*([shared] if shared else []),
		*_by_opportunity(doctype, user, ptype),
	]
	union = parts[0]
	union.wrap_set_operation_queries = False  # SQLite has no brackets around the parts of a union
	for part in parts[1:]:
		union = union.union(part)
	own = union.as_("own")
	return frappe.qb.from_(own).select(own.name)


def shared_names(doctype: str, user: str, ptype: str):
	"""Return the query of the names of what is shared with a user for a permission type; None if none can be."""
	if ptype not in SHARED_BY:
		return None
	share = frappe.qb.DocType("DocShare")
	return (
		frappe.qb.from_(share)
		.select(share.share_name)
		.where((share.share_doctype == doctype) & (share[SHARED_BY[ptype]] == 1))
		.where((share.user == user) | (share.everyone == 1))
	)


def rows_naming(doctype: str, condition):
	"""Return the query of the names of the quotations a row of which fulfils a condition."""
	row = frappe.qb.DocType(f"{doctype} Item")
	return frappe.qb.from_(row).select(row.parent).where((row.parenttype == doctype) & condition(row))


def _by_opportunity(doctype: str, user: str, ptype: str) -> list:
	table = frappe.qb.DocType(doctype)
	query = frappe.qb.from_(table).select(table.name)
	if doctype == "Opportunity":
		return [query.where(table.opportunity_owner == user), query.where(table.next_contact_by == user)]
	return [
		query.where(table.opportunity.isin(own_names("Opportunity", user, ptype))),
		rows_naming(doctype, lambda row: row.opportunity.isin(own_names("Opportunity", user, ptype))),
	]
