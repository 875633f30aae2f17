"""Who sees which opportunities, as one criterion from which lists, documents, rows, reports and counts are made.

Selling Settings decide: everybody sees all, or whoever is no manager sees what is own, assigned or shared.
An opportunity is own by its opportunity owner, by who entered it or who is to contact next, assigned by an open ToDo,
shared by a DocShare, for what that share allows. Buyers read what they buy for.
Quotations are seen through the opportunities that they name. Where opportunities are switched off, what names one is
out of sight too. History, rows and what hangs on a document are seen where lists show that document.
"""

import frappe
from frappe.desk.reportview import build_match_conditions
from frappe.model.db_query import DatabaseQuery
from frappe.model.document import Document
from frappe.share import get_shared
from pypika import Table
from pypika.terms import Criterion, EmptyCriterion, LiteralValue, Term

from crm_pipeline.permissions.field_levels import is_readable
from crm_pipeline.permissions.managing import manages_sales
from crm_pipeline.permissions.own import PIPELINE_DOCTYPES, own_names, rows_naming
from crm_pipeline.permissions.party_limits import may_work_with_party, of_allowed_parties
from crm_pipeline.permissions.switch import is_switched_off, refuse_if_switched_off

OWN = "Own, Assigned and Shared"
# Child tables, each with the DocTypes it stands in.
ROWS = {
	"Opportunity Item": ("Opportunity",),
	"Quotation Item": ("Quotation",),
	"Supplier Quotation Item": ("Supplier Quotation",),
	"Lost Reason Detail": ("Opportunity", "Quotation"),
	"Competitor Detail": ("Opportunity", "Quotation"),
	"Sales Taxes and Charges": ("Quotation", "Sales Taxes and Charges Template"),
}
# What hangs on any document, with the fields that say on which.
ATTACHED = {
	"Communication": ("reference_doctype", "reference_name"),
	"File": ("attached_to_doctype", "attached_to_name"),
	"Tag Link": ("document_type", "document_name"),
	"Communication Link": ("link_doctype", "link_name"),
	"Event Participants": ("reference_doctype", "reference_docname"),
}
# Nothing else than opportunities is in them.
HISTORY = ("Pipeline Change", "Auto Closed Opportunity")
# Fields of the opportunity that its history keeps; Frappe cannot hide them there one by one.
KEPT_FIELDS = (
	"status",
	"sales_process",
	"sales_stage",
	"opportunity_owner",
	"currency",
	"opportunity_amount",
	"conversion_rate",
	"base_opportunity_amount",
	"probability",
	"expected_closing",
)
OPPORTUNITIES_ONLY = ("Opportunity", "Opportunity Item", *HISTORY)


class Literally(LiteralValue, Criterion):
	"""SQL that can be combined with other criteria."""


def visible(doctype: str) -> Criterion:
	"""Return what the session's user may see of a DocType: roles, sharing, user permissions and permission hooks.

	It is the condition that Frappe's own lists use, so that no report or board shows what a list hides. The
	query must read from that DocType's table without an alias.

	Raises:
		OpportunitiesSwitchedOff, frappe.PermissionError
	"""
	conditions = build_match_conditions(doctype)
	if _may_list(doctype, frappe.session.user):
		return Literally(f"({conditions})") if conditions else EmptyCriterion()
	return _shared_alone(doctype, frappe.session.user)


def visible_to(user: str, doctype: str = "Opportunity", ptype: str = "read") -> Criterion:
	"""Return what settings and User Permissions leave a user of a DocType, beside the roles; empty if that is all of it.

	The query must read from that DocType's table without an alias.
	"""
	if doctype in PIPELINE_DOCTYPES:
		return _all_of(_left_by_settings(doctype, user, ptype), of_allowed_parties(doctype, user, ptype))
	table = frappe.qb.DocType(doctype)
	if doctype in ROWS:
		seen = {parent: _listed(parent, user) for parent in ROWS[doctype]}
		return _either(seen, table.parenttype, table.parent)
	if doctype in ATTACHED:
		kind, name = (table[field] for field in ATTACHED[doctype])
		seen = {each: _listed(each, user) for each in PIPELINE_DOCTYPES}
		criterion = _either(seen, kind, name)
		elsewhere = kind.isnull() | kind.notin(PIPELINE_DOCTYPES)
		return criterion if isinstance(criterion, EmptyCriterion) else elsewhere | criterion
	if doctype == "Auto Close Batch":
		# Its counts are of all opportunities.
		return table.name.isnull() if is_limited(user, "Opportunity") else EmptyCriterion()
	if doctype == "Kanban Board Column":
		return _columns_without_names(table, user)
	if doctype == "Pipeline Change" and not is_readable("Opportunity", *KEPT_FIELDS, user=user):
		return table.name.isnull()
	return _within(table.opportunity, "Opportunity", _listed("Opportunity", user))


def is_limited(user: str, *doctypes: str) -> bool:
	"""Return whether any record of some DocTypes, of opportunities and quotations if none is named, may be hidden."""
	return any(
		not isinstance(_listed(doctype, user), EmptyCriterion) for doctype in doctypes or PIPELINE_DOCTYPES
	)


def sees_all(user: str) -> bool:
	"""Return whether the settings, or a manager's role, let the user see every opportunity that there is."""
	if user == "Administrator" or frappe.get_cached_doc("Selling Settings").shows_all():
		return True
	return manages_sales(user)


def query_conditions(user: str | None = None, doctype: str = "Opportunity") -> str:
	"""Give every list and count the criterion as SQL, as the hook `permission_query_conditions`."""
	user = user or frappe.session.user
	if doctype in OPPORTUNITIES_ONLY and user == frappe.session.user:
		refuse_if_switched_off()
	criterion = visible_to(user, doctype)
	if isinstance(criterion, EmptyCriterion):
		return ""
	return f"({criterion.get_sql(quote_char='`', with_namespace=True)})"


def has_permission(doc: Document, ptype: str | None = None, user: str | None = None) -> bool:
	"""Ask the criterion of the stored document, whatever the one at hand says, as the hook `has_permission`.

	Where opportunities are off it raises, since Frappe would let a shared document pass after a mere no.
	"""
	user, ptype = user or frappe.session.user, ptype or "read"
	if doc.doctype in OPPORTUNITIES_ONLY and user == frappe.session.user:
		refuse_if_switched_off()
	if not may_work_with_party(doc, user) or not _may_change_tags(doc, ptype, user):
		return False
	criterion = visible_to(user, doc.doctype, ptype)
	if isinstance(criterion, EmptyCriterion) or matches(doc.doctype, doc.name, criterion):
		return True
	if doc.name and frappe.db.exists(doc.doctype, doc.name):
		if user == frappe.session.user:
			refuse_if_switched_off()
		return False
	return doc.doctype not in OPPORTUNITIES_ONLY or not is_switched_off(user)


def is_for_user(doc: Document, ptype: str | None = None, user: str | None = None) -> bool:
	"""Let notifications be read by whom they are for, as the hook `has_permission`: they name records."""
	return doc.is_new() or doc.for_user == (user or frappe.session.user)


def is_own(doctype: str, name: str, ptype: str) -> bool:
	"""Return whether Selling Settings leave the session's user a record for a permission type, whatever the roles say."""
	return matches(doctype, name, _left_by_settings(doctype, frappe.session.user, ptype))


def matches(doctype: str, name: str | None, criterion: Criterion) -> bool:
	"""Return whether a criterion holds for a record; for a name that is no text, as a client may send it, it does not."""
	if not isinstance(name, str):
		return False
	table = frappe.qb.DocType(doctype)
	query = frappe.qb.from_(table).select(table.name).where(table.name == name)
	return bool(query.where(criterion).limit(1).run())


def _may_change_tags(doc: Document, ptype: str, user: str) -> bool:
	"""Frappe lets everybody write tags; those of opportunities and quotations are for who may write these."""
	if doc.doctype != "Tag Link" or ptype == "read" or doc.document_type not in PIPELINE_DOCTYPES:
		return True
	return matches(doc.document_type, doc.document_name, visible_to(user, doc.document_type)) and bool(
		frappe.has_permission(doc.document_type, "write", doc.document_name, user=user)
	)


def _left_by_settings(doctype: str, user: str, ptype: str) -> Criterion:
	"""Return the criterion of Selling Settings for opportunities, or for quotations of one kind."""
	table = frappe.qb.DocType(doctype)
	ours = EmptyCriterion() if sees_all(user) else table.name.isin(own_names(doctype, user, ptype))
	if not is_switched_off(user):
		return ours
	if doctype == "Opportunity":
		return table.name.isnull()
	unnamed = table.opportunity.isnull() | (table.opportunity == "")
	return ours & unnamed & table.name.notin(rows_naming(doctype, lambda row: row.opportunity != ""))


def _either(seen: dict[str, Criterion], kind: Term, name: Term) -> Criterion:
	"""Return those records that hang on a document which the lists of its DocType show."""
	if all(isinstance(criterion, EmptyCriterion) for criterion in seen.values()):
		return EmptyCriterion()
	return Criterion.any(
		_all_of(kind == doctype, _within(name, doctype, each)) for doctype, each in seen.items()
	)


def _columns_without_names(table: Table, user: str) -> Criterion:
	"""Columns of Kanban boards but those that list the names of records some of which may be hidden."""
	limited = [doctype for doctype in PIPELINE_DOCTYPES if is_limited(user, doctype)]
	if not limited:
		return EmptyCriterion()
	board = frappe.qb.DocType("Kanban Board")
	return table.parent.notin(
		frappe.qb.from_(board).select(board.name).where(board.reference_doctype.isin(limited))
	)


def _within(field: Term, doctype: str, criterion: Criterion) -> Criterion:
	"""Match what names, in a field, a record for which a criterion holds; everything where it holds for all."""
	if isinstance(criterion, EmptyCriterion):
		return criterion
	table = frappe.qb.DocType(doctype)
	return field.isin(frappe.qb.from_(table).select(table.name).where(criterion))


def _all_of(*criteria: Criterion) -> Criterion:
	return Criterion.all(each for each in criteria if not isinstance(each, EmptyCriterion))


def _listed(doctype: str, user: str) -> Criterion:
	"""Return what lists of a DocType show a user, where they would refuse too: nothing then."""
	if doctype == "Opportunity" and is_switched_off(user):
		return frappe.qb.DocType(doctype).name.isnull()
	if not _may_list(doctype, user):
		return _shared_alone(doctype, user)
	conditions = DatabaseQuery(doctype, user=user).build_match_conditions()
	return Literally(f"({conditions})") if conditions else EmptyCriterion()


def _may_list(doctype: str, user: str) -> bool:
	rights = frappe.permissions.get_role_permissions(frappe.get_meta(doctype), user=user)
	return bool(rights.get("read") or rights.get("select"))


def _shared_alone(doctype: str, user: str) -> Criterion:
	"""Only what is shared, for users whose roles let them read nothing of a DocType."""
	table, names = frappe.qb.DocType(doctype), get_shared(doctype, user)
	return table.name.isin(names) if names else table.name.isnull()
