"""Telling owners that their opportunities will be closed, and that they were: once a night, not once an opportunity."""

from collections import Counter
from datetime import date
from functools import partial

import frappe
from frappe import _
from frappe.query_builder.functions import Count
from frappe.utils import add_days, get_url_to_report_with_filters, getdate, now_datetime, today
from pypika import Table
from pypika.queries import QueryBuilder
from pypika.terms import Criterion

from crm_pipeline.auto_close.due import (
	BATCH,
	CLOSED,
	ROW,
	UNDONE,
	handled_recently,
	inactive_since,
	opportunity,
	settings,
	stale,
)
from crm_pipeline.rules import inactivity
from crm_pipeline.utils.batches import run_in_batches
from crm_pipeline.utils.bulk_sql import in_list, literal_list, update_where, values_after
from crm_pipeline.utils.notifications import notify

row = Table(f"tab{ROW}")
OWNERS = 50  # in one transaction


def warn_of_closing() -> None:
	"""Tell the owners whose opportunities will be closed in so many days as the settings say, and note it there."""
	criterion = to_warn_on(getdate(today()))
	if criterion is not None:
		run_in_batches(
			partial(
				values_after, frappe.qb.from_(opportunity).where(criterion), opportunity.opportunity_owner
			),
			lambda owners: _warn(owners, criterion),
			size=OWNERS,
		)


def to_warn_on(day: date) -> Criterion | None:
	"""Criterion for the opportunities of whose closing the owner is to be warned on a day; None if there are none."""
	if not settings().auto_close_days() or not settings().warning_days():
		return None
	limit = inactivity.cutoff(day, max(settings().auto_close_days() - settings().warning_days(), 1))
	if limit is None:
		return None
	warned = opportunity.auto_close_warned_on
	notified = warned.isnotnull() & (warned >= inactive_since())
	notified &= opportunity.next_contact_date.isnull() | (warned >= opportunity.next_contact_date)
	return (
		stale(limit, day) & ~handled_recently(limit) & ~notified & opportunity.opportunity_owner.isnotnull()
	)


def notify_of_closing(batch: str) -> None:
	"""Tell every owner who does not know yet how many of their opportunities a batch closed.

	One who cannot be told is logged, and keeps nobody else from it.
	"""
	closed = frappe.qb.from_(row).where((row.batch == batch) & (row.result == CLOSED))
	run_in_batches(
		partial(values_after, closed, row.opportunity_owner),
		lambda owners: _notify_of_closing(batch, closed, owners),
		size=OWNERS,
	)


def notify_of_undoing(batch: str) -> None:
	"""Tell every owner how many of their opportunities are open again, in place of what they were told of the closing."""
	undone = frappe.qb.from_(row).where((row.batch == batch) & (row.result == UNDONE))
	run_in_batches(
		partial(values_after, undone, row.opportunity_owner),
		lambda owners: _notify_of_undoing(batch, undone, owners),
		size=OWNERS,
	)


def _notify_of_undoing(batch: str, undone: QueryBuilder, owners: list[str]) -> None:
	of_batch = {"document_type": BATCH, "document_name": batch, "for_user": ["in", in_list(owners)]}
	frappe.db.delete("Notification Log", {**of_batch, "type": "Alert"})
	query = undone.where(row.opportunity_owner.isin(in_list(owners))).groupby(row.opportunity_owner)
	for owner, count in query.select(row.opportunity_owner, Count(row.name)).run():
		notify(owner, partial(_reopened, count), at_once=True, document_type=BATCH, document_name=batch)


def _reopened(count: int) -> str:
	return _("Reopened, since the automatic closing was undone: {0} of your opportunities").format(count)


def _notify_of_closing(batch: str, closed: QueryBuilder, owners: list[str]) -> None:
	days = frappe.db.get_value(BATCH, batch, "after_days", for_update=True)
	untold = sorted(set(owners).difference(_told_of(batch, owners)))
	query = closed.where(row.opportunity_owner.isin(in_list(untold))).groupby(row.opportunity_owner)
	for owner, count in query.select(row.opportunity_owner, Count(row.name)).run():
		notify(owner, partial(_closed, count, days), at_once=True, document_type=BATCH, document_name=batch)


def _told_of(batch: str, owners: list[str]) -> list[str]:
	"""Return whom of these a run told that was killed, or another one, read past what this transaction knows."""
	log = frappe.qb.DocType("Notification Log")
	query = frappe.qb.from_(log).select(log.for_user).where(log.for_user.isin(owners))
	query = query.where((log.document_type == BATCH) & (log.document_name == batch))
	return [name for (name,) in query.for_update().run()]


def _closed(count: int, days: int) -> str:
	return _("Closed after {1} days without contact: {0} of your opportunities").format(count, days)


def _about_to_close(count: int) -> str:
	return _(
		"{0} of your opportunities will be closed within {1} days unless somebody speaks with the customer."
	).format(count, settings().warning_days())


def _warn(owners: list[str], criterion: Criterion) -> None:
	theirs = criterion & opportunity.opportunity_owner.isin(owners)
	query = frappe.qb.from_(opportunity).select(opportunity.name, opportunity.opportunity_owner).where(theirs)
	owner_of = dict(query.for_update().run())
	link = get_url_to_report_with_filters(
		"Auto-close Preview", f"day={add_days(today(), settings().warning_days())}"
	)
	for owner, count in Counter(owner_of.values()).items():
		notify(owner, partial(_about_to_close, count), at_once=True, link=link)
	if owner_of:
		warned = opportunity.name.isin(literal_list(sorted(owner_of)))
		update_where(opportunity, warned, {"auto_close_warned_on": now_datetime()})
