"""Which opportunities auto-close is about, as criteria on the table of opportunities."""

from datetime import date, datetime, time

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import now_datetime
from pypika import Case, Table
from pypika.terms import Criterion, Term

from crm_pipeline.quoting.quotations import has_quotation_in
from crm_pipeline.rules import inactivity, quotation_status, status
from crm_pipeline.utils.bulk_sql import Exists, fill, greatest

CLOSED, SKIPPED, UNDONE, LEFT = "Closed", "Skipped", "Undone", "Not Restored"
BATCH, ROW = "Auto Close Batch", "Auto Closed Opportunity"

opportunity = Table("tabOpportunity")
CONTACTS = (opportunity.last_contacted_on, opportunity.last_response_on)
# What an opportunity cannot do without, beside its party: the field, and the DocType it links to.
NEEDED = {
	"sales_stage": "Sales Stage",
	"sales_process": "Sales Process",
	"currency": "Currency",
	"opportunity_owner": "User",
}


def settings() -> Document:
	"""Return Selling Settings, which know the days of auto-close and of its warning."""
	return frappe.get_cached_doc("Selling Settings")


def due_on(day: date) -> Criterion | None:
	"""Return the opportunities that are closed, or skipped, on a day; None if none ever is."""
	limit = inactivity.cutoff(day, settings().auto_close_days())
	return (
		limit and stale(limit, day) & ~handled_recently(limit) & ~protected_by_missed(day) & ~mail_unjudged()
	)


def stale(limit: datetime, day: date) -> Criterion:
	"""Replied, without contact since before `limit`, without a next contact to come on a day and without a standing quotation."""
	silent = Criterion.all(contact.isnull() | (contact < limit) for contact in CONTACTS)
	planned = opportunity.next_contact_date > max(now_datetime(), datetime.combine(day, time()))
	waits = (opportunity.status == status.REPLIED) & (opportunity.status_since < limit) & silent
	stands = has_quotation_in(*quotation_status.IN_PLAY)
	return waits & (opportunity.next_contact_date.isnull() | ~planned) & ~stands


def protected_by_missed(day: date) -> Criterion:
	"""Next contacts that were missed, and of whose closing the owner was not yet warned for the days of warning."""
	limit = inactivity.cutoff(day, settings().warning_days())
	if not limit:
		return opportunity.name.isnull()  # nobody is ever warned, and nothing protected
	warned = opportunity.auto_close_warned_on
	unwarned = warned.isnull() | (warned < opportunity.next_contact_date) | (warned >= limit)
	return opportunity.next_contact_date.isnotnull() & opportunity.opportunity_owner.isnotnull() & unwarned


def mail_unjudged() -> Criterion:
	"""Match opportunities with a mail that status and waiting-for do not yet know of."""
	log, mail = frappe.qb.DocType("Mail Intake Log"), frappe.qb.DocType("Communication")
	query = frappe.qb.from_(log).join(mail).on(mail.name == log.communication).select(log.name)
	query = query.where((log.result == "Waiting") & (log.to_do == "Judge"))
	return Exists(
		query.where((mail.reference_doctype == "Opportunity") & (mail.reference_name == opportunity.name))
	)


def inactive_since() -> Term:
	"""Return the last moment at which anything happened between us and the customer."""
	return greatest(opportunity.status_since, *CONTACTS)


def is_broken() -> Criterion:
	"""Return an opportunity that could not be saved either: what it needs is gone, or its two statuses contradict each other."""
	return Criterion.any(criterion for criterion, _value in _faults())


def what_is_broken() -> Term:
	"""Return why a broken opportunity is skipped, in words."""
	words = Case()
	for criterion, value in _faults():
		words = words.when(criterion, value)
	return words.else_("")


def _faults() -> list[tuple[Criterion, Term]]:
	meta = frappe.get_meta("Opportunity")
	faults = [
		(
			_is_gone(doctype, opportunity[field]),
			fill(_("{0} # does not exist").format(_(meta.get_label(field))), opportunity[field]),
		)
		for field, doctype in NEEDED.items()
	]
	for party_type in frappe.get_cached_doc("Selling Settings").allowed_party_types():
		gone = (opportunity.opportunity_from == party_type) & _is_gone(party_type, opportunity.party_name)
		faults.append((gone, fill(_("{0} # does not exist").format(_(party_type)), opportunity.party_name)))
	contradiction = opportunity.own_status.isnull() | (opportunity.own_status != status.REPLIED)
	return [*faults, (contradiction, fill(_("Its own status is #"), opportunity.own_status))]


def _is_gone(doctype: str, link: Term) -> Criterion:
	target = frappe.qb.DocType(doctype)
	found = Exists(frappe.qb.from_(target).select(target.name).where(target.name == link))
	return link.isnotnull() & (link != "") & ~found


def handled_recently(limit: datetime) -> Criterion:
	"""Match what was skipped lately and not changed since, or undone so lately that its days begin again."""
	row = frappe.qb.DocType(ROW)
	passed = (row.result == SKIPPED) & (row.creation >= opportunity.modified) & (row.creation >= limit)
	undone = (row.result == UNDONE) & (row.modified >= limit)
	return Exists(
		frappe.qb.from_(row).select(row.name).where((row.opportunity == opportunity.name) & (passed | undone))
	)
