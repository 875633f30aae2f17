"""Messages of mails that an earlier version cut: what is lost cannot come back, and their entries say so."""

import frappe
from pypika.functions import Length

from crm_pipeline.mail import intake_log


def execute() -> None:
	notice = intake_log.notice_of_cut()
	for name in long_entries():
		entry = frappe.db.get_value(intake_log.LOG, name, ["message", "why"], as_dict=True)
		why = entry.why or ""
		if intake_log.was_cut(entry.message) and notice not in why:
			values = {"why": f"{notice}\n{why}".strip()}
			frappe.db.set_value(intake_log.LOG, name, values, update_modified=False)


def long_entries() -> list[str]:
	"""Return those that may have been cut: databases count bytes or characters."""
	log = frappe.qb.DocType(intake_log.LOG)
	query = frappe.qb.from_(log).select(log.name).where(Length(log.message) >= intake_log.FORMER_LENGTH)
	return [row[0] for row in query.run()]
