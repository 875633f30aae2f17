"""Follow-ups that an earlier version noted as done say which entry of the calendar and which call or meeting they were."""

from collections import defaultdict
from datetime import datetime, timedelta

import frappe
from frappe.utils import get_datetime
from pypika import Case, Table

from crm_pipeline.history.as_of import change
from crm_pipeline.history.changes import FOLLOW_UP
from crm_pipeline.utils.batches import run_in_batches
from crm_pipeline.utils.bulk_sql import literal_list, names_after, update_where

SPOKEN = ("Phone", "Meeting")
WRITTEN_WITHIN = timedelta(seconds=10)  # of one save
Found = dict[str, list[tuple[str, datetime, str | datetime]]]

event = Table("tabEvent")
participant = Table("tabEvent Participants")
communication = Table("tabCommunication")
opportunity = Table("tabOpportunity")


def execute() -> None:
	run_in_batches(unlinked, link)


def unlinked(after: str, limit: int) -> list[str]:
	"""Names, after the given one, of follow-ups done that name neither an entry nor a call."""
	links = change.follow_up_event.isnull() & change.follow_up_conversation.isnull()
	return names_after(change, (change.change == FOLLOW_UP) & links, after, limit)


def link(names: list[str]) -> None:
	"""Give each the own entry that was due at its moment, and the call that its user noted in the same save."""
	query = frappe.qb.from_(change).where(change.name.isin(literal_list(names)))
	rows = query.select(change.name, change.opportunity, change.old_value, change.at, change.by).run(
		as_dict=True
	)
	mentioned = [row.opportunity for row in rows]
	entries, said = _entries_of(mentioned), _said_on(mentioned)
	_write("follow_up_event", {row.name: _entry(row, entries) for row in rows})
	_write("follow_up_conversation", {row.name: _conversation(row, said) for row in rows})


def _entries_of(opportunities: list[str]) -> Found:
	"""Return private entries that are over, by opportunity: name, last change, start; but what is a next contact by now."""
	query = frappe.qb.from_(participant).join(event).on(event.name == participant.parent)
	query = query.join(opportunity).on(opportunity.name == participant.reference_docname)
	query = query.where(
		(participant.parenttype == "Event") & (participant.reference_doctype == "Opportunity")
	)
	query = query.where(participant.reference_docname.isin(literal_list(opportunities)))
	query = query.where((event.event_type == "Private") & (event.status != "Open"))
	query = query.where(opportunity.follow_up_event.isnull() | (opportunity.follow_up_event != event.name))
	return _grouped(
		query.select(participant.reference_docname, event.name, event.modified, event.starts_on).run()
	)


def _said_on(opportunities: list[str]) -> Found:
	"""Return calls and meetings by opportunity: name, when each was noted, and by whom."""
	query = frappe.qb.from_(communication).where(communication.reference_doctype == "Opportunity")
	query = query.where(communication.reference_name.isin(literal_list(opportunities)))
	query = query.where(communication.communication_medium.isin(SPOKEN))
	return _grouped(
		query.select(
			communication.reference_name, communication.name, communication.creation, communication.owner
		).run()
	)


def _grouped(rows: list[tuple]) -> Found:
	found = defaultdict(list)
	for on, *row in rows:
		found[on].append(tuple(row))
	return found


def _entry(row: frappe._dict, entries: Found) -> str | None:
	"""Return the entry that began when the contact was due; of several the one that was last changed next to the follow-up."""
	due, at = get_datetime(row.old_value), get_datetime(row.at)
	same = [
		(abs(get_datetime(modified) - at), name)
		for name, modified, starts_on in entries.get(row.opportunity, ())
		if get_datetime(starts_on) == due
	]
	return min(same, default=(None, None))[1]


def _conversation(row: frappe._dict, said: Found) -> str | None:
	at = get_datetime(row.at)
	same = [
		(get_datetime(noted) - at, name)
		for name, noted, by in said.get(row.opportunity, ())
		if by == row.by and timedelta(0) <= get_datetime(noted) - at <= WRITTEN_WITHIN
	]
	return min(same, default=(None, None))[1]


def _write(field: str, values: dict[str, str | None]) -> None:
	values = {name: value for name, value in values.items() if value}
	if not values:
		return
	case = Case()
	for name, value in values.items():
		case = case.when(change.name == name, value)
	update_where(change, change.name.isin(literal_list([*values])), {field: case})
