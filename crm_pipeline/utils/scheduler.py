"""Whether the site's jobs run at all, and when they think it is."""

from datetime import datetime, timedelta

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, format_datetime, now_datetime

from crm_pipeline.utils.markup import bold

JOB_TYPE = "Scheduled Job Type"
OFTEN = "crm_pipeline.tasks.retry_mails"  # the job by whose lateness a scheduler that stands is known
PATIENCE = timedelta(hours=1)
# What keeps the scheduler off, and the command that ends it; all but the last stand in the site's configuration.
SWITCHES = {
	"maintenance_mode": "set-maintenance-mode off",
	"pause_scheduler": "scheduler resume",
	"disable_scheduler": "set-config disable_scheduler 0",
	"enable_scheduler": "enable-scheduler",
}


def setup_warnings() -> list[str]:
	"""Tell, as HTML, what keeps the jobs of the app from running as they should."""
	checks = (wizard_warning, scheduler_warning, lateness_warning)
	return [warning for check in checks if (warning := check())]


def wizard_warning() -> str | None:
	if frappe.is_setup_complete():
		return None
	return _(
		"The setup wizard of this site was not completed: time zone, currency and language are not the company's, "
		"and the scheduler is off. Sign in to Desk as Administrator to complete it."
	)


def scheduler_warning() -> str | None:
	command = next((command for switch, command in SWITCHES.items() if keeps_off(switch)), None)
	if not command:
		return None
	return _(
		"The scheduler of this site is off: nobody is reminded of next contacts, pauses and quotations do not end "
		"and nothing is closed. Switch it on with {0}."
	).format(bold(f"bench --site {frappe.local.site} {command}"))


def keeps_off(switch: str) -> bool:
	"""Tell whether one of the switches keeps the scheduler off."""
	if switch == "enable_scheduler":
		return not cint(frappe.db.get_single_value("System Settings", switch))
	return bool(frappe.conf.get(switch))


def lateness_warning() -> str | None:
	"""Warn of a scheduler that is on and does not run."""
	due = next_run()
	if not due or due > now_datetime() - PATIENCE or scheduler_warning():
		return None
	return _(
		"Scheduled jobs have been waiting since {0}. Start the scheduler and the workers of the bench."
	).format(format_datetime(due))


def next_run() -> datetime | None:
	"""Return when the job that runs most often is due next, where the site keeps that."""
	if not frappe.db.exists("DocType", JOB_TYPE) or not frappe.db.exists(JOB_TYPE, {"method": OFTEN}):
		return None
	return frappe.get_doc(JOB_TYPE, {"method": OFTEN}).get_next_execution()


def follow_wizard(answers: dict) -> None:
	"""Bring the jobs to the clock chosen in the setup wizard, which may come after the installation."""
	follow_clock()


def follow_system_settings(doc: Document, method: str | None = None) -> None:
	"""Bring the jobs to another time zone of the site."""
	if doc.has_value_changed("time_zone"):
		follow_clock()


def follow_clock() -> None:
	"""Let no job of the app wait for a moment that another time zone had.

	Frappe counts from when a job ran last or was created. A site that has no time zone yet has that of India, so that
	in America the first run would be due half a day after the installation.
	"""
	if not frappe.db.exists("DocType", JOB_TYPE):
		return
	now = now_datetime()
	for field in ("creation", "last_execution"):
		late = {"method": ["like", "crm_pipeline.%"], field: [">", now]}
		for name in frappe.get_all(JOB_TYPE, late, pluck="name"):
			frappe.db.set_value(JOB_TYPE, name, field, now, update_modified=False)
