"""The forecast of the pipeline page: months, their figures and cards, at the edges of months and of what may be seen."""

import frappe
from frappe.custom.doctype.property_setter.property_setter import make_property_setter
from frappe.utils import getdate

from crm_pipeline.api.moves import set_values, undo
from crm_pipeline.api.pipeline import get_forecast, get_forecast_cards
from crm_pipeline.board.forecast import sums_by_column
from crm_pipeline.exceptions import FieldOutOfReach, StateGone, UnreadableFilters
from crm_pipeline.permissions.visibility import OWN
from crm_pipeline.rules import view_filters
from crm_pipeline.rules.aging import UNDONE
from crm_pipeline.rules.view_filters import Filters
from crm_pipeline.tests.boards import BoardCase, hence
from crm_pipeline.tests.factories import (
	in_days,
	make_exchange_rate,
	make_lost_reason,
	make_user,
)
from crm_pipeline.tests.limited import settings

MID_MONTH = "2031-01-15 10:00:00.250000"  # a save of its own moment is known by it
CLOSING = "Expected Closing"
KEYS = ["overdue", "2031-01", "2031-02", "2031-03", "2031-04", "2031-05", "2031-06", "later", "none"]


class ForecastCase(BoardCase):
	def forecast(self, limit: int = 200, **filters) -> dict[str, dict]:
		columns = get_forecast(self.process.name, limit, filters)["columns"]
		return {column["key"]: column for column in columns}

	def places(self, **filters) -> dict[str, str]:
		"""Return the column of each opportunity; the figures count what is shown."""
		found = {}
		for key, column in self.forecast(**filters).items():
			self.assertEqual(column["count"], len(column["cards"]))
			found |= {card.name: key for card in column["cards"]}
		return found

	def expected(self, closing: str | None, amount: float = 100, **fields):
		return self.opportunity(amount, expected_closing=closing, **fields)


class TestColumns(ForecastCase):
	def test_empty(self):
		with self.at(MID_MONTH):
			columns = self.forecast()
		self.assertEqual(list(columns), KEYS)
		for key, column in columns.items():
			self.assertEqual((column["count"], column["amount"], column["weighted"]), (0, 0, 0))
			self.assertEqual(column["won"], {"count": 0, "amount": 0} if key == "2031-01" else None)

	def test_the_first_and_the_last_day_of_each_column(self):
		days = {
			"2031-01-14": "overdue",
			"2031-01-15": "2031-01",
			"2031-01-31": "2031-01",
			"2031-02-01": "2031-02",
			"2031-02-28": "2031-02",
			"2031-06-01": "2031-06",
			"2031-06-30": "2031-06",
			"2031-07-01": "later",
			"2099-12-31": "later",
			None: "none",
		}
		with self.at(MID_MONTH):
			made = {self.expected(day).name: key for day, key in days.items()}
			self.assertEqual(self.places(), made)

	def test_on_the_last_day_of_a_month_and_on_the_first(self):
		with self.at("2031-01-31 12:00:00"):
			last, yesterday = self.expected("2031-01-31"), self.expected("2031-01-30")
			self.assertEqual(self.places(), {last.name: "2031-01", yesterday.name: "overdue"})
		with self.at("2031-02-01 12:00:00"):
			first = self.expected("2031-02-01")
			places = {last.name: "overdue", yesterday.name: "overdue", first.name: "2031-02"}
			self.assertEqual(self.places(), places)

	def test_the_day_is_that_of_the_readers_clock(self):
		with self.at("2031-01-31 23:30:00"), self.as_user("Sales User") as user:
			opportunity = self.expected("2031-01-31")
			for zone, key in (("Pacific/Kiritimati", "overdue"), ("Pacific/Pago_Pago", "2031-01")):
				frappe.db.set_value("User", user, "time_zone", zone)
				self.assertEqual(self.places(), {opportunity.name: key}, zone)
			frappe.db.set_value("User", user, "time_zone", "Pacific/Kiritimati")
			self.assertEqual(list(self.forecast())[1], "2031-02")


class TestFigures(ForecastCase):
	def test_sums_in_base_currency(self):
		base = get_forecast(self.process.name)["currency"]
		foreign = "CHF" if base != "CHF" else "EUR"
		with self.at(MID_MONTH):
			make_exchange_rate(foreign, base, 1.5, in_days(-1))
			self.expected("2031-02-03", 200.1, currency=foreign)
			self.expected("2031-02-28", 40, sales_stage=self.second)
			column = self.forecast()["2031-02"]
		self.assertEqual((column["count"], column["amount"], column["weighted"]), (2, 340.15, 80.03))

	def test_what_was_won_this_month_counts_with_its_revenue_apart(self):
		with self.at(MID_MONTH):
			for closed_on, revenue in (("2031-01-01", 70), ("2031-01-15", 20), ("2030-12-31", 500)):
				self.expected("2031-01-20", transaction_date="2030-12-01").mark_won(revenue, closed_on)
			self.expected("2031-01-20", 10)
			self.expected("2031-01-20", 300).declare_lost([make_lost_reason().name])
			column = self.forecast()["2031-01"]
			self.assertEqual((column["count"], column["amount"]), (1, 10))
			self.assertEqual(column["won"], {"count": 2, "amount": 90})
			self.assertEqual(len(self.places()), 1)

	def test_what_rests_counts_and_what_is_closed_does_not(self):
		with self.at(MID_MONTH):
			paused, closed = self.expected("2031-03-01"), self.expected("2031-03-01")
			paused.pause(in_days(20))
			closed.reload()
			closed.status = "Closed"
			closed.save()
			self.assertEqual(self.places(), {paused.name: "2031-03"})

	def test_each_filter_leaves_what_it_leaves_on_the_board(self):
		with self.at(MID_MONTH):
			ann = make_user("Sales User")
			self.expected("2031-01-10", 5, opportunity_owner=ann, next_contact_date=hence(hours=-1))
			self.expected("2031-02-10", 500, sales_stage=self.second).add_tag("Hot")
			self.expected(None, 50, opportunity_owner=ann)
			self.expected("2031-12-10").pause(in_days(9))
			asked = [{"closing": closing} for closing in view_filters.CLOSINGS]
			asked += [{"state": state} for state in view_filters.STATES]
			asked += [{"owner": [ann]}, {"scope": f"user:{ann}"}, {"value": [50, None]}, {"tag": ["Hot"]}]
			for filters in asked:
				with self.subTest(filters):
					self.assertEqual(set(self.places(**filters)), self.names(**filters))
			self.assertEqual(self.forecast(owner=[ann])["overdue"]["amount"], 5)

	def test_won_obeys_filters_too(self):
		with self.at(MID_MONTH):
			ann = make_user("Sales User")
			self.opportunity(opportunity_owner=ann).mark_won(30)
			self.opportunity().mark_won(400)
			self.assertEqual(self.forecast(owner=[ann])["2031-01"]["won"], {"count": 1, "amount": 30})

	def test_won_counts_whatever_the_state(self):
		with self.at(MID_MONTH):
			self.opportunity().mark_won(30)
			self.expected("2031-01-20", next_contact_date="2031-01-10 10:00:00")
			self.expected("2031-01-20")
			column = self.forecast(state="overdue")["2031-01"]
			self.assertEqual((column["count"], column["won"]), (1, {"count": 1, "amount": 30}))

	def test_other_processes_are_left_out(self):
		with self.at(MID_MONTH):
			self.expected("2031-02-01")
			other = ForecastCase("places")
			other.setUp()
			self.assertEqual(other.places(), {})

	def test_the_number_of_statements_does_not_grow(self):
		with self.at(MID_MONTH):
			for day in ("2031-01-01", "2031-02-01", None):
				self.expected(day)
			self.forecast()
			before = self.statements(self.forecast)
			for day in ("2031-01-01", "2031-02-01", None) * 3:
				self.expected(day)
			self.assertEqual(self.statements(self.forecast), before)

	def test_all_figures_are_of_one_statement(self):
		with self.at(MID_MONTH):
			self.expected("2031-02-01", 30)
			self.opportunity().mark_won(20)

			def ask():
				sums = sums_by_column(self.process.name, Filters(), getdate())
				self.assertEqual((sums["2031-02"].amount, sums["won"].revenue), (30, 20))

			self.assertEqual(self.statements(ask), 1)


class TestCards(ForecastCase):
	def test_what_is_to_close_first_comes_first_then_as_on_the_board(self):
		with self.at(MID_MONTH):
			late, plain, missed = (self.expected(f"2031-02-{day}") for day in ("20", "10", "10"))
			missed.db_set("next_contact_date", hence(hours=-1))
			cards = self.forecast()["2031-02"]["cards"]
		self.assertEqual([card.name for card in cards], [missed.name, plain.name, late.name])

	def test_more_cards_go_on_where_the_first_ended(self):
		for column, closing in (("2031-02", "2031-02-1{}"), ("overdue", "2031-01-0{}"), ("none", None)):
			with self.at(MID_MONTH), self.subTest(column):
				made = {self.expected(closing and closing.format(day)).name for day in range(1, 6)}
				cards = self.forecast(limit=2)[column]["cards"]
				self.assertEqual(len(cards), 2)
				cards += get_forecast_cards(self.process.name, column, 2, 2)["cards"]
				cards += get_forecast_cards(self.process.name, column, 4)["cards"]
				self.assertEqual(len(cards), 5)
				self.assertEqual({card.name for card in cards}, made)

	def test_limits_stay_within_bounds(self):
		with self.at(MID_MONTH):
			self.expected(None)
			self.assertEqual(len(self.forecast(limit=-5)["none"]["cards"]), 1)
			self.assertEqual(len(get_forecast_cards(self.process.name, "none", -3, 10**9)["cards"]), 1)


class TestBadInput(ForecastCase):
	def test_a_column_that_there_is_not_is_named(self):
		with self.at(MID_MONTH):
			for column in ("2030-12", "2031-07", "someday", "won", "", "<b>" * 100):
				with self.assertRefused(UnreadableFilters, "2031-01"):
					get_forecast_cards(self.process.name, column)
		with self.at("2031-02-01 00:00:00"), self.assertRefused(UnreadableFilters, "2031-01"):
			get_forecast_cards(self.process.name, "2031-01")

	def test_filters_and_processes_that_there_are_not(self):
		for sent in ("{", {"closing": "someday"}, {"closing": ["none"]}):
			with self.assertRefused(UnreadableFilters):
				get_forecast(self.process.name, filters=sent)
			with self.assertRefused(UnreadableFilters):
				get_forecast_cards(self.process.name, "none", filters=sent)
		with self.assertRefused(frappe.DoesNotExistError):
			get_forecast("No such process")
		self.assertEqual(get_forecast_cards("No such process", "none")["cards"], [])


class TestMoving(ForecastCase):
	"""What the page sends when a card is put into another month."""

	def history(self, name: str, kind: str) -> list[tuple]:
		change = frappe.qb.DocType("Pipeline Change")
		query = frappe.qb.from_(change).select(change.old_value, change.new_value)
		where = (change.opportunity == name) & (change.change == kind)
		return list(query.where(where).run())

	def move(self, name: str, to: str | None, seen: str | None) -> dict:
		return set_values(name, {"expected_closing": to}, {"expected_closing": seen})

	def test_there_and_back_exactly(self):
		with self.at(MID_MONTH):
			name = self.expected("2031-01-31").name
			before = frappe.get_doc("Opportunity", name).as_dict()
			answer = self.move(name, "2031-02-28", "2031-01-31")
			self.assertEqual(self.places(), {name: "2031-02"})
			undo(name, answer["undo"]["version"])
			self.assertEqual(self.places(), {name: "2031-01"})
			after = frappe.get_doc("Opportunity", name).as_dict()
			self.assertEqual(after.expected_closing, before.expected_closing)
		changes = [("2031-01-31", "2031-02-28"), ("2031-02-28", "2031-01-31")]
		self.assertCountEqual(self.history(name, UNDONE), changes)
		self.assertEqual(self.history(name, CLOSING), [])

	def test_the_date_goes_and_comes_back(self):
		with self.at(MID_MONTH):
			name = self.expected("2031-03-10").name
			answer = self.move(name, None, "2031-03-10")
			self.assertEqual(self.places(), {name: "none"})
			undo(name, answer["undo"]["version"])
			self.assertEqual(self.places(), {name: "2031-03"})

	def test_of_two_the_second_is_told(self):
		with self.at(MID_MONTH):
			name = self.expected("2031-03-10").name
			self.move(name, "2031-04-10", "2031-03-10")
			with self.assertRefused(StateGone, "Expected Closing"):
				self.move(name, "2031-05-10", "2031-03-10")
			self.assertEqual(self.places(), {name: "2031-04"})


class TestSeen(ForecastCase):
	def test_what_is_hidden_is_in_no_column_and_no_sum(self):
		settings(opportunity_visibility=OWN)
		ann, ben = make_user("Sales User"), make_user("Sales User")
		with self.at(MID_MONTH):
			self.expected("2031-02-01", 700, opportunity_owner=ann)
			self.opportunity(opportunity_owner=ann).mark_won(900)
			own = self.expected("2031-02-01", 10, opportunity_owner=ben)
			frappe.set_user(ben)
			self.assertEqual(self.places(), {own.name: "2031-02"})
			columns = self.forecast()
			self.assertEqual((columns["2031-02"]["count"], columns["2031-02"]["amount"]), (1, 10))
			self.assertEqual(columns["2031-01"]["won"], {"count": 0, "amount": 0})
			cards = get_forecast_cards(self.process.name, "2031-02")["cards"]
			self.assertEqual([card.name for card in cards], [own.name])

	def test_who_may_not_read_opportunities_gets_nothing(self):
		with self.as_user():
			for ask in (get_forecast, lambda: get_forecast_cards(self.process.name, "none")):
				with self.assertRefused(frappe.PermissionError):
					ask()

	def test_fields_out_of_reach(self):
		self.addCleanup(frappe.clear_cache)
		with self.at(MID_MONTH):
			self.expected("2031-02-01", 700)
			self.opportunity().mark_won(900)
			for field in ("opportunity_amount", "close_revenue", "closed_on", "expected_closing"):
				make_property_setter("Opportunity", field, "permlevel", 1, "Int")
			frappe.clear_cache()
			with self.as_user("Sales User"):
				for ask in (self.forecast, lambda: get_forecast_cards(self.process.name, "none")):
					with self.assertRefused(FieldOutOfReach, "Expected Closing"):
						ask()
			make_property_setter("Opportunity", "expected_closing", "permlevel", 0, "Int")
			frappe.clear_cache()
			with self.as_user("Sales User"):
				columns = self.forecast()
		column = columns["2031-02"]
		self.assertEqual((column["count"], column["amount"], column["weighted"]), (1, None, None))
		self.assertNotIn("base_opportunity_amount", column["cards"][0])
		self.assertEqual(columns["2031-01"]["won"], {"count": None, "amount": None})
