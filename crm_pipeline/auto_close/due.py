"""Which opportunities auto-close is about, as criteria on the table of opportunities."""

from datetime import date, datetime, time

import frappe
from frappe import _
from frappe.utils import cint, now_datetime
from pypika import Case, Table
from pypika.terms import Criterion, Term

from crm_pipeline.quoting.quotations import names_it
from crm_pipeline.rules import inactivity, status
from crm_pipeline.utils.bulk_sql import Exists, latest, text_with

CLOSED, PASSED_OVER, UNDONE, LEFT = "Closed", "Passed Over", "Undone", "Left Alone"
BATCH, ROW = "Auto Close Batch", "Auto Closed Opportunity"

deal = Table("tabOpportunity")
CONTACTS = (deal.last_contacted_on, deal.last_response_on)
# What a deal cannot do without, beside its party: the field, and the DocType it links to.
NEEDED = {
	"sales_stage": "Sales Stage",
	"sales_process": "Sales Process",
	"currency": "Currency",
	"opportunity_owner": "User",
}


def limit_days() -> int:
	"""Days of silence after which Selling Settings have an opportunity closed; 0 for never."""
	return max(cint(frappe.get_cached_doc("Selling Settings").close_opportunity_after_days), 0)


def warning_days() -> int:
	"""How many days before that its owner is told; 0 for not at all."""
	return max(cint(frappe.get_cached_doc("Selling Settings").warn_before_auto_close_days), 0)


def due_on(day: date) -> Criterion | None:
	"""The opportunities that are closed, or passed over, on a day; None if none ever is."""
	limit = inactivity.limit_on(day, limit_days())
	return limit and forgotten(limit, day) & ~done_with(limit) & ~protected_by_missed(day) & ~mail_unjudged()


def forgotten(limit: datetime, day: date) -> Criterion:
	"""Replied, quiet since before `limit`, without a next contact to come on a day and without a standing quotation."""
	silent = Criterion.all(contact.isnull() | (contact < limit) for contact in CONTACTS)
	planned = deal.next_contact_date > max(now_datetime(), datetime.combine(day, time()))
	waits = (deal.status == status.REPLIED) & (deal.status_since < limit) & silent
	return waits & (deal.next_contact_date.isnull() | ~planned) & ~names_it("Open")


def protected_by_missed(day: date) -> Criterion:
	"""Next contacts that were missed, and of whose closing the owner was not yet warned for the days of warning."""
	limit = inactivity.limit_on(day, warning_days())
	if not limit:
		return deal.name.isnull()  # nobody is ever warned, and nothing protected
	warned = deal.auto_close_warned_on
	unwarned = warned.isnull() | (warned < deal.next_contact_date) | (warned >= limit)
	return deal.next_contact_date.isnotnull() & deal.opportunity_owner.isnotnull() & unwarned


def mail_unjudged() -> Criterion:
	"""Match opportunities with a mail that status and turn do not yet know of."""
	log, mail = frappe.qb.DocType("Mail Intake Log"), frappe.qb.DocType("Communication")
	query = frappe.qb.from_(log).join(mail).on(mail.name == log.communication).select(log.name)
	query = query.where((log.result == "Waiting") & (log.to_do == "Judge"))
	return Exists(query.where((mail.reference_doctype == "Opportunity") & (mail.reference_name == deal.name)))


def quiet_since() -> Term:
	"""The last moment at which anything happened between us and the customer."""
	return latest(deal.status_since, *CONTACTS)


def is_broken() -> Criterion:
	"""A deal that could not be saved either: what it needs is gone, or its two statuses contradict each other."""
	return Criterion.any(criterion for criterion, _value in _faults())


def what_is_broken() -> Term:
	"""Why a broken deal is passed over, in words."""
	words = Case()
	for criterion, value in _faults():
		words = words.when(criterion, value)
	return words.else_("")


def _faults() -> list[tuple[Criterion, Term]]:
	meta = frappe.get_meta("Opportunity")
	faults = [
		(
			_is_gone(doctype, deal[field]),
			text_with(_("{0} # does not exist").format(_(meta.get_label(field))), deal[field]),
		)
		for field, doctype in NEEDED.items()
	]
	for row in frappe.get_cached_doc("Selling Settings").party_types:
		gone = (deal.opportunity_from == row.party_type) & _is_gone(row.party_type, deal.party_name)
		faults.append((gone, text_with(_("{0} # does not exist").format(_(row.party_type)), deal.party_name)))
	contradiction = deal.own_status.isnull() | (deal.own_status != status.REPLIED)
	return [*faults, (contradiction, text_with(_("Its own status is #"), deal.own_status))]


def _is_gone(doctype: str, link: Term) -> Criterion:
	target = frappe.qb.DocType(doctype)
	found = Exists(frappe.qb.from_(target).select(target.name).where(target.name == link))
	return link.isnotnull() & (link != "") & ~found


def done_with(limit: datetime) -> Criterion:
	"""Passed over lately and not changed since, or undone so lately that the days of silence count anew."""
	row = frappe.qb.DocType(ROW)
	passed = (row.result == PASSED_OVER) & (row.creation >= deal.modified) & (row.creation >= limit)
	undone = (row.result == UNDONE) & (row.modified >= limit)
	return Exists(
		frappe.qb.from_(row).select(row.name).where((row.opportunity == deal.name) & (passed | undone))
	)
