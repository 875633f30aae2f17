"""The same opportunities closed by the job, and by the least that SQL can do it with."""

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple
from unittest.mock import patch

import frappe
from frappe.utils import add_days, now_datetime, today

from benchmarks.filling import PREFIX

DAYS = 15  # of silence


class Measure(NamedTuple):
	"""What closing some opportunities took: statements, seconds, and by how many megabytes the peak of memory grew."""

	name: str
	opportunities: int
	statements: int
	seconds: float
	megabytes: float

	@property
	def per_opportunity(self) -> float:
		"""Seconds for one opportunity."""
		return self.seconds / max(self.opportunities, 1)

	def __str__(self) -> str:
		return (
			f"{self.name:10} {self.opportunities:7,} opportunities {self.statements:7,} statements {self.seconds:8.1f} s "
			f"{self.per_opportunity * 1e6:9.0f} microseconds each {self.megabytes:6.0f} MB more"
		)


@contextmanager
def measured(name: str, results: list[Measure], count) -> Iterator[None]:
	"""Measure the block, and let `count` say afterwards how many opportunities it closed."""
	before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
	with patch.object(frappe.db, "sql", wraps=frappe.db.sql) as spy:
		yield
	seconds = time.monotonic() - start
	grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
	results.append(Measure(name, count(), spy.call_count, seconds, grown))


def close_as_ever() -> Measure:
	"""Return the job, with warning, notices, comments and the batch that can be undone."""
	from crm_pipeline.tasks import auto_close_opportunities

	results: list[Measure] = []
	with measured(
		"ours",
		results,
		lambda: frappe.db.count("Opportunity", {"name": ["like", f"{PREFIX}%"], "status": "Closed"}),
	):
		auto_close_opportunities()
	return results[0]


def close_on_the_floor() -> Measure:
	"""One UPDATE, one INSERT ... SELECT for the log, one commit, on the opportunities that the job closed."""
	from crm_pipeline.history.changes import STATE_FIELDS
	from crm_pipeline.utils.bulk_sql import insert_from

	opportunity = frappe.qb.DocType("Opportunity")
	closed = opportunity.name.like(f"{PREFIX}%") & (opportunity.status == "Closed")
	count = frappe.db.count("Opportunity", {"name": ["like", f"{PREFIX}%"], "status": "Closed"})
	frappe.qb.update(opportunity).set(opportunity.status, "Replied").set(opportunity.auto_closed, 0).where(
		closed
	).run()
	frappe.db.delete("Auto Closed Opportunity", {"opportunity": ["like", f"{PREFIX}%"]})
	frappe.db.delete("Pipeline Change", {"opportunity": ["like", f"{PREFIX}%"], "change": "Status"})
	frappe.db.commit()
	results: list[Measure] = []
	with measured("floor", results, lambda: count):
		quiet = opportunity.last_contacted_on < add_days(now_datetime(), -DAYS)
		stale = (opportunity.status == "Replied") & quiet & opportunity.name.like(f"{PREFIX}%")
		insert_from(
			"Pipeline Change",
			{
				"opportunity": opportunity.name,
				"change": "Status",
				"old_value": "Replied",
				"new_value": "Closed",
				"idx": 2,
				"at": now_datetime(),
				**{field: opportunity[field] for field in STATE_FIELDS},
			},
			opportunity.name,
			lambda query: query.from_(opportunity).where(stale),
		)
		query = (
			frappe.qb.update(opportunity)
			.where(stale)
			.set(opportunity.status, "Closed")
			.set(opportunity.closed_on, today())
		)
		query.set(opportunity.modified, now_datetime()).run()
		frappe.db.commit()
	return results[0]
