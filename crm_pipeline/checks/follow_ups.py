"""Next contacts, their calendar entries and reminders go along with each other."""

import frappe
from frappe.query_builder.functions import Count
from pypika.queries import QueryBuilder

from crm_pipeline.checks.correcting import correct
from crm_pipeline.checks.invariant import MINOR, SERIOUS, STATUS_FIRST, Invariant, Repair
from crm_pipeline.checks.terms import (
	as_recorded,
	ended,
	in_play,
	is_empty,
	named_in,
	names,
	opportunity,
)
from crm_pipeline.follow_ups.calendar_bulk import lacking_event, remove_events, restore_events
from crm_pipeline.utils.bulk_sql import are_apart

contact_on, entry = opportunity.next_contact_date, opportunity.follow_up_event


def planned_though_ended() -> QueryBuilder:
	return names(opportunity).where(ended() & contact_on.isnotnull())


def planned_for_nobody() -> QueryBuilder:
	return names(opportunity).where(contact_on.isnotnull() & is_empty(opportunity.next_contact_by))


def without_entry() -> QueryBuilder:
	"""Return the opportunities whose next contact has no calendar entry, as the nightly job finds them."""
	lacking = frappe.qb.DocType("Opportunity").as_("lacking")
	return names(opportunity).where(named_in(lacking_event(lacking).select(lacking.name)))


def entry_of_nothing() -> QueryBuilder:
	return names(opportunity).where(contact_on.isnull() & ~is_empty(entry))


def entry_out_of_step() -> QueryBuilder:
	"""Return the opportunities whose calendar entry is at another time, or of another user."""
	event = frappe.qb.DocType("Event")
	query = names(opportunity).join(event).on(event.name == entry)
	apart = are_apart(event.starts_on, contact_on) | (event.owner != opportunity.next_contact_by)
	return query.where(in_play() & contact_on.isnotnull() & ~is_empty(opportunity.next_contact_by) & apart)


def entry_of_several() -> QueryBuilder:
	other = frappe.qb.DocType("Opportunity").as_("other")
	shared = frappe.qb.from_(other).select(other.follow_up_event).where(~is_empty(other.follow_up_event))
	shared = shared.groupby(other.follow_up_event).having(Count("*") > 1)
	return names(opportunity).where(entry.isin(shared))


def reminded_of_other() -> QueryBuilder:
	reminded = opportunity.follow_up_reminded_for
	return names(opportunity).where(
		contact_on.isnotnull() & reminded.isnotnull() & are_apart(reminded, contact_on)
	)


INVARIANTS = (
	Invariant(
		"contact-in-play",
		"Opportunity",
		"What is won, lost or closed has no next contact.",
		MINOR,
		STATUS_FIRST,
		planned_though_ended,
		Repair(
			correct("Opportunity", lambda: {"next_contact_date": None}),
			lambda: planned_though_ended().where(as_recorded("status")),
		),
	),
	Invariant(
		"contact-of-somebody",
		"Opportunity",
		"A next contact is somebody's: nobody would be reminded of it otherwise.",
		SERIOUS,
		"Enter Next Contact By.",
		planned_for_nobody,
	),
	Invariant(
		"contact-has-entry",
		"Opportunity",
		"A next contact in play has its calendar entry.",
		MINOR,
		"Repaired, as the nightly job does.",
		without_entry,
		Repair(restore_events),
	),
	Invariant(
		"entry-has-contact",
		"Opportunity",
		"Without a next contact there is no calendar entry for it.",
		MINOR,
		"Repaired of what has ended; in play the date may be missing: enter it, or save the opportunity.",
		entry_of_nothing,
		Repair(remove_events, lambda: entry_of_nothing().where(ended() & as_recorded("status"))),
	),
	Invariant(
		"entry-in-step",
		"Opportunity",
		"The calendar entry of a next contact is at its time, and its user's.",
		MINOR,
		"Look which is right: moving the entry moves the contact, changing the contact the entry.",
		entry_out_of_step,
	),
	Invariant(
		"entry-of-one",
		"Opportunity",
		"A calendar entry is that of one opportunity.",
		MINOR,
		"Empty the next contact of all but one, save, and enter it again.",
		entry_of_several,
	),
	Invariant(
		"reminded-of-contact",
		"Opportunity",
		"A next contact that was moved is reminded of again.",
		MINOR,
		"Repaired: its user is reminded when it is due.",
		reminded_of_other,
		Repair(correct("Opportunity", lambda: {"follow_up_reminded_for": None})),
	),
)
