"""Random histories against a naive replay: the pipeline of any day and what moved, to the cent, for whoever asks."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise

import frappe
from frappe.utils import flt, getdate
from hypothesis import given
from hypothesis import strategies as st

from crm_pipeline.history.as_of import as_of, change, in_play_on, state
from crm_pipeline.history.movements import Scope, sums
from crm_pipeline.history.spans import date_spans
from crm_pipeline.history.trend import trend
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	make_exchange_rate,
	make_lost_reason,
	make_opportunity,
	make_process,
	make_user,
	unique,
)
from crm_pipeline.tests.naive_movements import (
	History,
	NaiveScope,
	NaiveState,
	cents,
	movements,
	pipeline_on,
	state_on,
)
from crm_pipeline.tests.properties import bounded, example
from crm_pipeline.utils.bulk_sql import bulk_insert, new_row

START, DAYS = date(2026, 3, 1), 20
STATUSES = ("Open", "Replied", "Quotation", "Paused", "Converted", "Lost", "Closed")
PEOPLE, PROCESSES, CURRENCIES = 2, 3, ("USD", "EUR", "JPY")

amounts = st.integers(0, 10_000_000).map(lambda number: Decimal(number) / 100)
rates = st.integers(1, 99_999_999).map(lambda number: Decimal(number) / 1_000_000)
percents = st.one_of(st.integers(0, 100), st.integers(0, 10_000).map(lambda number: Decimal(number) / 100))
closings = st.none() | st.integers(-10, 40).map(lambda days: START + timedelta(days=days))
VALUES = {
	"status": st.sampled_from(STATUSES),
	"owner": st.none() | st.integers(0, PEOPLE - 1),
	"process": st.integers(0, PROCESSES - 1),
	"closing": closings,
	"currency": st.sampled_from(CURRENCIES),
	"amount": amounts,
	"rate": rates,
	"probability": percents.map(Decimal),
	"cent": st.sampled_from((Decimal("-0.01"), Decimal("0.01"))),
}
changes = st.dictionaries(st.sampled_from(sorted(VALUES)), st.none(), min_size=1, max_size=3).flatmap(
	lambda chosen: st.fixed_dictionaries({field: VALUES[field] for field in chosen})
)
# How many days after the one before; the first may come in later than what follows.
events = st.lists(st.tuples(st.sampled_from((0, 0, 0, 1, 1, 2, 5)), changes), max_size=9)
firsts = st.fixed_dictionaries({field: VALUES[field] for field in VALUES if field != "cent"})
opportunities = st.tuples(st.integers(0, DAYS // 2), st.sampled_from((0, 0, 0, 4)), firsts, events)
periods = st.tuples(st.integers(0, DAYS), st.integers(0, DAYS)).map(sorted)
windows = st.tuples(closings, closings)


def changed(former: NaiveState | None, values: dict) -> NaiveState:
	"""Return a state with other values, and the amount in base currency that follows; a cent more or less does not."""
	values = dict(values)
	cent = values.pop("cent", Decimal())
	if former is None:
		following = NaiveState(base=Decimal(), **values)
	else:
		following = replace(former, **values)
	if former is None or {"currency", "amount", "rate"}.intersection(values):
		return replace(following, base=cents(following.amount * following.rate))
	return replace(following, base=max(following.base + cent, Decimal()))


def history_of(case: tuple) -> History:
	begin, ahead, first, following = case
	day = START + timedelta(days=begin)
	history = [(day + timedelta(days=ahead), changed(None, first))]
	for days, values in following:
		day += timedelta(days=days)
		history.append((day, changed(history[-1][1], values)))
	return history


class HistoryCase(TestCase):
	"""Compares what is told of past days with what a naive replay says."""

	def setUp(self):
		super().setUp()
		self.users = [make_user("Sales User") for _user in range(PEOPLE)]
		self.processes = [make_process(10, 40).name for _process in range(PROCESSES)]
		frappe.db.set_single_value("Selling Settings", "opportunity_visibility", "Own, Assigned and Shared")
		frappe.clear_document_cache("Selling Settings", "Selling Settings")

	def assertAgree(self, histories: dict[str, History], periods: list, windows: list):
		"""Expect what each user is told of each period, of the whole and of parts, to be what the replay says."""
		frappe.db.set_single_value("Selling Settings", "opportunity_visibility", "Own, Assigned and Shared")
		frappe.clear_document_cache("Selling Settings", "Selling Settings")
		ours, some = {"processes": tuple(self.processes)}, {"processes": tuple(self.processes[:2])}
		for user in ("Administrator", self.users[0]):
			seen = {name: history for name, history in histories.items() if self.may_see(user, history)}
			frappe.set_user(user)
			for first, last in periods:
				self.assertStates(seen, first)
				for scope in (ours, some, {**some, "owners": (self.users[0],)}):
					for begin, end in [(None, None), *windows]:
						narrowed = {**scope, "closing_from": begin, "closing_to": end}
						self.assertMoved(seen, first, last, narrowed)
						self.assertTrend(seen, first, last, narrowed)
		frappe.set_user("Administrator")

	def may_see(self, user: str, history: History) -> bool:
		return user == "Administrator" or history[-1][1].owner == user

	def assertStates(self, histories: dict[str, History], day: date):
		"""Expect the state of each opportunity on a day, and which were in play."""
		expected = {name: found for name, history in histories.items() if (found := state_on(history, day))}
		for query, states in (
			(as_of(day), expected),
			(in_play_on(day), {name: each for name, each in expected.items() if NaiveScope().has(each)}),
		):
			query = query.where(state.sales_process.isin(self.processes))
			rows = query.select(state.star).run(as_dict=True)
			self.assertEqual({row.opportunity: naive(row) for row in rows}, states)
			self.assertEqual(len(rows), len(states))

	def assertMoved(self, histories: dict[str, History], first: date, last: date, narrowed: dict):
		"""Expect each movement, and that they lead from what was there before to what was there at the end."""
		scope = NaiveScope(**narrowed)
		found = {
			movement: [Decimal(figures.count), money(figures.amount), money(figures.weighted)]
			for movement, figures in sums(first, last, Scope(**narrowed), 2).items()
			if figures.count
		}
		self.assertEqual(found, movements(histories, first, last, scope))
		opening, closing = (pipeline_on(histories, day, scope) for day in (first - timedelta(days=1), last))
		self.assertEqual(
			[opening[column] + sum(each[column] for each in found.values()) for column in (1, 2)],
			closing[1:],
		)

	def assertTrend(self, histories: dict[str, History], first: date, last: date, narrowed: dict):
		"""Expect each point between two days to be what there was then."""
		days = [first + timedelta(days=number) for number in range(0, max((last - first).days, 0) + 1, 3)]
		found = [
			[point.day, money(point.amount), money(point.weighted)]
			for point in trend(days, Scope(**narrowed), 2)
		]
		scope = NaiveScope(**narrowed)
		self.assertEqual(found, [[day, *pipeline_on(histories, day, scope)[1:]] for day in days])


def money(value: object) -> Decimal:
	return cents(Decimal(repr(flt(value, 6))))


def naive(row: frappe._dict) -> NaiveState:
	"""Return a state as the history or an opportunity has it."""
	numbers = (row.opportunity_amount, row.conversion_rate, row.base_opportunity_amount, row.probability)
	amount, rate, base, probability = (Decimal(repr(flt(number, 9))) for number in numbers)
	closing = getdate(row.expected_closing) if row.expected_closing else None
	whose = (row.status, row.opportunity_owner, row.sales_process, closing, row.currency)
	return NaiveState(*whose, amount, rate, base, probability)


def stored(values: NaiveState) -> dict:
	return {
		"status": values.status,
		"opportunity_owner": values.owner,
		"sales_process": values.process,
		"expected_closing": values.closing,
		"currency": values.currency,
		"opportunity_amount": float(values.amount),
		"conversion_rate": float(values.rate),
		"base_opportunity_amount": float(values.base),
		"probability": float(values.probability),
	}


class TestAnyHistory(HistoryCase):
	"""Histories as they may be recorded, whatever led to them."""

	def setUp(self):
		super().setUp()
		self.pattern = frappe.db.get_value("Opportunity", make_opportunity().name, "*", as_dict=True)

	@bounded(30)
	@given(st.lists(opportunities, min_size=1, max_size=4), periods, windows)
	def test_what_is_told_is_what_a_replay_says(self, cases, days, window):
		with example():
			histories = self.record([history_of(case) for case in cases])
			first, last = (START + timedelta(days=number) for number in days)
			every = (START - timedelta(days=1), START + timedelta(days=2 * DAYS))
			self.assertAgree(histories, [every, (first, last), (last, last)], [window])

	def record(self, histories: list[History]) -> dict[str, History]:
		"""Write opportunities with their histories as they are, and return these by name."""
		named = {unique("Any"): [(day, self.named(each)) for day, each in history] for history in histories}
		bulk_insert(
			"Opportunity",
			[{**self.pattern, "name": name, **stored(history[-1][1])} for name, history in named.items()],
		)
		bulk_insert(
			"Pipeline Change",
			[
				{
					**new_row(),
					"idx": idx,
					"opportunity": name,
					"change": "Created" if idx == 1 else "Status",
					"at": datetime.combine(day, time(23, 59, 59) if idx % 2 else time()),
					**stored(each),
				}
				for name, history in named.items()
				for idx, (day, each) in enumerate(history, 1)
			],
		)
		date_spans(change.opportunity.isin([*named]))
		return named

	def named(self, values: NaiveState) -> NaiveState:
		owner = None if values.owner is None else self.users[values.owner]
		return replace(values, owner=owner, process=self.processes[values.process])


ACTIONS = (
	"amount",
	"stage",
	"owner",
	"process",
	"closing",
	"win",
	"lose",
	"close",
	"reopen",
	"pause",
	"resume",
	"rate",
	"currency",
)
acts = st.lists(
	st.tuples(
		st.integers(0, 2), st.sampled_from((0, 0, 1, 1, 3)), st.sampled_from(ACTIONS), st.integers(0, 999)
	),
	min_size=4,
	max_size=12,
)


class TestAnyDocument(HistoryCase):
	"""Histories that documents write by themselves."""

	def setUp(self):
		super().setUp()
		self.reason = make_lost_reason().name
		frappe.db.set_value("Currency", "NOK", "enabled", 1)
		make_exchange_rate("NOK", "USD", 0.0937, str(START - timedelta(days=90)))

	@bounded(5)
	@given(acts)
	def test_what_documents_write_adds_up(self, cases):
		with example():
			self.histories: dict[str, History] = {}
			day = START
			for number in range(3):
				with self.at(datetime.combine(day, time(9, number))):
					self.begin(number, day)
			for minute, (which, days, action, number) in enumerate(cases):
				day += timedelta(days=days)
				with self.at(datetime.combine(day, time(10, minute))):
					self.act(which, action, number, day)
			window = (START + timedelta(days=5), START + timedelta(days=25))
			halves = pairwise((START, START + timedelta(days=4), day + timedelta(days=1)))
			self.assertAgree(self.histories, [(START, day), *halves], [window])

	def begin(self, number: int, day: date):
		opportunity = make_opportunity(
			transaction_date=str(day),
			sales_process=self.processes[number],
			opportunity_owner=self.users[number % PEOPLE],
			opportunity_amount=1000.05 * (number + 1),
			currency=("USD", "NOK", "USD")[number],
			expected_closing=str(day + timedelta(days=10)),
		)
		self.histories[opportunity.name] = []
		self.look(day)

	def set_rate(self, rate: float, on: str):
		"""Give the krone a rate on a day, or correct the one that it has."""
		given = {"date": on, "from_currency": "NOK", "to_currency": "USD"}
		if name := frappe.db.exists("Currency Exchange", given):
			frappe.get_doc("Currency Exchange", name).update({"exchange_rate": rate}).save()
		else:
			make_exchange_rate("NOK", "USD", rate, on)

	def act(self, which: int, action: str, number: int, day: date):
		"""Do something to one of the opportunities, if its state allows it."""
		opportunity = frappe.get_doc("Opportunity", list(self.histories)[which])
		in_play = opportunity.status in ("Open", "Replied", "Quotation", "Paused")
		if action == "rate":
			self.set_rate(0.05 + number / 10_000, str(day - timedelta(days=number % 2)))
		elif action == "reopen":
			if not in_play:
				opportunity.reopen()
		elif in_play:
			getattr(self, f"do_{action}")(opportunity, number, day)
		self.look(day)

	def do_amount(self, opportunity, number: int, day: date):
		opportunity.update({"opportunity_amount": number * 7.77}).save()

	def do_stage(self, opportunity, number: int, day: date):
		stages = frappe.get_doc("Sales Process", opportunity.sales_process).stages[:2]
		opportunity.update({"sales_stage": stages[number % 2].sales_stage}).save()

	def do_owner(self, opportunity, number: int, day: date):
		opportunity.update({"opportunity_owner": self.users[number % PEOPLE]}).save()

	def do_process(self, opportunity, number: int, day: date):
		process = frappe.get_doc("Sales Process", self.processes[number % PROCESSES])
		opportunity.update(
			{"sales_process": process.name, "sales_stage": process.stages[0].sales_stage}
		).save()

	def do_closing(self, opportunity, number: int, day: date):
		closing = str(day + timedelta(days=number % 40)) if number % 5 else None
		opportunity.update({"expected_closing": closing}).save()

	def do_currency(self, opportunity, number: int, day: date):
		opportunity.update({"currency": ("USD", "NOK")[number % 2]}).save()

	def do_win(self, opportunity, number: int, day: date):
		opportunity.mark_won()

	def do_lose(self, opportunity, number: int, day: date):
		opportunity.declare_lost([self.reason])

	def do_close(self, opportunity, number: int, day: date):
		opportunity.update({"status": "Closed"}).save()

	def do_pause(self, opportunity, number: int, day: date):
		if opportunity.status != "Paused":
			opportunity.pause(str(day + timedelta(days=30)))

	def do_resume(self, opportunity, number: int, day: date):
		if opportunity.status == "Paused":
			opportunity.resume()

	def look(self, day: date):
		"""Note what all opportunities are like now."""
		for name, history in self.histories.items():
			history.append((day, naive(frappe.db.get_value("Opportunity", name, "*", as_dict=True))))
