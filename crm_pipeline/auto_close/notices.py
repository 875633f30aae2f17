"""Telling owners that their opportunities will be closed, and that they were: once a night, not once a deal."""

from collections import Counter
from datetime import date
from functools import partial

import frappe
from frappe import _
from frappe.query_builder.functions import Count
from frappe.utils import add_days, get_url_to_report_with_filters, getdate, now_datetime, today
from pypika import Table

from crm_pipeline.auto_close.due import (
	BATCH,
	CLOSED,
	ROW,
	UNDONE,
	deal,
	done_with,
	forgotten,
	limit_days,
	quiet_since,
	warning_days,
)
from crm_pipeline.rules import inactivity
from crm_pipeline.utils.batches import in_portions
from crm_pipeline.utils.bulk_sql import in_list, listed, update_where, values_after
from crm_pipeline.utils.notifications import tell

row = Table(f"tab{ROW}")
OWNERS = 50  # in one transaction


def warn_of_closing() -> None:
	"""Tell the owners whose opportunities will be closed in so many days as the settings say, and note it there."""
	criterion = to_warn_on(getdate(today()))
	if criterion is not None:
		in_portions(
			partial(values_after, frappe.qb.from_(deal).where(criterion), deal.opportunity_owner),
			lambda owners: _warn(owners, criterion),
			size=OWNERS,
		)


def to_warn_on(day: date):
	"""Criterion for the opportunities of whose closing the owner is to be told on a day; None if there are none."""
	if not limit_days() or not warning_days():
		return None
	limit = inactivity.limit_on(day, max(limit_days() - warning_days(), 1))
	if limit is None:
		return None
	warned = deal.auto_close_warned_on
	told = warned.isnotnull() & (warned >= quiet_since())
	told &= deal.next_contact_date.isnull() | (warned >= deal.next_contact_date)
	return forgotten(limit, day) & ~done_with(limit) & ~told & deal.opportunity_owner.isnotnull()


def tell_of_closing(batch: str) -> None:
	"""Tell every owner who does not know yet how many of his opportunities a batch closed.

	One who cannot be told is logged, and keeps nobody else from it.
	"""
	closed = frappe.qb.from_(row).where((row.batch == batch) & (row.result == CLOSED))
	in_portions(
		partial(values_after, closed, row.opportunity_owner),
		lambda owners: _tell_of_closing(batch, closed, owners),
		size=OWNERS,
	)


def tell_of_undoing(batch: str) -> None:
	"""Tell every owner how many of their opportunities are open again, in place of what they were told of the closing."""
	undone = frappe.qb.from_(row).where((row.batch == batch) & (row.result == UNDONE))
	in_portions(
		partial(values_after, undone, row.opportunity_owner),
		lambda owners: _tell_of_undoing(batch, undone, owners),
		size=OWNERS,
	)


def _tell_of_undoing(batch: str, undone, owners: list[str]) -> None:
	of_batch = {"document_type": BATCH, "document_name": batch, "for_user": ["in", in_list(owners)]}
	frappe.db.delete("Notification Log", {**of_batch, "type": "Alert"})
	query = undone.where(row.opportunity_owner.isin(in_list(owners))).groupby(row.opportunity_owner)
	for owner, count in query.select(row.opportunity_owner, Count(row.name)).run():
		tell(owner, partial(_reopened, count), at_once=True, document_type=BATCH, document_name=batch)


def _reopened(count: int) -> str:
	return _("Reopened, since the automatic closing was undone: {0} of your opportunities").format(count)


def _tell_of_closing(batch: str, closed, owners: list[str]) -> None:
	days = frappe.db.get_value(BATCH, batch, "after_days", for_update=True)
	untold = sorted(set(owners).difference(_told_of(batch, owners)))
	query = closed.where(row.opportunity_owner.isin(in_list(untold))).groupby(row.opportunity_owner)
	for owner, count in query.select(row.opportunity_owner, Count(row.name)).run():
		tell(owner, partial(_closed, count, days), at_once=True, document_type=BATCH, document_name=batch)


def _told_of(batch: str, owners: list[str]) -> list[str]:
	"""Whom of these a run told that was killed, or another one, read past what this transaction knows."""
	log = frappe.qb.DocType("Notification Log")
	query = frappe.qb.from_(log).select(log.for_user).where(log.for_user.isin(owners))
	query = query.where((log.document_type == BATCH) & (log.document_name == batch))
	return [name for (name,) in query.for_update().run()]


def _closed(count: int, days: int) -> str:
	return _("Closed, since nobody spoke on them for {1} days: {0} of your opportunities").format(count, days)


def _about_to_close(count: int) -> str:
	return _(
		"{0} of your opportunities will be closed within {1} days unless somebody speaks with the customer."
	).format(count, warning_days())


def _warn(owners: list[str], criterion) -> None:
	theirs = criterion & deal.opportunity_owner.isin(owners)
	query = frappe.qb.from_(deal).select(deal.name, deal.opportunity_owner).where(theirs)
	owner_of = dict(query.for_update().run())
	link = get_url_to_report_with_filters("Auto-close Preview", f"day={add_days(today(), warning_days())}")
	for owner, count in Counter(owner_of.values()).items():
		tell(owner, partial(_about_to_close, count), at_once=True, link=link)
	if owner_of:
		told = deal.name.isin(listed(sorted(owner_of)))
		update_where(deal, told, {"auto_close_warned_on": now_datetime()})
