"""What is a user's own, assigned to them or shared with them, as a query of names on which every criterion rests."""

from collections.abc import Callable

import frappe
from frappe.permissions import get_role_permissions
from pypika import Table
from pypika.queries import QueryBuilder
from pypika.terms import Criterion

PIPELINE_DOCTYPES = ("Opportunity", "Quotation", "Supplier Quotation")
# By permission type: the right that a share must give for it. What is not here cannot be shared.
SHARED_BY = {
	**dict.fromkeys(("select", "read", "print", "email", "report", "export"), "read"),
	**dict.fromkeys(("write", "create"), "write"),
	"submit": "submit",
	"share": "share",
}


def own_names(doctype: str, user: str, ptype: str) -> QueryBuilder:
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


def shared_names(doctype: str, user: str, ptype: str) -> QueryBuilder | None:
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


def rows_naming(doctype: str, condition: Callable[[Table], Criterion]) -> QueryBuilder:
	"""Return the query of the names of the quotations a row of which fulfils a condition."""
	row = frappe.qb.DocType(f"{doctype} Item")
	return frappe.qb.from_(row).select(row.parent).where((row.parenttype == doctype) & condition(row))


def _by_opportunity(doctype: str, user: str, ptype: str) -> list:
	table = frappe.qb.DocType(doctype)
	query = frappe.qb.from_(table).select(table.name)
	if doctype == "Opportunity":
		mine = [query.where(table.opportunity_owner == user), query.where(table.next_contact_by == user)]
		return [*mine, *(_bought_for(user) if SHARED_BY.get(ptype) == "read" and _is_buyer(user) else [])]
	return [
		query.where(table.opportunity.isin(own_names("Opportunity", user, ptype))),
		rows_naming(doctype, lambda row: row.opportunity.isin(own_names("Opportunity", user, ptype))),
	]


def _is_buyer(user: str) -> bool:
	"""Return whether a user gets prices for opportunities, and makes none: to sell, one has opportunities of one's own."""
	may_create = [
		get_role_permissions(frappe.get_meta(doctype), user=user).get("create")
		for doctype in ("Supplier Quotation", "Opportunity")
	]
	return bool(may_create[0] and not may_create[1])


def _bought_for(user: str) -> list:
	"""Return queries of the opportunities that supplier quotations name which are the user's own or assigned to them."""
	table, row = frappe.qb.DocType("Supplier Quotation"), frappe.qb.DocType("Supplier Quotation Item")
	todo = frappe.qb.DocType("ToDo")
	assigned = (
		frappe.qb.from_(todo)
		.select(todo.reference_name)
		.where((todo.allocated_to == user) & (todo.reference_type == "Supplier Quotation"))
		.where(todo.status == "Open")
	)
	theirs = ((table.owner == user) | table.name.isin(assigned)) & (table.docstatus < 2)
	heads = frappe.qb.from_(table).select(table.opportunity).where(theirs)
	names = frappe.qb.from_(table).select(table.name).where(theirs)
	rows = frappe.qb.from_(row).select(row.opportunity).where(row.parenttype == "Supplier Quotation")
	return [
		heads.where(table.opportunity.isnotnull()),
		rows.where(row.opportunity.isnotnull() & row.parent.isin(names)),
	]
