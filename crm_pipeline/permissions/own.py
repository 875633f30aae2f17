"""What is a user's own or their people's, assigned to them or shared, as a query of names on which every criterion rests."""

from collections.abc import Callable

import frappe
from frappe.permissions import get_role_permissions
from pypika import Table
from pypika.queries import QueryBuilder
from pypika.terms import Criterion

from crm_pipeline.permissions.teams import people_of
from crm_pipeline.utils.bulk_sql import union_of

PIPELINE_DOCTYPES = ("Opportunity", "Quotation", "Supplier Quotation")
# By permission type: the right that a share must give for it. What is not here cannot be shared.
SHARED_BY = {
	**dict.fromkeys(("select", "read", "print", "email", "report", "export"), "read"),
	**dict.fromkeys(("write", "create"), "write"),
	"submit": "submit",
	"share": "share",
}


def own_names(doctype: str, user: str, ptype: str) -> QueryBuilder:
	"""Return the query of the names of opportunities, or of quotations, that are a user's for a permission type."""
	table = frappe.qb.DocType(doctype)
	shared = shared_names(doctype, user, ptype)
	parts = [
		frappe.qb.from_(table).select(table.name).where(table.owner == user),
		assigned_names(doctype, *(people_of(user) if doctype == "Opportunity" else [user])),
		*([shared] if shared else []),
		*_by_opportunity(doctype, user, ptype),
	]
	return union_of(*parts)


def assigned_names(doctype: str, *users: str) -> QueryBuilder:
	"""Return the query of the names of what is assigned to one of some users by an open ToDo."""
	todo = frappe.qb.DocType("ToDo")
	query = frappe.qb.from_(todo).select(todo.reference_name).where(todo.reference_type == doctype)
	return query.where((todo.allocated_to.isin(users)) & (todo.status == "Open"))


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
		people = people_of(user)
		ours = [query.where(table[field].isin(people)) for field in ("opportunity_owner", "next_contact_by")]
		return [*ours, *(_bought_for(user) if SHARED_BY.get(ptype) == "read" and _is_buyer(user) else [])]
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
	assigned = assigned_names("Supplier Quotation", user)
	theirs = ((table.owner == user) | table.name.isin(assigned)) & (table.docstatus < 2)
	heads = frappe.qb.from_(table).select(table.opportunity).where(theirs)
	names = frappe.qb.from_(table).select(table.name).where(theirs)
	rows = frappe.qb.from_(row).select(row.opportunity).where(row.parenttype == "Supplier Quotation")
	return [
		heads.where(table.opportunity.isnotnull()),
		rows.where(row.opportunity.isnotnull() & row.parent.isin(names)),
	]
