"""What the site's reports say of the data set, in the form in which plain.py computes it from the files.

Each function returns what one report says beside what it must say. Reports are asked of the owners of the data set only, so
that a site may have other opportunities too.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import frappe
from frappe.desk.query_report import run
from frappe.utils import getdate

from benchmarks.import_sales_data import plain
from benchmarks.import_sales_data.plain import CENT, Opportunity, Period
from benchmarks.import_sales_data.sheets import LOST_REASON

SUMMARY = "Opportunity Summary by Sales Stage"
PROCESS = "Standard"
INTERVAL = ("won_share", "share_from", "share_to")
Answer = tuple[dict, dict]


class Data(NamedTuple):
	"""The opportunities of the files, and of the process that they go through the chances (percent) of each stage in play."""

	opportunities: list[Opportunity]
	owners: list[str]
	chances: dict[str, Decimal]


def data_of(opportunities: list[Opportunity], owners: list[str]) -> Data:
	stages = frappe.get_doc("Sales Process", PROCESS).stages
	chances = {row.sales_stage: Decimal(str(row.probability)) for row in stages if row.stage_type == "Open"}
	return Data(opportunities, owners, chances)


def answers(data: Data) -> dict[str, Answer]:
	"""Return by the name of report and period what the report says and what it must say."""
	found = {}
	for period in plain.quarters(data.opportunities):
		for name, compare in BY_PERIOD.items():
			found[f"{name} from {period.first} to {period.last}"] = compare(data, period)
	return {**found, **{name: compare(data) for name, compare in AS_OF_NOW.items()}}


def rows(report: str, data: Data, period: Period | None = None, **filters: object) -> list[dict]:
	if period:
		filters |= {"from_date": str(period.first), "to_date": str(period.last)}
	filters["opportunity_owner"] = data.owners
	answer = run(report, filters=filters, ignore_prepared_report=True)
	return [row for row in answer["result"] if isinstance(row, dict)]


def money(value: float | None) -> Decimal:
	"""Return an amount of a report, which must not differ by a cent, free of what adding up binary fractions leaves."""
	return Decimal(repr(float(value or 0))).quantize(CENT)


def figures(row: dict, *names: str) -> tuple:
	return tuple(None if row[name] is None else plain.rounded(float(row[name])) for name in names)


def summary(value: str) -> Callable[[Data, Period], Answer]:
	"""Return the comparison of one value: Number or Amount."""

	def compare(data: Data, period: Period) -> Answer:
		filters = {
			"from_date": str(period.first),
			"to_date": str(period.last),
			"opportunity_owner": data.owners,
		}
		answer = run(SUMMARY, filters={**filters, "data_based_on": value}, ignore_prepared_report=True)
		stages = {
			each["fieldname"]: each["label"] for each in answer["columns"] if "stage_" in each["fieldname"]
		}
		found = {
			(row["row"], label): money(row[field])
			for row in answer["result"]
			if isinstance(row, dict) and "row" in row
			for field, label in stages.items()
			if row[field]
		}
		return found, plain.summary(data.opportunities, period, OF_ONE[value])

	return compare


def lost(data: Data, period: Period) -> Answer:
	found = {
		row["title"]: (
			row["opportunity_owner"],
			getdate(row["closed_on"]),
			money(row.get("base_opportunity_amount")),
			row.get("lost_reasons"),
		)
		for row in rows("Lost Opportunity", data, period, rows="All")
	}
	return found, plain.lost_rows(data.opportunities, period)


# What opportunities of the files are lost by; none of them names a competitor. What is lost is worth nothing there, so that it is
# counted only.
LOST_BY: dict[str, Callable[[Opportunity], str]] = {
	"Lost Reason": lambda _opportunity: LOST_REASON,
	"Competitor": lambda _opportunity: "",
	"Owner": lambda opportunity: opportunity.owner,
	"Sales Stage": lambda opportunity: opportunity.first_stage,
}
OF_ONE: dict[str, Callable[[Opportunity], Decimal]] = {
	"Number": lambda _opportunity: Decimal(1),
	"Amount": lambda opportunity: opportunity.amount,
}


def lost_by(group: str) -> Callable[[Data, Period], Answer]:
	"""Return the comparison of one way to group what was lost."""

	def compare(data: Data, period: Period) -> Answer:
		found = {
			(row.get("row", row["group"]), month_of(field)): count
			for row in rows("Lost Opportunity", data, period, group_by=group)
			for field, count in row.items()
			if field.startswith("from_") and count
		}
		return found, plain.lost_by_month(data.opportunities, LOST_BY[group], period)

	return compare


def month_of(field: str) -> date:
	"""Return the first day of the month that a column is of."""
	return date.fromisoformat(f"{field[5:].replace('_', '-')}-01")


def performance(data: Data, period: Period) -> Answer:
	found = {
		row["row"]: (
			row["won"],
			row["lost"],
			*figures(row, "win_rate", "rate_from", "rate_to"),
			money(row["revenue"]),
			*figures(row, "days_to_win"),
			row["follow_ups"],
		)
		for row in rows("Owner Performance", data, period)
		if not row.get("bold")
	}
	return found, plain.performance(data.opportunities, period)


def moved(data: Data, period: Period) -> Answer:
	"""What is not named by the files has moved nothing."""
	found = {
		row["movement"]: (row["opportunities"] or 0, money(row["amount"]), money(row["weighted"]))
		for row in rows("What Moved", data, period)
	}
	expected = dict.fromkeys(found, (0, Decimal(0), Decimal(0)))
	return found, {**expected, **plain.movements(data.opportunities, period, data.chances)}


def conversion(data: Data, period: Period) -> Answer:
	counts = ("entered", "moved_on", "won", "lost", "still_there")
	found = {
		row["stage"]: (
			*(row[count] for count in counts),
			*figures(row, "conversion", "conversion_from", "conversion_to", "days"),
		)
		for row in rows("Stage Conversion and Time in Stage", data, period, sales_process=PROCESS)
	}
	return found, plain.conversion(data.opportunities, period, list(data.chances))


def check(data: Data, period: Period) -> Answer:
	found = {
		row["sales_stage"]: (*(row[name] for name in ("entered", "decided", "won")), *figures(row, *INTERVAL))
		for row in rows("Probability Check", data, period, sales_process=[PROCESS], fewest=1)
	}
	return found, plain.checked(data.opportunities, period, list(data.chances))


def analytics(value: str) -> Callable[[Data, Period], Answer]:
	"""Return the comparison of one value, of what has ended, since the files have no other closing."""

	def compare(data: Data, period: Period) -> Answer:
		ended = {"status": ["Converted", "Lost"], "based_on": value}
		found = {
			(row["row"], month_of(field)): money(amount)
			for row in rows("Sales Pipeline Analytics", data, period, **ended)
			if "row" in row
			for field, amount in row.items()
			if field.startswith("from_") and amount
		}
		return found, plain.by_month(
			data.opportunities, lambda opportunity: opportunity.end, OF_ONE[value], period
		)

	return compare


def forecast(data: Data) -> Answer:
	"""What was won by month; what is open has no date, and was open a month ago too."""
	everything = plain.quarters(data.opportunities)[0]
	found = {
		row.get("first_day") or row["kind"]: tuple(
			money(row[name]) for name in ("won", "best_case", "weighted", "forecast", "month_ago", "previous")
		)
		for row in rows("Forecast", data, everything)
		if row.get("kind")
	}
	expected = dict.fromkeys(found, (Decimal(0),) * 6)
	for month, amount in plain.won_by_month(data.opportunities).items():
		expected[month] = (amount, amount, Decimal(0), amount, amount, Decimal(0))
	of_open = [opportunity for opportunity in data.opportunities if opportunity.end is None]
	amount = sum((opportunity.amount for opportunity in of_open), Decimal(0))
	weight = sum(
		(plain.weighted(opportunity, opportunity.stage, data.chances) for opportunity in of_open), Decimal(0)
	)
	expected["Without Date"] = (Decimal(0), amount, weight, weight, weight, Decimal(0))
	return found, expected


def forecast_before(data: Data, period: Period, ago: date) -> Answer:
	"""Compare what a forecast of a period to come says of the pipeline of a month ago, which only the history knows.

	Args:
		ago: a month before the day on which the forecast is asked for, which lies in the first month of the period.
	"""
	found = {
		row.get("first_day") or row["kind"]: money(row["month_ago"])
		for row in rows("Forecast", data, period)
		if row.get("kind")
	}
	expected: dict = dict.fromkeys(found, Decimal(0))
	for month, weight in plain.pipeline_then(data.opportunities, ago, data.chances).items():
		if month is None:
			expected["Without Date"] += weight
		elif month < period.first:
			expected["Overdue"] += weight
		elif month <= period.last:
			expected[month] += weight
	return found, expected


def rotting(data: Data) -> Answer:
	today = getdate()
	found = {
		row["title"]: (row["days_idle"], row["opportunity_owner"])
		for row in rows("Rotting Opportunities", data, rows="All")
	}
	return found, {
		opportunity.title: ((today - opportunity.begin).days, opportunity.owner)
		for opportunity in data.opportunities
		if opportunity.end is None
	}


def ageing(age_of: str, value: str) -> Callable[[Data], Answer]:
	"""Return the comparison of one age, in Number or Amount: in the files, each kind of age begins on the same day."""

	def compare(data: Data) -> Answer:
		ends = plain.ends_for(data.opportunities, getdate())
		asked = {"age_of": age_of, "data_based_on": value, "ranges": ", ".join(map(str, ends))}
		found = {
			(row["row"], place): money(row[field])
			for row in rows("Ageing Opportunities", data, **asked)
			if "row" in row
			for place, field in enumerate(field for field in row if field.startswith("days_"))
			if row[field]
		}
		return found, plain.ages(data.opportunities, getdate(), ends, OF_ONE[value])

	return compare


def follow_ups(data: Data) -> Answer:
	planned = ("overdue", "today", "next_7_days", "overdue_amount")
	found = {
		row["row"]: (
			*(row[name] for name in planned),
			row["no_step"],
			row["opportunities"],
			money(row["amount"]),
		)
		for row in rows("Follow-ups Due", data)
		if "row" in row
	}
	return found, {
		owner: (0, 0, 0, 0, count, count, amount)
		for owner, (count, amount) in plain.without_next_step(data.opportunities).items()
	}


def silent(report: str) -> Callable[[Data], Answer]:
	"""Return the comparison of a report on what the files know nothing of: postponements and mails."""

	def compare(data: Data) -> Answer:
		found = rows(report, data, plain.quarters(data.opportunities)[0])
		return dict(enumerate(found)), {}

	return compare


BY_PERIOD: dict[str, Callable[[Data, Period], Answer]] = {
	f"{SUMMARY}, number": summary("Number"),
	f"{SUMMARY}, amount": summary("Amount"),
	"Lost Opportunity": lost,
	**{f"Lost Opportunity by {group}": lost_by(group) for group in LOST_BY},
	"Owner Performance": performance,
	"What Moved": moved,
	"Stage Conversion and Time in Stage": conversion,
	"Probability Check": check,
	"Sales Pipeline Analytics, number": analytics("Number"),
	"Sales Pipeline Analytics, amount": analytics("Amount"),
}
AS_OF_NOW: dict[str, Callable[[Data], Answer]] = {
	"Forecast": forecast,
	"Rotting Opportunities": rotting,
	**{
		f"Ageing Opportunities {age_of}, {value}": ageing(age_of, value)
		for age_of in ("In Stage", "Since Created", "Without Activity")
		for value in OF_ONE
	},
	"Follow-ups Due": follow_ups,
	"Slipping": silent("Slipping"),
	"Minutes to First Response for Opportunity": silent("Minutes to First Response for Opportunity"),
}
