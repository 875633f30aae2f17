from datetime import date, timedelta

from crm_pipeline.rules.due import DONE, LATER, OVERDUE, THIS_WEEK, TODAY, due_state

WEDNESDAY, MONDAY = date(2026, 11, 25), date(2026, 11, 23)


def test_open_by_day():
	sunday = MONDAY + timedelta(days=6)
	days = {
		WEDNESDAY - timedelta(days=1): OVERDUE,
		WEDNESDAY: TODAY,
		WEDNESDAY + timedelta(days=1): THIS_WEEK,
		sunday: THIS_WEEK,
		sunday + timedelta(days=1): LATER,
		None: LATER,
	}
	assert {day: due_state(False, day, WEDNESDAY, MONDAY) for day in days} == days


def test_on_the_last_day_of_the_week_tomorrow_is_later():
	sunday = MONDAY + timedelta(days=6)
	assert due_state(False, sunday + timedelta(days=1), sunday, MONDAY) == LATER


def test_done_whatever_the_day():
	for day in (None, MONDAY, WEDNESDAY, WEDNESDAY + timedelta(days=30)):
		assert due_state(True, day, WEDNESDAY, MONDAY) == DONE
