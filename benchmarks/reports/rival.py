"""ERPNext's counterparts of the reports, called and not touched, on a site that has it, with the same lives of opportunities.

`python -m benchmarks.reports.rival --site NAME --bench PATH --opportunities N` prints milliseconds by our report as JSON;
`benchmarks.reports` starts it, since ERPNext and ours cannot be on one site. It leaves the opportunities there.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.host import host
from benchmarks.reports.lives import ENDS, IN_PLAY, LOST, Life, life

PREFIX, OWNERS, SEEDS, REASONS, SOURCES, TYPES = "BENCH-", 20, 1000, 5, 6, 3
YEAR = 365
# Ours, and what it is called there.
COUNTERPARTS = {
	"Lost Opportunity": "Lost Opportunity",
	"Opportunity Summary by Sales Stage": "Opportunity Summary by Sales Stage",
	"Sales Pipeline Analytics": "Sales Pipeline Analytics",
	"Minutes to First Response for Opportunity": "First Response Time for Opportunity",
}


def main() -> int:
	parser = argparse.ArgumentParser(prog="python -m benchmarks.reports.rival", description=__doc__)
	parser.add_argument("--site", required=True)
	parser.add_argument("--bench", type=Path, required=True)
	parser.add_argument("--opportunities", type=int, required=True)
	parser.add_argument("--changes", type=int, default=6)
	parser.add_argument("--times", type=int, default=5)
	options = parser.parse_args()
	with host(options.site, options.bench, "benchmarks.reports.rival"):
		fill(options.opportunities, options.changes)
		print(json.dumps(dict(measures(options.times))))
	return 0


def measures(times: int) -> Iterator[tuple[str, float]]:
	"""Yield our name of each counterpart and its median milliseconds, after one answer that warms the caches."""
	from frappe.desk.query_report import run

	for ours, theirs in COUNTERPARTS.items():
		seconds = []
		for _turn in range(times + 1):
			start = perf_counter()
			run(theirs, filters=FILTERS[ours](), ignore_prepared_report=True)
			seconds.append(perf_counter() - start)
		yield ours, median(seconds[1:]) * 1000


def company() -> str:
	import frappe

	return frappe.get_all("Company", pluck="name", limit=1)[0]


def days(first: int, last: int) -> dict:
	from frappe.utils import getdate

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
		"status": IN_PLAY,
		**days(0, YEAR),
	},
	"Minutes to First Response for Opportunity": lambda: days(-YEAR, 0),
}


def fill(opportunities: int, changes: int) -> None:
	"""Make so many, or as many more as are missing: a thousand from their lives, the others as copies of these."""
	import frappe
	from frappe.utils import getdate

	there = frappe.db.count("Opportunity", {"name": ["like", f"{PREFIX}%"]})
	if there == opportunities:
		return
	if not SEEDS <= there < opportunities:
		remove()
		there = 0
	for doctype, values in masters().items():
		for value in values:
			if not frappe.db.exists(doctype, value["name"]):
				row = frappe.get_doc({"doctype": doctype, **value})
				row.flags.no_welcome_mail = True
				row.insert(set_name=value["name"])
	if not there:
		there = min(SEEDS, opportunities)
		rows = [seed(number, changes, getdate()) for number in range(1, there + 1)]
		frappe.db.bulk_insert("Opportunity", list(rows[0]), [tuple(row.values()) for row in rows])
	done = there
	while done < opportunities:
		done += copy(min(done, opportunities - done), done)
		frappe.db.commit()
	frappe.db.delete("Opportunity Lost Reason Detail", {"parent": ["like", f"{PREFIX}%"]})
	reasons()
	frappe.db.commit()
	for doctype in ("Opportunity", "Opportunity Lost Reason Detail"):
		frappe.db.sql(f"ANALYZE TABLE `tab{doctype}`")


def masters() -> dict[str, list[dict]]:
	stages = (*life_stages(), *(stage for stage, _probability in ENDS.values()))
	return {
		"User": [
			{"name": owner(each), "email": owner(each), "first_name": "Bench", "send_welcome_email": 0}
			for each in range(OWNERS)
		],
		"Sales Stage": [{"name": stage, "stage_name": stage} for stage in stages],
		"Lead": [{"name": f"{PREFIX}Lead", "first_name": f"{PREFIX}Lead"}],
		"Lead Source": [
			{"name": f"{PREFIX}Source {each}", "source_name": f"{PREFIX}Source {each}"}
			for each in range(SOURCES)
		],
		"Opportunity Type": [{"name": f"{PREFIX}Type {each}"} for each in range(TYPES)],
		"Opportunity Lost Reason": [
			{"name": f"{PREFIX}Reason {each}", "lost_reason": f"{PREFIX}Reason {each}"}
			for each in range(REASONS)
		],
	}


def life_stages() -> tuple[str, ...]:
	from benchmarks.reports.lives import STAGES

	return tuple(STAGES)


def owner(number: int) -> str:
	return f"bench-{number % OWNERS}@example.com"


def seed(number: int, changes: int, today: date) -> dict:
	"""Return the columns of one as its life left it."""
	one: Life = life(number, changes, today, {})
	begin, end = one.changes[0]["at"], one.changes[-1]["at"]
	return {
		"name": f"{PREFIX}{number}",
		"creation": begin,
		"modified": end,
		"owner": owner(number),
		"modified_by": owner(number),
		"naming_series": "CRM-OPP-.YYYY.-",
		# The number of the seed, by which copies find what they were lost for.
		"title": f"{PREFIX}{number}",
		"opportunity_from": "Lead",
		"party_name": f"{PREFIX}Lead",
		"customer_name": f"{PREFIX}Lead",
		"company": company(),
		"status": one.state["status"],
		"sales_stage": one.state["sales_stage"],
		"probability": one.state["probability"],
		"expected_closing": one.state["expected_closing"],
		"transaction_date": begin.date(),
		"currency": "USD",
		"conversion_rate": 1,
		"opportunity_amount": one.state["opportunity_amount"],
		"base_opportunity_amount": one.state["base_opportunity_amount"],
		"opportunity_owner": owner(number),
		"_assign": json.dumps([owner(number)]),
		"source": f"{PREFIX}Source {number % SOURCES}",
		"opportunity_type": f"{PREFIX}Type {number % TYPES}",
		"first_response_time": number * 53 % 5000 * 60 if number % 4 else None,
	}


def copy(count: int, last: int) -> int:
	"""Copy the first so many under the next numbers, with one statement."""
	import frappe

	columns = [each for each in frappe.db.get_table_columns("Opportunity") if each != "name"]
	quoted = ", ".join(f"`{each}`" for each in columns)
	number = f"CAST(SUBSTRING(name, {len(PREFIX) + 1}) AS INT)"
	frappe.db.sql(
		f"INSERT INTO `tabOpportunity` (name, {quoted}) SELECT CONCAT('{PREFIX}', {number} + %s), {quoted}"
		f" FROM `tabOpportunity` WHERE name LIKE '{PREFIX}%%' AND {number} <= %s",
		(last, count),
	)
	return count


def reasons() -> None:
	"""Give every lost one one or two reasons, as ours have them."""
	import frappe

	seed_number = f"CAST(SUBSTRING(title, {len(PREFIX) + 1}) AS INT)"
	for idx in (1, 2):
		frappe.db.sql(
			"INSERT INTO `tabOpportunity Lost Reason Detail`"
			" (name, creation, modified, owner, modified_by, parent, parenttype, parentfield, idx, lost_reason)"
			f" SELECT CONCAT(name, '-', {idx}), creation, modified, owner, owner, name, 'Opportunity', 'lost_reasons', {idx},"
			f" CONCAT('{PREFIX}Reason ', ({seed_number} DIV 7 + {idx - 1}) %% {REASONS})"
			f" FROM `tabOpportunity` WHERE status = %s AND {seed_number} %% 2 >= {idx - 1}",
			LOST,
		)


def remove() -> None:
	import frappe

	for doctype, field in (("Opportunity Lost Reason Detail", "parent"), ("Opportunity", "name")):
		frappe.db.delete(doctype, {field: ["like", f"{PREFIX}%"]})
		frappe.db.commit()


if __name__ == "__main__":
	sys.exit(main())
