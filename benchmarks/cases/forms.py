"""An opportunity opened that many mails came in on: Desk's form with its timeline, and the timeline of the pipeline page."""

import json
from collections.abc import Iterator
from functools import partial

import frappe
from frappe.utils import add_to_date, now_datetime

from benchmarks import records
from benchmarks.apps import App
from benchmarks.case import Case, Goal
from benchmarks.cases.writing import delete, insert_all, read_rows
from benchmarks.filling.people import SALESPERSON

MAILS, SHOWN, AT_ONCE = (50, 5000), 30, 500
AT_MOST = 21  # mails that a form is sent at once
# What hangs on a record, with the fields that say on which.
BELOW = (
	("Communication", "reference_doctype", "reference_name"),
	("Comment", "reference_doctype", "reference_name"),
	("Version", "ref_doctype", "docname"),
	("ToDo", "reference_type", "reference_name"),
	("DocShare", "share_doctype", "share_name"),
	("File", "attached_to_doctype", "attached_to_name"),
)


def cases() -> Iterator[Case]:
	for mails in MAILS:
		making = partial(with_mails, mails)
		yield Case(
			f"form, {mails:,} mails",
			open_form,
			open_form,
			shown_rows,
			making,
			teardown=forget,
			user=SALESPERSON,
			goal=Goal(of_rival=0.5),
			bench_only=True,
		)
		yield Case(
			f"timeline of the page, {mails:,} mails",
			timeline,
			None,
			latest_mails,
			making,
			teardown=forget,
			user=SALESPERSON,
		)


def with_mails(count: int, app: App) -> str:
	"""Return an opportunity with so many mails, of which one goes through Frappe and the others are its copies."""
	doc = frappe.get_doc(records.opportunity(app, "Customer", 0)).insert()
	first = {
		"doctype": "Communication",
		"communication_type": "Communication",
		"communication_medium": "Email",
		"sent_or_received": "Received",
		"sender": "bench@example.org",
		"subject": records.PREFIX,
		"content": "<p>What would two of these cost?</p>" * 20,
		"reference_doctype": "Opportunity",
		"reference_name": doc.name,
	}
	mail = frappe.get_doc(first).insert(ignore_permissions=True)  # mails come in by themselves
	(row,) = frappe.get_all("Communication", {"name": mail.name}, ["*"])
	rows = [copy_of(row, number) for number in range(1, count)]
	for start in range(0, len(rows), AT_ONCE):
		insert_all("Communication", rows[start : start + AT_ONCE])
	return doc.name


def copy_of(row: dict, number: int) -> dict:
	at = add_to_date(now_datetime(), minutes=-number)
	return {**row, "name": f"{row['name']}-{number}", "creation": at, "communication_date": at}


def forget(app: App, name: str | None) -> None:
	if name:
		frappe.db.delete("Communication", {"reference_doctype": "Opportunity", "reference_name": name})
		delete(app, name)


def open_form(name: str) -> str:
	from frappe.desk.form.load import getdoc

	getdoc("Opportunity", name)
	return frappe.as_json(frappe.response)


def shown_rows(name: str) -> str:
	"""Read the opportunity, its rows, and what a form shows below it, each by one statement."""
	tables = ("Opportunity Item", "Lost Reason Detail", "Competitor Detail")
	found = [read_rows("Opportunity", "name", name), *(read_rows(table, "parent", name) for table in tables)]
	for doctype, kind, field in BELOW:
		table = frappe.qb.DocType(doctype)
		query = (
			frappe.qb.from_(table).select("*").where((table[kind] == "Opportunity") & (table[field] == name))
		)
		found.append(query.orderby(table.creation, order=frappe.qb.desc).limit(AT_MOST).run(as_dict=True))
	return frappe.as_json(found)


def timeline(name: str) -> str:
	from crm_pipeline.api.panel import get_timeline

	return json.dumps(get_timeline(name, 0, SHOWN), default=str)


def latest_mails(name: str) -> str:
	mail = frappe.qb.DocType("Communication")
	query = frappe.qb.from_(mail).where(
		(mail.reference_doctype == "Opportunity") & (mail.reference_name == name)
	)
	query = query.select(mail.name, mail.subject, mail.sender, mail.sent_or_received, mail.communication_date)
	return json.dumps(query.orderby(mail.creation, order=frappe.qb.desc).limit(SHOWN).run(), default=str)
