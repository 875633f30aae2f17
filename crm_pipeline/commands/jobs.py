"""What the scheduler does, told and done by hand."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator

import frappe
from frappe.query_builder.functions import Count
from frappe.utils import getdate

from crm_pipeline import tasks
from crm_pipeline.assignment import reassignment
from crm_pipeline.assignment.owner import ASSIGNABLE
from crm_pipeline.auto_close.preview import count_due, owners_to_warn, rows_due
from crm_pipeline.crm_pipeline.doctype.opportunity.bulk_status import opportunity
from crm_pipeline.crm_pipeline.doctype.opportunity.pausing import pauses_ending_by
from crm_pipeline.crm_pipeline.doctype.quotation import expiry
from crm_pipeline.follow_ups import calendar_bulk, digest, reminders
from crm_pipeline.mail import intake_log, retrying
from crm_pipeline.money import revaluation
from crm_pipeline.rules.money import Rate
from crm_pipeline.utils.batches import Progress
from crm_pipeline.utils.bulk_sql import in_list
from crm_pipeline.utils.session import in_site_language

ALL = 1_000_000  # records or users
PAGE = 500  # records read at once


class Job(ABC):
	"""A task and what it would do."""

	label: str
	rests_when_off = True  # while Selling Settings switch opportunities off for all

	@abstractmethod
	def due(self) -> Iterator[str]:
		"""Yield what it would do now, a line for each record or user."""

	def count(self) -> int:
		"""Return how many records or users are due."""
		return sum(1 for _line in self.due())

	@abstractmethod
	def run(self, progress: Progress) -> str:
		"""Do it, and say what became of it."""


class Draining(Job):
	"""A task after which nothing is due any more, unless something went wrong."""

	task: Callable[[Progress], None]
	done: str

	def run(self, progress: Progress) -> str:
		before = self.lines()
		self.task(progress)
		return f"{before - self.lines()} {self.done}."

	def lines(self) -> int:
		return sum(1 for _line in self.due())


class AutoClose(Job):
	label = "Closing"

	def due(self) -> Iterator[str]:
		start = 0
		while rows := rows_due(getdate(), start, PAGE):
			for row in rows:
				yield f"{row.result}: {row.name} {row.title}: {row.why}"
			start += len(rows)
		for owner, count in owners_to_warn(getdate()):
			yield f"Warned: {owner}: {count} opportunities"

	def count(self) -> int:
		return count_due(getdate())

	def run(self, progress: Progress) -> str:
		batches = tasks.auto_close_opportunities(progress)
		filters, fields = {"name": ["in", in_list(batches)]}, ["name", "closed", "skipped"]
		done = frappe.get_all("Auto Close Batch", filters, fields, order_by="creation")
		told = [f"{batch.name}: {batch.closed} closed, {batch.skipped} skipped." for batch in done]
		return "\n".join(told) or "Nothing was due, or another run is under way."


class Wake(Draining):
	label = "Resuming"
	task = staticmethod(tasks.wake_paused_opportunities)
	done = "opportunities resumed"

	def due(self) -> Iterator[str]:
		query = frappe.qb.from_(opportunity).where(pauses_ending_by(getdate())).orderby(opportunity.name)
		for name, title, until in query.select(
			opportunity.name, opportunity.title, opportunity.paused_until
		).run():
			yield f"{name} {title}: paused until {until}"


class Expire(Draining):
	label = "Expiring"
	task = staticmethod(tasks.expire_quotations)
	done = "quotations expired"
	rests_when_off = False

	def due(self) -> Iterator[str]:
		fields, filters = ["name", "valid_till"], expiry.overdue_on(getdate())
		for quotation in frappe.get_all("Quotation", filters, fields, order_by="name"):
			if quotation.valid_till:  # a list takes no day for one long ago
				yield f"{quotation.name}: valid till {quotation.valid_till}"

	def count(self) -> int:
		query = frappe.qb.from_(opportunity).where(expiry.with_expired_quotations(getdate()))
		return query.select(Count(opportunity.name)).run()[0][0]


class Revalue(Job):
	label = "Revaluing"
	rests_when_off = False

	def due(self) -> Iterator[str]:
		for currency, rate in revaluation.rates_of_today().items():
			if rate is None:
				yield f"{currency}: no exchange rate, the opportunities keep theirs"
			elif count := self.outdated(currency, rate):
				yield f"{currency}: {count} opportunities to the rate {rate}"

	def outdated(self, currency: str, rate: Rate) -> int:
		opportunity = revaluation.opportunity
		query = frappe.qb.from_(opportunity).where(revaluation.outdated(currency, rate))
		return query.select(Count(opportunity.name)).run()[0][0]

	def run(self, progress: Progress) -> str:
		rates = revaluation.rates_of_today()
		before = self.counts(rates)
		tasks.revalue_open_opportunities()
		progress(len(rates))
		return (
			"\n".join(self.told(before, self.counts(rates))) or "All opportunities have the rates of today."
		)

	def counts(self, rates: dict) -> dict[str, int | None]:
		return {currency: rate and self.outdated(currency, rate) for currency, rate in rates.items()}

	def told(self, before: dict, after: dict) -> Iterator[str]:
		for currency, count in before.items():
			if count is None:
				yield f"{currency}: no exchange rate, the opportunities kept theirs."
			elif count:
				left = (
					f" {after[currency]} still to be revalued: see the Error Log." if after[currency] else ""
				)
				yield f"{currency}: {count - after[currency]} opportunities revalued.{left}"


class Remind(Job):
	label = "Reminding"

	def due(self) -> Iterator[str]:
		for user in reminders.users_due("", ALL):
			yield f"{user}: {', '.join(sorted(reminders.due_of(user)))}"

	def count(self) -> int:
		return len(reminders.users_due("", ALL))

	def run(self, progress: Progress) -> str:
		return f"{tasks.send_follow_up_reminders(progress)} users reminded."


class Digest(Job):
	label = "Mailing"

	def due(self) -> Iterator[str]:
		for user in digest.users_to_tell("", ALL):
			if not digest.will_get(user):
				continue
			missed, today = digest.due_of(user)
			if missed or today:
				yield f"{user}: {len(missed)} overdue, {len(today)} today"

	def count(self) -> int:
		return len(digest.users_to_tell("", ALL))

	def run(self, progress: Progress) -> str:
		mailed = tasks.send_follow_up_digest(progress, at_any_hour=True)
		left = sum(1 for _line in self.due())
		return f"{mailed} users mailed." + (f" {left} still to be mailed: see the Error Log." if left else "")


class RetryMails(Job):
	"""By hand all that waits is tried: whoever calls this has mended what was wrong."""

	label = "Retrying"
	rests_when_off = False

	def due(self) -> Iterator[str]:
		for entry in intake_log.waiting_entries():
			yield f"{entry.to_do}: {entry.sender}: {entry.subject}: {entry.why or 'not tried yet'}"

	def run(self, progress: Progress) -> str:
		with in_site_language():
			tried = retrying.retry(intake_log.waiting_entries(), progress)
		waiting = retrying.count_waiting()
		left = f" {waiting} still wait: see the Mail Intake Log." if waiting else ""
		return f"{tried} mails tried.{left}"


class Reassign(Job):
	label = "Reassigning"

	def due(self) -> Iterator[str]:
		for user in reassignment.leavers():
			yield f"{user}: {self.owned_by(user)} opportunities and leads, as far as a rule is for them"

	def owned_by(self, user: str) -> int:
		return sum(
			frappe.db.count(doctype, {owned.field: user, "status": ["in", in_list(owned.in_play)]})
			for doctype, owned in ASSIGNABLE.items()
		)

	def run(self, progress: Progress) -> str:
		users = reassignment.leavers()
		before = sum(map(self.owned_by, users))
		tasks.reassign_from_leavers()
		progress(len(users))
		left = sum(map(self.owned_by, users))
		told = f"{before - left} opportunities and leads reassigned."
		return told + (f" {left} left: no rule is for them." if left else "")


class RestoreEvents(Draining):
	label = "Restoring"
	task = staticmethod(tasks.restore_follow_up_events)
	done = "calendar entries made anew"
	rests_when_off = False

	def due(self) -> Iterator[str]:
		yield from calendar_bulk.without_event("", ALL)


JOBS: dict[str, Callable[[], Job]] = {
	"auto-close": AutoClose,
	"wake": Wake,
	"expire": Expire,
	"revalue": Revalue,
	"remind": Remind,
	"digest": Digest,
	"reassign": Reassign,
	"restore-events": RestoreEvents,
	"retry-mails": RetryMails,
}
