"""What two thousand opportunities should look like after any night, thought through opportunity by opportunity, without a database.

It knows nothing of the app: the rules are written down here once more, in the plainest way.
"""

from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import date, datetime

IN_PLAY = ("Open", "Replied", "Paused")


@dataclass
class NaiveOpportunity:
	"""One opportunity: its status and since when, the newest mail each way, pause, next contact and owner."""

	owner: str
	since: datetime
	status: str = "Open"
	mailed: datetime | None = None
	answered: datetime | None = None
	paused_until: date | None = None
	contact_at: datetime | None = None
	contact_by: str | None = None
	reminded_of: datetime | None = None
	warned_at: datetime | None = None
	by_job: bool = False
	tasks: Counter = field(default_factory=Counter)
	tasks_of_old: Counter = field(default_factory=Counter)

	def become(self, status: str, at: datetime):
		if status != self.status:
			self.status, self.since = status, at

	def mail_out(self, at: datetime):
		self.mailed = max(self.mailed or at, at)
		if self.status == "Open":
			self.become("Replied", at)

	def mail_in(self, at: datetime):
		self.answered = max(self.answered or at, at)
		if self.status == "Closed" and self.by_job:
			self.become("Open", at)
			self.by_job, self.tasks, self.tasks_of_old = False, self.tasks_of_old, Counter()
		elif self.status in ("Replied", "Paused"):
			self.become("Open", at)
			self.paused_until = None

	def pause(self, until: date, at: datetime):
		self.become("Paused", at)
		self.paused_until = until

	def wake(self, day: date, at: datetime) -> bool:
		if self.status != "Paused" or self.paused_until > day:
			return False
		ours_last = self.mailed and (not self.answered or self.mailed >= self.answered)
		self.become("Replied" if ours_last else "Open", at)
		self.paused_until = None
		self.tasks[self.owner] += 1
		return True

	def quiet_days(self, day: date) -> int:
		newest = max(moment for moment in (self.since, self.mailed, self.answered) if moment)
		return (day - newest.date()).days

	def close_if_forgotten(self, day: date, limit: int, warning: int, at: datetime) -> bool:
		planned = self.contact_at and self.contact_at > at
		if self.status != "Replied" or planned or self.quiet_days(day) < limit:
			return False
		warned = self.warned_at and self.contact_at and self.warned_at >= self.contact_at
		if self.contact_at and not (warned and (day - self.warned_at.date()).days >= warning):
			return False
		self.become("Closed", at)
		self.by_job, self.warned_at, self.contact_at = True, None, None
		self.tasks, self.tasks_of_old = Counter(), self.tasks_of_old + self.tasks
		return True

	def warn_if_nearly_forgotten(self, day: date, ahead: int, at: datetime) -> bool:
		planned = self.contact_at and self.contact_at > at
		if self.status != "Replied" or planned or self.quiet_days(day) < ahead:
			return False
		newest = max(moment for moment in (self.since, self.mailed, self.answered) if moment)
		if self.contact_at:
			newest = max(newest, self.contact_at)
		if self.warned_at and self.warned_at >= newest:
			return False
		self.warned_at = at
		return True

	def remind(self, at: datetime) -> bool:
		due = self.status in IN_PLAY and self.contact_at and self.contact_at <= at
		if not due or self.reminded_of == self.contact_at:
			return False
		self.reminded_of = self.contact_at
		return True


class NaivePipeline:
	"""All opportunities by name, the assignment's queue of users, and what users were told: (day, kind, user, what)."""

	def __init__(self, users: list[str], limit: int, ahead: int):
		self.opportunities: dict[str, NaiveOpportunity] = {}
		self.queue = deque(users)
		self.limit, self.ahead = limit, ahead
		self.told: Counter = Counter()

	def next_in_turn(self) -> str:
		self.queue.rotate(-1)
		return self.queue[-1]

	def night(self, at: datetime):
		day = at.date()
		for opportunity in self.opportunities.values():
			opportunity.wake(day, at)
		closed = Counter(
			d.owner
			for d in self.opportunities.values()
			if d.close_if_forgotten(day, self.limit, self.ahead, at)
		)
		limit = max(self.limit - self.ahead, 1)
		warned = Counter(
			d.owner for d in self.opportunities.values() if d.warn_if_nearly_forgotten(day, limit, at)
		)
		for kind, counts in (("closed", closed), ("warned", warned)):
			for owner, count in counts.items():
				self.told[day, kind, owner, count] += 1

	def noon(self, at: datetime):
		for name, opportunity in self.opportunities.items():
			if opportunity.remind(at):
				self.told[at.date(), "reminded", opportunity.contact_by, name] += 1
