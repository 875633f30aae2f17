"""Months, quarters and years as columns of reports."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date, timedelta

import frappe
from frappe import _
from frappe.query_builder.functions import Cast_, Substring
from frappe.utils import formatdate
from pypika.terms import Term

from crm_pipeline.exceptions import TooManyPeriods

MONTHS = {"Monthly": 1, "Quarterly": 3, "Yearly": 12}
MOST_PERIODS = 60  # columns that a person can read
MONTH_LENGTH = len("2026-01")  # of a date as the databases write it


def periods_between(first: date, last: date, months: int) -> list[date]:
	"""Return the first days of the calendar months (1), quarters (3) or years (12) that the days from `first` to `last` touch.

	Raises:
		TooManyPeriods
	"""
	begin, end = ((day.year * 12 + day.month - 1) // months for day in (first, last))
	if end - begin >= MOST_PERIODS:
		frappe.throw(
			_("These are {0} periods. Choose at most {1}, or quarters instead of months.").format(
				end - begin + 1, MOST_PERIODS
			),
			TooManyPeriods,
			title=_("Too Many Periods"),
		)
	return [date(number * months // 12, number * months % 12 + 1, 1) for number in range(begin, end + 1)]


def key(start: date) -> str:
	"""Return what the column of a period is called."""
	return f"from_{start.year}_{start.month:02}"


def label(start: date, months: int) -> str:
	"""Return the words for a period of so many months."""
	if months == MONTHS["Yearly"]:
		return str(start.year)
	if months == MONTHS["Quarterly"]:
		return _("Q{0} {1}").format((start.month - 1) // 3 + 1, start.year)
	return formatdate(start, "MMM YYYY")


def month_of(day: Term) -> Term:
	"""Return the year and month of a date as text, as a term.

	Every database has its own way to take a date apart, but all write its year and month first.
	"""
	return Substring(Cast_(day, "varchar"), 1, MONTH_LENGTH)


def keys_of_months(months: Iterable[str], periods: list[date]) -> dict[str, str]:
	"""Return the column in whose period each month lies; they came from `month_of`."""
	begins = {month: date.fromisoformat(f"{month}-01") for month in set(months)}
	return {month: key(periods[bisect_right(periods, begin) - 1]) for month, begin in begins.items()}


def spans_of(periods: list[date], first: date, last: date) -> dict[str, tuple[date, date]]:
	"""Return the first and last day of each column, as far as they lie within those asked for."""
	ends = [*(start - timedelta(days=1) for start in periods[1:]), last]
	return {key(start): (max(start, first), end) for start, end in zip(periods, ends, strict=True)}
