"""What the last open stage of the demo's process asks for, so that whoever moves a card there sees it filled in on the way."""

import frappe

from crm_pipeline.demo.cast import Cast
from crm_pipeline.processes.sales_processes import stages_of
from crm_pipeline.rules.requirements import FIELD
from crm_pipeline.rules.stages import OPEN_STAGE

REQUIREMENT = "Stage Requirement"
REQUIRED = ("expected_closing", "proposed_solution")


def ask_before_last_stage(cast: Cast, process: str) -> None:
	"""Let the last of several open stages require a closing date and what is proposed.

	A process that requires something already is left as the company wants it. The rows are written by themselves, so that
	the process is as it was, to the time of its last change, once they are taken off.
	"""
	stages = [stage.name for stage in stages_of(process) if stage.type == OPEN_STAGE]
	if len(stages) < 2 or frappe.db.exists(REQUIREMENT, {"parent": process}):
		return
	place = {"parent": process, "parenttype": "Sales Process", "parentfield": "requirements"}
	for idx, field in enumerate(REQUIRED, 1):
		asked = {"sales_stage": stages[-1], "requirement": FIELD, "fieldname": field}
		row = frappe.get_doc({"doctype": REQUIREMENT, **place, "idx": idx, **asked})
		row.db_insert()
		cast.ledger.keep(row, cast.opening)
	frappe.clear_document_cache("Sales Process", process)


def take_off(name: str) -> None:
	"""Delete a row of a process; one that somebody took off before is gone."""
	process = frappe.db.get_value(REQUIREMENT, name, "parent")
	frappe.db.delete(REQUIREMENT, {"name": name})
	frappe.clear_document_cache("Sales Process", process)
