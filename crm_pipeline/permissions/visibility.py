"""Who sees which deals, as one criterion from which lists, documents, rows, reports and counts are made.

Selling Settings decide: everybody sees all, or whoever is no manager sees what is own, assigned or shared.
A deal is own by its opportunity owner, by who entered it or who is to contact next, assigned by an open ToDo, shared by
a DocShare.
Quotations are seen through the opportunities that they name. Where opportunities are switched off, what names one is
out of sight too.
"""

import frappe
from frappe import _
from frappe.desk.reportview import build_match_conditions
from frappe.model.document import Document
from pypika.terms import Criterion, EmptyCriterion, LiteralValue

from crm_pipeline.controllers.quotations import QUOTING_DOCTYPES
from crm_pipeline.exceptions import OpportunityNotVisible
from crm_pipeline.permissions.switch import MANAGERS, is_switched_off, refuse_if_switched_off

OWN = "Own, Assigned and Shared"
DEALS = ("Opportunity", *QUOTING_DOCTYPES)
# Child tables, each with the DocTypes it stands in.
ROWS = {
	"Opportunity Item": ("Opportunity",),
	"Quotation Item": ("Quotation",),
	"Supplier Quotation Item": ("Supplier Quotation",),
	"Lost Reason Detail": ("Opportunity", "Quotation"),
	"Competitor Detail": ("Opportunity", "Quotation"),
}
# What hangs on any document, with the fields that say on which.
ATTACHED = {
	"Communication": ("reference_doctype", "reference_name"),
	"File": ("attached_to_doctype", "attached_to_name"),
	"Tag Link": ("document_type", "document_name"),
}
# Nothing else than opportunities is in them.
OPPORTUNITIES_ONLY = ("Opportunity", "Opportunity Item", "Pipeline Change", "Auto Closed Opportunity")


class Literally(LiteralValue, Criterion):
	"""SQL that can be combined with other criteria."""


def visible(doctype: str) -> Criterion:
	"""What the session's user may see of a DocType: roles, sharing, user permissions and permission hooks.

	It is the condition that Frappe's own lists use, so that no report or board shows what a list hides. The
	query must read from that DocType's table without an alias.

	Raises:
		OpportunitiesSwitchedOff, frappe.PermissionError
	"""
	conditions = build_match_conditions(doctype)
	return Literally(f"({conditions})") if conditions else EmptyCriterion()


def visible_to(user: str, doctype: str = "Opportunity") -> Criterion:
	"""What the settings leave a user of a DocType, beside his roles; empty if that is all of it.

	The query must read from that DocType's table without an alias.
	"""
	if not is_limited(user):
		return EmptyCriterion()
	table = frappe.qb.DocType(doctype)
	if doctype in ROWS:
		return Criterion.any(
			(table.parenttype == parent) & table.parent.isin(_names(parent, user)) for parent in ROWS[doctype]
		)
	if doctype in ATTACHED:
		kind, name = (table[field] for field in ATTACHED[doctype])
		elsewhere = kind.isnull() | kind.notin(DEALS)
		return elsewhere | Criterion.any((kind == deal) & name.isin(_names(deal, user)) for deal in DEALS)
	if doctype in ("Pipeline Change", "Auto Closed Opportunity"):
		return table.opportunity.isin(_names("Opportunity", user))
	return _deals(doctype, user)


def is_limited(user: str) -> bool:
	"""Whether any opportunity may be out of the user's sight."""
	return is_switched_off(user) or not sees_all(user)


def sees_all(user: str) -> bool:
	"""Whether the settings, or a manager's role, let the user see every opportunity that there is."""
	if user == "Administrator" or frappe.get_cached_doc("Selling Settings").opportunity_visibility != OWN:
		return True
	return not MANAGERS.isdisjoint(frappe.get_roles(user))


def query_conditions(user: str | None = None, doctype: str = "Opportunity") -> str:
	"""Hook `permission_query_conditions`: the criterion as SQL, for every list and count."""
	user = user or frappe.session.user
	if doctype in OPPORTUNITIES_ONLY and user == frappe.session.user:
		refuse_if_switched_off()
	criterion = visible_to(user, doctype)
	if isinstance(criterion, EmptyCriterion):
		return ""
	return f"({criterion.get_sql(quote_char='`', with_namespace=True)})"


def has_permission(doc: Document, ptype: str | None = None, user: str | None = None) -> bool:
	"""Hook `has_permission`: the criterion asked of the stored document, whatever the one at hand says.

	Where opportunities are off it raises, since Frappe would let a shared document pass after a mere no.
	"""
	user = user or frappe.session.user
	if doc.doctype in OPPORTUNITIES_ONLY and user == frappe.session.user:
		refuse_if_switched_off()
	if not is_limited(user) or _matches(doc.doctype, doc.name, user):
		return True
	if doc.name and frappe.db.exists(doc.doctype, doc.name):
		if user == frappe.session.user:
			refuse_if_switched_off()
		return False
	return doc.doctype not in OPPORTUNITIES_ONLY or not is_switched_off(user)


def refuse_own_assignment(todo: Document, method: str | None = None) -> None:
	"""Nobody gets to see a deal by assigning it to himself: an open ToDo needs a writer who sees the deal.

	Raises:
		OpportunityNotVisible
	"""
	if todo.flags.ignore_permissions or todo.status != "Open" or todo.reference_type not in DEALS:
		return
	if not frappe.has_permission(todo.reference_type, "read", todo.reference_name):
		_refuse(todo.reference_name)


def named_opportunities(quotation: Document) -> set[str]:
	"""The opportunities that a quotation names on its head and rows."""
	return {name for name in (quotation.opportunity, *(row.opportunity for row in quotation.items)) if name}


def _refuse(name: str) -> None:
	frappe.throw(
		_("You do not see {0}. Ask its owner to share it with you, or to assign it to you.").format(name),
		OpportunityNotVisible,
		title=_("Not Permitted"),
	)


def _matches(doctype: str, name: str | None, user: str) -> bool:
	table = frappe.qb.DocType(doctype)
	query = frappe.qb.from_(table).select(table.name).where(table.name == name)
	return bool(query.where(visible_to(user, doctype)).limit(1).run())


def _names(doctype: str, user: str):
	table = frappe.qb.DocType(doctype)
	return frappe.qb.from_(table).select(table.name).where(_deals(doctype, user))


def _deals(doctype: str, user: str) -> Criterion:
	"""The criterion for opportunities, or for quotations of one kind, of a user who is limited."""
	table = frappe.qb.DocType(doctype)
	ours = EmptyCriterion() if sees_all(user) else table.name.isin(_own(doctype, user))
	if not is_switched_off(user):
		return ours
	if doctype == "Opportunity":
		return table.name.isnull()
	unnamed = table.opportunity.isnull() | (table.opportunity == "")
	return ours & unnamed & table.name.notin(_naming_rows(doctype, lambda row: row.opportunity != ""))


def _own(doctype: str, user: str):
	"""Names of what is the user's own, assigned to him or shared with him, and of quotations for that.

	A union, so that each part uses its index, in a query of its own, so that MariaDB reads it only once.
	"""
	table, todo, share = (frappe.qb.DocType(name) for name in (doctype, "ToDo", "DocShare"))
	parts = [
		frappe.qb.from_(table).select(table.name).where(table.owner == user),
		frappe.qb.from_(todo)
		.select(todo.reference_name)
		.where((todo.allocated_to == user) & (todo.reference_type == doctype) & (todo.status == "Open")),
		frappe.qb.from_(share)
		.select(share.share_name)
		.where((share.share_doctype == doctype) & (share.read == 1))
		.where((share.user == user) | (share.everyone == 1)),
		*_own_by_opportunity(doctype, user),
	]
	union = parts[0]
	union.wrap_set_operation_queries = False  # SQLite has no brackets around the parts of a union
	for part in parts[1:]:
		union = union.union(part)
	own = union.as_("own")
	return frappe.qb.from_(own).select(own.name)


def _own_by_opportunity(doctype: str, user: str) -> list:
	table = frappe.qb.DocType(doctype)
	query = frappe.qb.from_(table).select(table.name)
	if doctype == "Opportunity":
		return [query.where(table.opportunity_owner == user), query.where(table.next_contact_by == user)]
	return [
		query.where(table.opportunity.isin(_own("Opportunity", user))),
		_naming_rows(doctype, lambda row: row.opportunity.isin(_own("Opportunity", user))),
	]


def _naming_rows(doctype: str, condition):
	"""Names of the quotations a row of which fulfils a condition."""
	row = frappe.qb.DocType(f"{doctype} Item")
	return frappe.qb.from_(row).select(row.parent).where((row.parenttype == doctype) & condition(row))
