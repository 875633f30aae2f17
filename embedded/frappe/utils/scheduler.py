"""Runs the `scheduler_events` of hooks when they are due, in this process."""

import json
import time
from datetime import datetime

import frappe
from croniter import croniter
from frappe.utils import get_datetime, now_datetime

TICK_SECONDS = 60
LAST_RUNS = "scheduler_last_runs"
CRON = {
	"all": "*/4 * * * *",
	"hourly": "0 * * * *",
	"daily": "0 0 * * *",
	"weekly": "0 0 * * 0",
	"monthly": "0 0 1 * *",
	"yearly": "0 0 1 1 *",
}


def get_jobs() -> list[tuple[str, str]]:
	"""Return every function the installed apps schedule and when, as cron; `daily_long` is due when `daily` is."""
	jobs = []
	for event, methods in (frappe.get_hooks("scheduler_events") or {}).items():
		if event == "cron":
			jobs += [(method, cron) for cron, listed in methods.items() for method in listed]
		else:
			cron = CRON[event.removesuffix("_long").removesuffix("_maintenance")]
			jobs += [(method, cron) for method in methods]
	return jobs


def run_due_jobs(moment: datetime | None = None) -> list[str]:
	"""Run what has become due since it last ran; returns the methods. A new job waits for its next time."""
	moment = moment or now_datetime()
	last_runs = json.loads(frappe.db.get_global(LAST_RUNS) or "{}")
	run = []
	for method, cron in get_jobs():
		last_run = get_datetime(last_runs.setdefault(method, str(moment)))
		if croniter(cron, last_run).get_next(datetime) <= moment:
			last_runs[method] = str(moment)
			run.append(method)
	frappe.db.set_global(LAST_RUNS, json.dumps(last_runs))
	frappe.db.commit()
	for method in run:
		run_job(method)
	return run


def run_job(method: str) -> bool:
	"""Run a function in a transaction of its own; a failure is rolled back and kept as Error Log."""
	try:
		frappe.get_attr(method)()
	except Exception:
		frappe.db.rollback()
		frappe.log_error(f"Scheduled job {method} failed"[:140])
		frappe.db.commit()
		return False
	frappe.db.commit()
	return True


def is_scheduler_inactive(verbose: bool = True) -> bool:
	"""Tell whether the site's configuration or System Settings keep scheduled jobs from running."""
	switches = ("maintenance_mode", "pause_scheduler", "disable_scheduler")
	return any(frappe.conf.get(each) for each in switches) or not frappe.get_system_settings(
		"enable_scheduler"
	)


def keep_running(site: str) -> None:
	"""Run due jobs every minute for as long as the process lives."""
	while True:
		time.sleep(TICK_SECONDS)
		try:
			frappe.init(site=site)
			frappe.connect()
			if not is_scheduler_inactive():
				run_due_jobs()
		except Exception:
			frappe.logger("scheduler").exception("Scheduled jobs of %s could not be run", site)
		finally:
			frappe.destroy()
