"""Working hours at their edges: evenings, weekends, clocks put forward and back."""

from datetime import datetime, time, timedelta
from unittest import TestCase
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st

from crm_pipeline.rules.working_hours import WorkingHours, minute_of_day, minutes_within

BERLIN = "Europe/Berlin"
OFFICE = WorkingHours(frozenset(range(5)), 9 * 60, 17 * 60)
EVERY_DAY = frozenset(range(7))
ALWAYS = WorkingHours(EVERY_DAY, 0, 24 * 60)


def at(text: str) -> datetime:
	return datetime.fromisoformat(text)


def minutes(start: str, end: str, hours: WorkingHours = OFFICE, zone: str = BERLIN) -> float:
	return minutes_within([(at(start), at(end))], hours, zone)[0]


class TestWorkingHours(TestCase):
	# 2026-11-23 is a Monday.
	def test_within_one_day(self):
		for start, end, expected in (
			("09:00", "17:00", 480),
			("00:00", "23:59:59", 480),
			("08:59:59", "09:00", 0),
			("09:00", "09:00:30", 0.5),
			("16:59", "17:00", 1),
			("16:59", "17:01", 1),
			("17:00", "18:00", 0),
			("12:00", "12:00", 0),
			("13:00", "12:00", 0),
		):
			with self.subTest(start=start, end=end):
				self.assertEqual(minutes(f"2026-11-23 {start}", f"2026-11-23 {end}"), expected)

	def test_over_night_and_weekend(self):
		for start, end, expected in (
			("2026-11-23 16:50", "2026-11-24 09:10", 20),
			("2026-11-27 16:50", "2026-11-30 09:10", 20),
			("2026-11-28 10:00", "2026-11-29 22:00", 0),
			("2026-11-28 10:00", "2026-11-30 09:01", 1),
			("2026-11-23 00:00", "2026-11-30 00:00", 5 * 480),
			("2026-12-28 00:00", "2027-01-04 00:00", 5 * 480),
		):
			with self.subTest(start=start, end=end):
				self.assertEqual(minutes(start, end), expected)

	def test_clocks_put_forward_and_back(self):
		# In Berlin on 2026-03-29 at 2:00 and on 2026-10-25 at 3:00, both Sundays.
		self.assertEqual(minutes("2026-03-29 00:00", "2026-03-30 00:00", ALWAYS), 23 * 60)
		self.assertEqual(minutes("2026-03-29 01:59", "2026-03-29 03:01", ALWAYS), 2)
		self.assertEqual(minutes("2026-10-25 00:00", "2026-10-26 00:00", ALWAYS), 25 * 60)
		self.assertEqual(minutes("2026-10-25 02:30", "2026-10-25 03:00", ALWAYS), 90)
		self.assertEqual(minutes("2026-10-25 00:00", "2026-10-26 00:00", ALWAYS, "UTC"), 24 * 60)
		for start, end in (
			("2026-03-27 16:50", "2026-03-30 09:10"),
			("2026-10-23 16:50", "2026-10-26 09:10"),
		):
			self.assertEqual(minutes(start, end), 20)

	def test_the_whole_calendar(self):
		self.assertEqual(minutes("0001-01-01 00:00", "0001-01-01 10:00"), 60)
		self.assertEqual(minutes("9999-12-31 16:00", "9999-12-31 23:59"), 60)

	def test_no_spans(self):
		self.assertEqual(minutes_within([], OFFICE, BERLIN), [])

	@settings(max_examples=100, deadline=None)
	@given(
		st.lists(
			st.tuples(
				st.datetimes(datetime(2026, 3, 20), datetime(2026, 11, 5)), st.integers(0, 6 * 24 * 60)
			),
			min_size=1,
			max_size=4,
		),
		st.frozensets(st.integers(0, 6)),
		st.integers(0, 1439),
		st.integers(1, 1440),
	)
	@example([(datetime(2026, 3, 25, 12), 5161)], EVERY_DAY, 0, 121)
	@example([(datetime(2026, 3, 28, 12), 2 * 1440)], EVERY_DAY, 150, 60)
	@example([(datetime(2026, 10, 24, 12), 2 * 1440)], EVERY_DAY, 0, 150)
	@example([(datetime(2026, 10, 25, 2, 45), 1440)], EVERY_DAY, 150, 60)
	def test_as_counted_minute_by_minute(self, drawn, days, begin, length):
		hours = WorkingHours(days, begin, min(begin + length, 1440))
		starts = [start.replace(second=0, microsecond=0) for start, _length in drawn]
		lengths = [timedelta(minutes=length) for _start, length in drawn]
		spans = [(start, start + length) for start, length in zip(starts, lengths, strict=True)]
		self.assertEqual(
			minutes_within(spans, hours, BERLIN),
			[counted(start, end, hours, BERLIN) for start, end in spans],
		)


def counted(start: datetime, end: datetime, hours: WorkingHours, zone: str) -> float:
	found, clock, utc = 0, ZoneInfo(zone), ZoneInfo("UTC")
	midnight, start, until = (
		each.replace(tzinfo=clock).astimezone(utc) for each in (datetime.combine(start, time.min), start, end)
	)
	moment, latest = midnight, datetime.min
	while moment < until:
		latest = max(latest, moment.astimezone(clock).replace(tzinfo=None))
		minute = latest.hour * 60 + latest.minute
		found += moment >= start and latest.weekday() in hours.days and hours.begin <= minute < hours.end
		moment += timedelta(minutes=1)
	return found


class TestTimes(TestCase):
	def test_times(self):
		for text, expected in (
			("0:00", 0),
			("00:00", 0),
			("8:30", 510),
			(" 08:30 ", 510),
			("23:59", 1439),
			("24:00", 1440),
		):
			with self.subTest(text):
				self.assertEqual(minute_of_day(text), expected)

	def test_what_is_no_time(self):
		for text in (
			"",
			"8",
			"8:60",
			"24:01",
			"25:00",
			"-1:00",
			"8:3",
			"8.30",
			"08:30:00",
			"8:30 pm",
			"٨:٣٠",
		):
			with self.subTest(text), self.assertRaises(ValueError):
				minute_of_day(text)
