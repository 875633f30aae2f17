"""Trying again what failed with mails."""

import frappe

from crm_pipeline.mail import intake_log
from crm_pipeline.mail.intake import retake
from crm_pipeline.mail.judging import judge_recorded
from crm_pipeline.utils.batches import Progress, no_progress


def retry_due(progress: Progress = no_progress) -> int:
	"""Try again all that is due, each by itself; returns how many mails."""
	return retry(intake_log.due_entries(), progress)


def retry(entries: list[frappe._dict], progress: Progress = no_progress) -> int:
	"""Try mails again, each by itself; returns how many."""
	for entry in entries:
		if entry.to_do == intake_log.TAKE_IN:
			retake(entry.name)
		else:
			judge_recorded(entry.communication)
		progress(1)
	return len(entries)


def count_waiting() -> int:
	"""Return how many mails wait to be tried again, now or later."""
	return frappe.db.count(intake_log.LOG, {"result": intake_log.WAITING})
