"""A year of nights over two thousand opportunities, against a model that goes through them one by one."""

import re
from collections import Counter
from datetime import date, datetime, time, timedelta
from random import Random

import frappe
from frappe.utils import get_datetime, getdate

from crm_pipeline.history.changes import STATE_FIELDS
from crm_pipeline.tasks import (
	auto_close_opportunities,
	expire_quotations,
	restore_follow_up_events,
	send_follow_up_reminders,
	wake_paused_opportunities,
)
from crm_pipeline.tests.assigning import forget_rules, make_rule
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import make_mail, make_opportunity, make_user, unique
from crm_pipeline.tests.invariants import contradictions_of
from crm_pipeline.tests.naive_pipeline import NaiveOpportunity, NaivePipeline
from crm_pipeline.utils.bulk_sql import bulk_insert, new_row

FIRST_DAY, DAYS = date(2025, 1, 1), 365
SATURDAY = 5
OPPORTUNITIES, USERS = 2000, 12
LIMIT, WARNING = 15, 3
DONE = 0.3  # of the next contacts that a day would allow
EVERY_DAY = ("mail_out", "mail_out", "mail_in", "plan", "done", "pause", "new")


class TestSimulatedYear(TestCase):
	def setUp(self):
		super().setUp()
		self.random = Random(2026)
		values = {"close_opportunity_after_days": LIMIT, "warn_before_auto_close_days": WARNING}
		frappe.db.set_single_value("Selling Settings", values)
		frappe.clear_document_cache("Selling Settings", "Selling Settings")
		self.users = [make_user("Sales User") for _user in range(USERS)]
		self.rule = make_rule(*self.users)
		self.addCleanup(forget_rules)
		self.model = NaivePipeline(self.users, LIMIT, WARNING)
		self.seed()

	def seed(self):
		"""Opportunities that have gone on for a while, written in bulk: copies of one that was saved."""
		start = datetime.combine(FIRST_DAY, time())
		with self.at(start - timedelta(days=60)):
			pattern = frappe.db.get_value("Opportunity", make_opportunity().name, "*", as_dict=True)
		states = [self.seed_state(start) for _opportunity in range(OPPORTUNITIES)]
		key = unique("Year")
		rows = [
			{
				**pattern,
				"name": f"{key}-{number}",
				"status": opportunity.status,
				"own_status": opportunity.status,
				"opportunity_owner": opportunity.owner,
				"last_change_on": pattern["creation"],
				"status_since": opportunity.since,
				"last_contacted_on": opportunity.mailed,
				"waiting_for": "Them" if opportunity.mailed else "Nobody",
				"paused_until": opportunity.paused_until,
			}
			for number, opportunity in enumerate(states)
		]
		bulk_insert("Opportunity", rows)
		bulk_insert("Pipeline Change", [self.created(row) for row in rows])
		self.model.opportunities = {
			row["name"]: opportunity for row, opportunity in zip(rows, states, strict=True)
		}

	def seed_state(self, start: datetime) -> NaiveOpportunity:
		since = start - timedelta(days=self.random.randint(1, 59), hours=self.random.randint(0, 23))
		opportunity = NaiveOpportunity(
			self.random.choice(self.users), since, self.random.choice(("Open", "Replied", "Paused"))
		)
		if opportunity.status == "Replied":
			opportunity.mailed = since
		if opportunity.status == "Paused":
			opportunity.paused_until = FIRST_DAY + timedelta(days=self.random.randint(1, DAYS))
		return opportunity

	def created(self, row: dict) -> dict:
		at, user = row["creation"], row["owner"]
		written = {**new_row(user), "creation": at, "modified": at, "idx": 1}
		change = {"opportunity": row["name"], "change": "Created", "at": at, "by": user}
		return {**written, **change, **{field: row[field] for field in STATE_FIELDS}}

	def test_nights_do_what_the_model_says(self):
		for number in range(DAYS):
			day = FIRST_DAY + timedelta(days=number)
			self.night(datetime.combine(day, time(0, 5)))
			if day.weekday() < SATURDAY:
				self.work(datetime.combine(day, time(10)))
			self.noon(datetime.combine(day, time(12)))
			if number % 30 == 0:
				self.compare(day)
				self.assertEqual(contradictions_of([*self.model.opportunities]), {})
		self.compare(day)
		self.compare_what_users_were_told()
		self.assertGreater(self.total("closed"), OPPORTUNITIES / 3)
		self.assertGreater(self.total("reminded"), DAYS / 3)

	def night(self, at: datetime):
		with self.at(at):
			expire_quotations()
			wake_paused_opportunities()
			auto_close_opportunities()
			restore_follow_up_events()
		self.model.night(at)

	def noon(self, at: datetime):
		with self.at(at):
			send_follow_up_reminders()
			send_follow_up_reminders()
		self.model.noon(at)

	def work(self, at: datetime):
		"""What people do on a day, at ten o'clock and in the minutes after."""
		for minute, what in enumerate(EVERY_DAY):
			moment = at + timedelta(minutes=minute)
			with self.at(moment):
				getattr(self, what)(moment)

	def some(self, *statuses: str, planned: bool | None = None) -> tuple[str, NaiveOpportunity] | None:
		names = [
			name
			for name, opportunity in self.model.opportunities.items()
			if opportunity.status in statuses and planned in (None, bool(opportunity.contact_at))
		]
		name = self.random.choice(names) if names else None
		return name and (name, self.model.opportunities[name])

	def mail_out(self, at: datetime):
		if found := self.some("Open", "Replied"):
			make_mail(frappe.get_doc("Opportunity", found[0]), communication_date=at)
			found[1].mail_out(at)

	def mail_in(self, at: datetime):
		if found := self.some("Open", "Replied", "Paused", "Closed"):
			make_mail(frappe.get_doc("Opportunity", found[0]), "Received", communication_date=at)
			found[1].mail_in(at)

	def plan(self, at: datetime):
		if found := self.some("Open", "Replied", planned=False):
			name, opportunity = found
			opportunity.contact_at = at.replace(minute=0) + timedelta(days=self.random.randint(1, 25))
			opportunity.contact_by = self.random.choice(self.users)
			values = {"next_contact_date": opportunity.contact_at, "next_contact_by": opportunity.contact_by}
			frappe.get_doc("Opportunity", name).update(values).save()

	def done(self, at: datetime):
		"""Not every contact takes place."""
		if self.random.random() < DONE and (found := self.some("Open", "Replied", planned=True)):
			frappe.get_doc("Opportunity", found[0]).complete_follow_up("They think about it")
			found[1].contact_at = found[1].contact_by = None

	def pause(self, at: datetime):
		if found := self.some("Open", "Replied"):
			until = at.date() + timedelta(days=self.random.randint(1, 40))
			frappe.get_doc("Opportunity", found[0]).pause(str(until))
			found[1].pause(until, at)

	def new(self, at: datetime):
		"""Nobody's opportunity, which the assignment rule gives to the next in turn."""
		today = {"transaction_date": str(at.date())}  # else what Frappe remembers as today's date
		name = make_opportunity(campaign=self.rule.campaign, opportunity_owner=None, **today).name
		owner = self.model.next_in_turn()
		self.model.opportunities[name] = NaiveOpportunity(owner, at, tasks=Counter({owner: 1}))

	def compare(self, day: date):
		fields = ["name", "status", "opportunity_owner", "paused_until", "auto_closed", "status_since"]
		rows = frappe.get_all("Opportunity", {"name": ["in", list(self.model.opportunities)]}, fields)
		for row in rows:
			opportunity = self.model.opportunities[row.name]
			paused = getdate(row.paused_until) if row.paused_until else None
			found = (
				row.status,
				row.opportunity_owner,
				paused,
				bool(row.auto_closed),
				get_datetime(row.status_since),
			)
			expected = (
				opportunity.status,
				opportunity.owner,
				opportunity.paused_until,
				opportunity.by_job,
				opportunity.since,
			)
			self.assertEqual(found, expected, f"{row.name} on {day}")
		self.assertEqual(len(rows), len(self.model.opportunities))
		self.assertEqual(
			self.open_tasks(),
			sum((opportunity.tasks for opportunity in self.model.opportunities.values()), Counter()),
		)

	def open_tasks(self) -> Counter:
		filters = {"reference_type": "Opportunity", "allocated_to": ["in", self.users], "status": "Open"}
		return Counter(frappe.get_all("ToDo", filters, pluck="allocated_to"))

	def compare_what_users_were_told(self):
		fields = ["creation", "for_user", "subject", "document_name", "document_type", "type"]
		told = Counter(
			self.as_told(row)
			for row in frappe.get_all(
				"Notification Log", {"for_user": ["in", self.users], "type": "Alert"}, fields
			)
		)
		self.assertEqual(told, self.model.told)

	def as_told(self, row) -> tuple:
		day = getdate(row.creation)
		if row.document_type == "Opportunity":
			return day, "reminded", row.for_user, row.document_name
		kind = "closed" if row.document_type == "Auto Close Batch" else "warned"
		return day, kind, row.for_user, int(re.search(r"(\d+) of your", row.subject)[1])

	def total(self, kind: str) -> int:
		told = self.model.told.items()
		counts = (
			(what if kind != "reminded" else 1) * times for (_d, k, _u, what), times in told if k == kind
		)
		return sum(counts)
