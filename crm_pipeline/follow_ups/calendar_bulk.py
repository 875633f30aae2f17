"""Calendar entries of the next contacts of many opportunities, with as many statements for one as for all."""

from collections.abc import Iterable

import frappe
from frappe.utils import now_datetime
from pypika import Table
from pypika.queries import QueryBuilder
from pypika.terms import Criterion

from crm_pipeline.follow_ups.calendar import ALWAYS, SHOWN, texts_of
from crm_pipeline.follow_ups.event_communications import release_communications
from crm_pipeline.rules import status
from crm_pipeline.utils.bulk_sql import bulk_insert, fill, in_list


def hand_over_events(opportunities: list[str], user: str) -> None:
	"""Give the Events of many next contacts to the user to whom one statement gave these."""
	event = frappe.qb.DocType("Event")
	query = frappe.qb.update(event).set(event.owner, user).set(event.modified, now_datetime())
	query.where(event.name.isin(_events_of(opportunities))).run()


def remove_events(opportunities: list[str]) -> None:
	"""Delete the Events of many opportunities with a few statements; their next contacts stay as they are."""
	events, row = _events_of(opportunities), frappe.qb.DocType("Event Participants")
	release_communications(events)
	frappe.qb.from_(row).delete().where((row.parenttype == "Event") & row.parent.isin(events)).run()
	event, opportunity = frappe.qb.DocType("Event"), frappe.qb.DocType("Opportunity")
	frappe.qb.from_(event).delete().where(event.name.isin(events)).run()
	frappe.qb.update(opportunity).set(opportunity.follow_up_event, None).where(
		opportunity.name.isin(opportunities)
	).run()


def without_event(after: str, limit: int) -> list[str]:
	"""Names, after the given one, of opportunities in play whose next contact has lost its Event."""
	opportunity = frappe.qb.DocType("Opportunity")
	query = lacking_event(opportunity).where(opportunity.name > after).select(opportunity.name)
	return [row[0] for row in query.orderby(opportunity.name).limit(limit).run()]


def restore_events(opportunities: list[str]) -> None:
	"""Give those of the opportunities that lack it their Event."""
	table, key = frappe.qb.DocType("Opportunity"), frappe.generate_hash(length=8)
	query = (
		lacking_event(table)
		.where(table.name.isin(opportunities))
		.select(table.name, *(table[f] for f in SHOWN))
	)
	rows = query.run(as_dict=True)
	if not rows:
		return
	bulk_insert("Event", (_event_row(key, row) for row in rows))
	bulk_insert("Event Participants", (each for row in rows for each in _participant_rows(key, row)))
	restored = table.name.isin([row.name for row in rows])
	frappe.qb.update(table).set(table.follow_up_event, fill(f"{key}-#", table.name)).where(restored).run()


def _event_row(key: str, opportunity: frappe._dict) -> dict:
	values = {**ALWAYS, **texts_of(opportunity), "starts_on": opportunity.next_contact_date}
	return _row(f"{key}-{opportunity.name}", opportunity.next_contact_by, values)


def _participant_rows(key: str, opportunity: frappe._dict) -> Iterable[dict]:
	event = f"{key}-{opportunity.name}"
	parent = {"parent": event, "parenttype": "Event", "parentfield": "event_participants"}
	for idx, (doctype, name) in enumerate(
		(("Opportunity", opportunity.name), ("Contact", opportunity.contact_person)), 1
	):
		if name:
			values = {**parent, "idx": idx, "reference_doctype": doctype, "reference_docname": name}
			yield _row(f"{event}-{idx}", opportunity.next_contact_by, values)


def _row(name: str, owner: str, values: dict) -> dict:
	moment, user = now_datetime(), frappe.session.user
	return {
		"name": name,
		"creation": moment,
		"modified": moment,
		"owner": owner,
		"modified_by": user,
		**values,
	}


def _events_of(opportunities: list[str]) -> list[str]:
	"""Never empty, since MariaDB looks for nothing in no list."""
	filters = {"name": ["in", in_list(opportunities)], "follow_up_event": ["is", "set"]}
	return in_list(frappe.get_all("Opportunity", filters, pluck="follow_up_event"))


def lacking_event(opportunity: Table) -> QueryBuilder:
	"""Return a query on the opportunities in play whose next contact has lost its Event."""
	event = frappe.qb.DocType("Event")
	query = frappe.qb.from_(opportunity).left_join(event).on(event.name == opportunity.follow_up_event)
	return query.where(event.name.isnull() & _has_follow_up(opportunity))


def _has_follow_up(opportunity: Table) -> Criterion:
	in_play = opportunity.status.isin(sorted(status.IN_PLAY))
	return in_play & opportunity.next_contact_date.notnull() & (opportunity.next_contact_by != "")
