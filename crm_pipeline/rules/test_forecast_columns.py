"""The columns of the forecast, on days of every kind."""

from datetime import date, timedelta
from unittest import TestCase

from crm_pipeline.rules.forecast_columns import ForecastColumn, columns_on

YEARS = [date(2031, 1, 1) + timedelta(days=number) for number in range(731)]  # a leap year among them


def key_of(closing: date | None, today: date) -> str:
	(column,) = (each for each in columns_on(today) if each.holds(closing))
	return column.key


class TestColumns(TestCase):
	def test_keys_and_ends(self):
		self.assertEqual(
			columns_on(date(2031, 10, 15)),
			[
				ForecastColumn("overdue", None, date(2031, 10, 14)),
				ForecastColumn("2031-10", date(2031, 10, 15), date(2031, 10, 31)),
				ForecastColumn("2031-11", date(2031, 11, 1), date(2031, 11, 30)),
				ForecastColumn("2031-12", date(2031, 12, 1), date(2031, 12, 31)),
				ForecastColumn("2032-01", date(2032, 1, 1), date(2032, 1, 31)),
				ForecastColumn("2032-02", date(2032, 2, 1), date(2032, 2, 29)),
				ForecastColumn("2032-03", date(2032, 3, 1), date(2032, 3, 31)),
				ForecastColumn("later", date(2032, 4, 1), None),
				ForecastColumn("none"),
			],
		)

	def test_the_edges_of_the_present_month(self):
		today = date(2031, 1, 31)
		self.assertEqual(key_of(today, today), "2031-01")
		self.assertEqual(key_of(date(2031, 1, 30), today), "overdue")
		self.assertEqual(key_of(date(2031, 2, 1), today), "2031-02")
		first = date(2031, 2, 1)
		self.assertEqual(key_of(date(2031, 1, 31), first), "overdue")
		self.assertEqual(key_of(first, first), "2031-02")

	def test_every_day_is_in_one_column_whatever_today_is(self):
		for today in YEARS:
			ends = {day for column in columns_on(today) for day in column[1:] if day}
			for end in ends:
				for day in (end - timedelta(days=1), end, end + timedelta(days=1)):
					key_of(day, today)  # refuses none and two
			self.assertEqual(key_of(None, today), "none")
			self.assertEqual(key_of(date.max, today), "later")
			self.assertEqual(key_of(date.min, today), "overdue")

	def test_there_are_six_months_whose_keys_are_theirs(self):
		for today in YEARS:
			months = columns_on(today)[1:7]
			self.assertEqual(len({column.key for column in months}), 6)
			for column in months:
				self.assertEqual({f"{day:%Y-%m}" for day in column[1:]}, {column.key})
