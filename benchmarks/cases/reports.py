"""Each report as a manager asks for it, beside the best bare statement known for the same figures, and ERPNext's counterpart."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

import frappe
from frappe.utils import getdate

from benchmarks.case import Case, Goal
from benchmarks.cases import report_floors
from benchmarks.cases.report_floors import YEAR
from benchmarks.host import ROOT

FOLDER = ROOT / "crm_pipeline" / "crm_pipeline" / "report"
ABSOLUTE = {"What Moved": 1500}  # milliseconds, at whatever size
RIVAL_FACTOR = {"Sales Pipeline Analytics": 1 / 30}  # of what adds up amounts
# Ours, and what it is called there.
COUNTERPARTS = {
	"Lost Opportunity": "Lost Opportunity",
	"Opportunity Summary by Sales Stage": "Opportunity Summary by Sales Stage",
	"Sales Pipeline Analytics": "Sales Pipeline Analytics",
	"Minutes to First Response for Opportunity": "First Response Time for Opportunity",
}


def cases() -> Iterator[Case]:
	for name in names():
		floor, filters = report_floors.REPORTS.get(name, (None, dict))
		of_floor = 1.5 if floor else None
		yield Case(
			f"report {name}",
			partial(ask, name, filters),
			partial(ask, COUNTERPARTS[name], FILTERS[name]) if name in COUNTERPARTS else None,
			partial(barely, floor) if floor else None,
			goal=Goal(of_floor, of_rival=RIVAL_FACTOR.get(name), milliseconds=ABSOLUTE.get(name)),
		)

	for name, (floor, filters) in report_floors.ALL_ROWS.items():
		yield Case(
			f"all of report {name}",
			partial(ask, name, filters),
			partial(ask, COUNTERPARTS[name], FILTERS[name]) if name in COUNTERPARTS else None,
			partial(barely, floor),
			goal=Goal(1.5),
		)


def names() -> list[str]:
	"""Return the app's reports, by their files: ERPNext's side has no such records."""
	return sorted(json.loads(file.read_text())["name"] for file in FOLDER.glob("*/*.json"))


def ask(report: str, filters: Callable[[], dict], _made: object) -> int:
	from frappe.desk.query_report import run

	return len(run(report, filters=filters(), ignore_prepared_report=True)["result"])


def barely(floor: Callable[[], None], _made: object) -> None:
	floor()


def company() -> str:
	return frappe.get_all("Company", pluck="name", limit=1)[0]


def days(first: int, last: int) -> dict:
	return {"from_date": str(getdate() + timedelta(first)), "to_date": str(getdate() + timedelta(last))}


# What they are asked for is what ours are asked for, as far as they can tell it apart.
FILTERS: dict[str, Callable[[], dict]] = {
	"Lost Opportunity": lambda: {"company": company(), **days(-YEAR, 0)},
	"Opportunity Summary by Sales Stage": lambda: {
		"company": company(),
		"based_on": "Opportunity Owner",
		"data_based_on": "Number",
		**days(-YEAR, 0),
	},
	"Sales Pipeline Analytics": lambda: {
		"company": company(),
		"pipeline_by": "Owner",
		"based_on": "Amount",
		"range": "Monthly",
		"status": "Open",
		**days(0, YEAR),
	},
	"Minutes to First Response for Opportunity": lambda: days(-YEAR, 0),
}
