"""Whether the scheduler runs what it has, and auto-close does what it said."""

import frappe
from frappe.utils import today
from live import CLOSED_BEFORE, STALE
from note import present, scheduled
from rest import Refused, get, post

from crm_pipeline import hooks


def run(_given: dict) -> dict:
	expected = scheduled(hooks.scheduler_events)
	problems = [] if not present(["Scheduled Job Type"]) else [*other_jobs(expected)]
	announced = get("crm_pipeline.api.auto_close.preview_auto_close", day=today(), limit=500)["rows"]
	for path in expected:
		try:
			frappe.get_attr(path)()
			frappe.db.commit()
		except Exception as error:
			problems.append(f"{path}: {error!r}")
	try:
		return {"problems": [*problems, *closed(announced)]}
	except Refused as refusal:
		return {"problems": [*problems, str(refusal)]}


def other_jobs(expected: list[str]) -> list[str]:
	"""Jobs that a site lacks, or has of functions that are gone."""
	stored = frappe.get_all("Scheduled Job Type", {"method": ["like", "crm_pipeline.%"]}, pluck="method")
	return [
		*(f"no Scheduled Job Type for {path}" for path in set(expected) - set(stored)),
		*(f"Scheduled Job Type for {path}, which is no job" for path in set(stored) - set(expected)),
	]


def closed(announced: list[dict]) -> list[str]:
	"""Return what the night closed, against what was announced; batches of before and of now can be undone."""
	stale = frappe.db.get_value("Opportunity", {"title": STALE}, ["name", "status"], as_dict=True)
	due = {row["name"] for row in announced if row["result"] == "Closed"}
	still = set(
		frappe.get_all("Opportunity", {"name": ["in", list(due)], "status": ["!=", "Closed"]}, pluck="name")
	)
	problems = [f"Opportunity {name} was not closed, but announced" for name in still]
	if stale.name not in due or stale.status != "Closed":
		problems.append(f"Opportunity {stale.name} was neither announced nor closed: it is {stale.status}")
		return problems
	return [*problems, *not_undone(STALE), *not_undone(CLOSED_BEFORE)]


def not_undone(title: str) -> list[str]:
	"""Bring back what was closed, and say if that fails."""
	name = frappe.db.get_value("Opportunity", {"title": title})
	batch = frappe.db.get_value("Auto Closed Opportunity", {"opportunity": name}, "batch")
	post("crm_pipeline.api.auto_close.undo_auto_close", batch=batch)
	status = frappe.db.get_value("Opportunity", name, "status")
	return [] if status == "Replied" else [f"Brought back, {title} is {status}"]
