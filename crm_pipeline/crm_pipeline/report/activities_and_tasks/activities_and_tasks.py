from collections.abc import Iterator
from datetime import date

import frappe
from frappe import _
from frappe.utils import cint, get_datetime, getdate

from crm_pipeline.board import activity_list
from crm_pipeline.board.activity_sections import (
	DONE,
	LATER,
	NO_DATE,
	OVERDUE,
	PLANNED,
	SECTIONS,
	THIS_WEEK,
	TODAY,
	limits,
)
from crm_pipeline.board.activity_sources import (
	CALL,
	EMAIL,
	EVENT,
	FOLLOW_UP,
	MEETING,
	TASK,
	Asked,
	sources_of,
)
from crm_pipeline.crm_pipeline.report.utils import choice, column, read, several
from crm_pipeline.permissions.field_levels import readable, readable_columns, refuse_hidden_fields
from crm_pipeline.rules import time_zones
from crm_pipeline.rules.view_filters import Filters
from crm_pipeline.utils.people import full_names
from crm_pipeline.utils.time_zones import zones_of
from crm_pipeline.utils.validation import read_date

MOST = 2000  # rows of each section
KINDS = {
	"All": None,
	"Follow-up": FOLLOW_UP,
	"Task": TASK,
	"Event": EVENT,
	"Email": EMAIL,
	"Call": CALL,
	"Meeting": MEETING,
}
STATES: dict[str, tuple[str, ...]] = {
	"Open": PLANNED,
	"Overdue": (OVERDUE,),
	"Today": (TODAY,),
	"This Week": (THIS_WEEK,),
	"Later": (LATER,),
	"Without Date": (NO_DATE,),
	"Done": (DONE,),
	"All": SECTIONS,
}
OPPORTUNITY_FIELDS = ("title", "customer_name")


def execute(filters: dict | None = None) -> tuple[list[dict], list[dict], str | None]:
	"""Return what is planned and what was done over all opportunities that the user may see, as the page's list of activities has it.

	Filters: kind (All, Follow-up, Task, Event, Email, Call, Meeting), state (Open, Overdue, Today, This Week, Later, Without Date,
	Done, All), done_since (30 days ago), user, sales_process, delegated (1: tasks that one has given to others).
	"""
	filters = read(filters)
	sections, asked = choice(filters, "state", STATES), _asked(filters)
	found = {section: [*_rows(section, asked)] for section in sections}
	cut = [section for section in sections if len(found[section]) > MOST]
	rows = [row for section in sections for row in found[section][:MOST]]
	names = full_names({row[field] for row in rows for field in ("user", "given_by")})
	for row in rows:
		row["user_name"], row["given_by"] = names.get(row["user"]), names.get(row["given_by"])
	return readable_columns("Opportunity", get_columns()), rows, _told_cut(cut)


def get_columns() -> list[dict]:
	"""Return the columns; the opportunity leads to it, the record to what was planned or done."""
	labels = _labels()
	return [
		column("state", _("Due"), "Data", 96, words=[labels[section] for section in SECTIONS]),
		column("at", _("Date"), "Date", 120),
		column("kind", _("Kind"), "Data", 84, words=[labels[kind] for kind in KINDS.values() if kind]),
		column("what", _("What"), "Data", 230),
		column("user_name", _("User"), "Data", 120),
		column("given_by", _("Assigned By"), "Data", 120),
		column("opportunity", _("Opportunity"), "Link", 190, options="Opportunity"),
		column("title", _("Opportunity Name"), "Data", 170),
		column("customer_name", _("Party Name"), "Data", 130),
		column("doctype", _("Document Type"), "Data", 110, hidden=1),
		column("record", _("Record"), "Dynamic Link", 130, options="doctype"),
	]


def _asked(filters: dict) -> Asked:
	if processes := several(filters.get("sales_process")):
		refuse_hidden_fields("Opportunity", "sales_process")
	since = filters.get("done_since")
	first_day = getdate(read_date(since, "Date", _("Done Since"))) if since else None
	return Asked(
		Filters(),
		several(filters.get("user")),
		choice(filters, "kind", KINDS),
		bool(cint(filters.get("delegated"))),
		limits(first_day),
		processes,
	)


def _rows(section: str, asked: Asked) -> Iterator[dict]:
	"""Yield what is shown of a section, and one more where there is more.

	How many there are is not counted: what a call says twice would be looked up for each of them.
	"""
	fields, zones = readable("Opportunity", OPPORTUNITY_FIELDS), zones_of(frappe.session.user)
	every, labels = [*range(len(sources_of(section)))], _labels()
	for row in activity_list.rows(section, every, asked, 0, MOST + 1, fields):
		told = activity_list.told(row)
		yield {
			**told,
			**{field: row[field] for field in fields},
			"state": labels[section],
			"kind": labels[told["kind"]],
			"at": _day(told["at"], zones),
			"is_overdue": int(section == OVERDUE),
		}


def _day(at: str | None, zones: tuple[str, str]) -> date | None:
	"""Return the day on the reader's own clock."""
	if not at:
		return None
	is_day = len(at) == len("2026-11-28")
	return getdate(at) if is_day else time_zones.in_zone(get_datetime(at), *zones).date()


def _told_cut(sections: list[str]) -> str | None:
	if not sections:
		return None
	labels = _labels()
	names = ", ".join(labels[section] for section in sections)
	return _("Only the first {0} rows are listed of: {1}. Narrow the filters to see the others.").format(
		MOST, names
	)


def _labels() -> dict[str, str]:
	"""Return kinds and sections in the language of the session's user."""
	return {
		FOLLOW_UP: _("Follow-up"),
		TASK: _("Task"),
		EVENT: _("Event"),
		EMAIL: _("Email"),
		CALL: _("Call"),
		MEETING: _("Meeting"),
		OVERDUE: _("Overdue"),
		TODAY: _("Today"),
		THIS_WEEK: _("This Week"),
		LATER: _("Later"),
		NO_DATE: _("Without Date"),
		DONE: _("Done"),
	}
