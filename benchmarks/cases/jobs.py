"""The nightly jobs on opportunities that they have something to do with, a tenth of the site's; the floor does it by bare statements."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import NamedTuple

import frappe
from frappe.utils import add_days, add_to_date, now_datetime, today

from benchmarks import records
from benchmarks.apps import OURS, App
from benchmarks.case import Case, Goal
from benchmarks.filling.people import owner

ONE_IN, FEWEST, MOST = 10, 20, 50_000
OF_RIVAL = 100  # opportunities, since it closes one after the other
INACTIVE_DAYS, DAYS = 60, 15  # how long these are silent, and how long one may be
CURRENCY, OLD_RATE, RATE = "XTS", 2, 3
WEEK = 7


class Job(NamedTuple):
	"""A job: its function in `crm_pipeline.tasks`, what it finds, how one that it was at is known, and its floor."""

	task: str
	fields: dict
	values: Callable[[int], dict]
	done: dict
	floor: Callable[[], None]


def cases() -> Iterator[Case]:
	for name, job in JOBS.items():
		yield Case(
			name,
			partial(run, job),
			close_with_erpnext if name == "auto-close" else None,
			partial(run_barely, job),
			partial(how_many, name),
			before=partial(make, job),
			teardown=forget,
			user="Administrator",
			goal=Goal(of_floor=5, of_rival=0.01 if name == "auto-close" else None),
			unit="opportunity",
			touches_all=True,
		)


def how_many(job: str, app: App) -> int:
	"""Return of how many opportunities the job is to be; revaluation finds a currency with two rates."""
	if app.name != OURS:
		return OF_RIVAL
	if job == "revaluation":
		make_rates()
	return min(max(app.size // ONE_IN, FEWEST), MOST)


def make(job: Job, app: App, count: int) -> None:
	if app.name != OURS:
		make_replied(app, count)
		return
	from benchmarks.filling.due import make_due

	make_due(count, job.fields, job.values)


def run(job: Job, _count: int) -> int:
	"""Run a job as the scheduler does, and return of how many opportunities it was."""
	frappe.get_attr(f"crm_pipeline.tasks.{job.task}")()
	return done_by(job)


def run_barely(job: Job, _count: int) -> int:
	job.floor()
	frappe.db.commit()
	return done_by(job)


def done_by(job: Job) -> int:
	from benchmarks.filling.due import count_due

	return count_due(**job.done)


def forget(app: App, _count: int | None) -> None:
	if app.name != OURS:
		records.remove_records()
		return
	from benchmarks.filling.due import remove_due

	remove_due()
	frappe.db.delete("Currency Exchange", {"from_currency": CURRENCY})
	frappe.db.delete("Currency", {"name": CURRENCY})


def long_ago() -> datetime:
	return add_days(now_datetime(), -INACTIVE_DAYS)


def make_rates() -> None:
	"""Make a currency whose rate was another one when the opportunities came in."""
	from crm_pipeline.money.exchange_rates import base_currency

	if not frappe.db.exists("Currency", CURRENCY):
		frappe.get_doc({"doctype": "Currency", "currency_name": CURRENCY, "enabled": 1}).insert()
	base = base_currency()
	for day, rate in ((add_days(today(), -WEEK), OLD_RATE), (today(), RATE)):
		rates = {"doctype": "Currency Exchange", "from_currency": CURRENCY, "to_currency": base}
		frappe.get_doc({**rates, "date": day, "exchange_rate": rate}).insert()


def due():
	"""Return the table, and which of it the job is to find."""
	from benchmarks.filling.due import PREFIX

	table = frappe.qb.DocType("Opportunity")
	return table, table.name.like(f"{PREFIX}%")


def write(values: dict) -> None:
	table, found = due()
	query = frappe.qb.update(table).where(found).set(table.modified, now_datetime())
	for field, value in values.items():
		query = query.set(table[field], value)
	query.run()


def record(kind: str, old: object, new: object) -> None:
	"""Write a row of the history of each."""
	from crm_pipeline.history.changes import STATE_FIELDS

	table, _found = due()
	states = {field: table[field] for field in STATE_FIELDS}
	insert(
		"Pipeline Change",
		{
			"opportunity": table.name,
			"change": kind,
			"old_value": str(old),
			"new_value": str(new),
			"idx": 2,
			"at": now_datetime(),
			**states,
		},
	)


def insert(doctype: str, values: dict) -> None:
	from crm_pipeline.utils.bulk_sql import insert_from

	table, found = due()
	insert_from(doctype, values, table.name, lambda query: query.from_(table).where(found))


def close_barely() -> None:
	record("Status", "Replied", "Closed")
	write({"status": "Closed", "closed_on": today()})


def remind_barely() -> None:
	table, _found = due()
	subject = {
		"subject": table.title,
		"document_type": "Opportunity",
		"document_name": table.name,
		"type": "Alert",
	}
	insert("Notification Log", {"for_user": table.next_contact_by, **subject})
	write({"follow_up_reminded_for": table.next_contact_date})


def revalue_barely() -> None:
	table, _found = due()
	base = table.opportunity_amount * RATE
	weighted = base * table.probability / 100
	write({"base_opportunity_amount": base, "weighted_amount": weighted, "conversion_rate": RATE})
	record("Rate", OLD_RATE, RATE)


def wake_barely() -> None:
	table, _found = due()
	to_do = {"status": "Open", "priority": "Medium", "date": today(), "description": table.title}
	named = {"reference_type": "Opportunity", "reference_name": table.name}
	insert("ToDo", {"allocated_to": table.opportunity_owner, **to_do, **named})
	record("Status", "Paused", "Open")
	write({"status": "Open", "own_status": "Open", "paused_until": None})


JOBS = {
	"auto-close": Job(
		"auto_close_opportunities",
		{"status": "Replied"},
		lambda _number: {"status_since": long_ago(), "last_contacted_on": long_ago()},
		{"status": "Closed"},
		close_barely,
	),
	"reminders": Job(
		"send_follow_up_reminders",
		{},
		lambda number: {
			"next_contact_date": add_to_date(now_datetime(), hours=-1),
			"next_contact_by": owner(number),
		},
		{"follow_up_reminded_for": ["is", "set"]},
		remind_barely,
	),
	"revaluation": Job(
		"revalue_open_opportunities",
		{"currency": CURRENCY, "opportunity_amount": 1000},
		lambda _number: {
			"conversion_rate": OLD_RATE,
			"base_opportunity_amount": 1000 * OLD_RATE,
			"weighted_amount": 100 * OLD_RATE,
		},
		{"conversion_rate": RATE},
		revalue_barely,
	),
	"wake-ups": Job(
		"wake_paused_opportunities",
		{},
		lambda _number: {"status": "Paused", "own_status": "Paused", "paused_until": today()},
		{"status": "Open"},
		wake_barely,
	),
}


def make_replied(app: App, count: int) -> None:
	"""Make opportunities with ERPNext that were replied to long ago."""
	records.remove_opportunities()
	fields = records.opportunity(app, "Lead", 0)
	names = [frappe.get_doc(fields).insert().name for _number in range(count)]
	values = {"status": "Replied", "modified": long_ago()}
	frappe.db.set_value("Opportunity", {"name": ["in", names]}, values, update_modified=False)


def close_with_erpnext(_count: int) -> int:
	frappe.get_attr("erpnext.crm.doctype.opportunity.opportunity.auto_close_opportunity")()
	frappe.db.commit()
	return frappe.db.count("Opportunity", {"title": records.PREFIX, "status": "Closed"})
