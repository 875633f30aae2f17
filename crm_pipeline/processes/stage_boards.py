"""Kanban boards of Desk with a column for each stage of a sales process."""

import json

import frappe

from crm_pipeline.processes.sales_processes import stages_of
from crm_pipeline.rules.stages import Stage

BOARD = "Opportunity Stage"
FIELDS = (
	"customer_name",
	"base_opportunity_amount",
	"expected_closing",
	"next_contact_date",
	"opportunity_owner",
)
OPEN_COLORS = ("Blue", "Cyan", "Orange", "Purple", "Yellow", "Pink")
COLORS = {"Won": "Green", "Lost": "Red"}


def make_stage_board() -> None:
	"""Create the board of the default process, unless one of its name is there or no process is the default.

	Desk's own dialog for new boards offers fields with fixed choices only; a stage is a link. The board itself works with
	either.
	"""
	process = frappe.db.get_value("Sales Process", {"is_default": 1, "disabled": 0})
	if not process or frappe.db.exists("Kanban Board", BOARD):
		return
	board = frappe.get_doc(
		{
			"doctype": "Kanban Board",
			"name": BOARD,
			"kanban_board_name": BOARD,
			"reference_doctype": "Opportunity",
			"field_name": "sales_stage",
			"filters": json.dumps([["Opportunity", "sales_process", "=", process]]),
			"fields": json.dumps(FIELDS),
			"columns": _columns(stages_of(process)),
		}
	)
	board.flags.ignore_permissions = True  # installation acts for the system
	board.insert()


def _columns(stages: list[Stage]) -> list[dict]:
	return [
		{
			"column_name": stage.name,
			"status": "Active",
			"indicator": COLORS.get(stage.type) or OPEN_COLORS[index % len(OPEN_COLORS)],
			"order": "[]",
		}
		for index, stage in enumerate(stages)
	]
