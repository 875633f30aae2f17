"""Sales processes as the rules see them."""

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from pypika.queries import QueryBuilder

from crm_pipeline.exceptions import DefaultProcessMissing, SalesProcessIncomplete
from crm_pipeline.rules.stages import Stage, first_of_type
from crm_pipeline.utils.markup import bold
from crm_pipeline.utils.prepared import Prepared


def stages_of(process: str) -> list[Stage]:
	"""Return the stages of a process in order, each with its type as its Sales Stage record says now."""
	return [
		Stage(
			row.sales_stage,
			frappe.get_cached_value("Sales Stage", row.sales_stage, "stage_type"),
			float(row.probability or 0),
		)
		for row in frappe.get_cached_doc("Sales Process", process).stages
	]


def stages_in_order() -> list[str]:
	"""Return the names of the stages of all processes in use, the default one first, each once."""
	processes = frappe.get_all(
		"Sales Process", filters={"disabled": 0}, order_by="is_default desc, creation", pluck="name"
	)
	return list(dict.fromkeys(stage.name for process in processes for stage in stages_of(process)))


def in_order(stages: set[str]) -> list[str]:
	"""Return names of stages as the processes order them, then those of none in use by name."""
	ordered = stages_in_order()
	return [stage for stage in ordered if stage in stages] + sorted(stages.difference(ordered))


def process_for(stage: str | None) -> str:
	"""Return the process of a new opportunity: the default one, unless only another knows the stage asked for.

	Raises:
		DefaultProcessMissing: no enabled process is the default.
	"""
	processes = _processes_in_use({}, as_dict=True)
	if not processes or not processes[0].is_default:
		frappe.throw(
			_("Mark one enabled Sales Process as the default."),
			DefaultProcessMissing,
			title=_("Default Process Missing"),
		)
	knowing = (p.name for p in processes if stage and any(s.name == stage for s in stages_of(p.name)))
	return next(knowing, processes[0].name)


@Prepared
def _processes_in_use(_values: dict[str, Any]) -> QueryBuilder:
	"""Return the query of the processes in use, the default one first."""
	table = frappe.qb.DocType("Sales Process")
	query = frappe.qb.from_(table).select(table.name, table.is_default).where(table.disabled == 0)
	return query.orderby(table.is_default, order=frappe.qb.desc).orderby(table.creation)


def process_to_read(name: str) -> Document:
	"""Return a process for somebody who may read opportunities, and with them the stages they are in.

	Who may read processes at all may read those that User Permissions leave them.

	Raises:
		frappe.DoesNotExistError, frappe.PermissionError
	"""
	process = frappe.get_cached_doc("Sales Process", name)
	if frappe.has_permission("Sales Process", "read"):
		process.check_permission("read")
	return process


def processes_to_choose() -> list[str]:
	"""Return the names of the enabled processes that somebody who may read opportunities may look at."""
	read = frappe.get_list if frappe.has_permission("Sales Process", "read") else frappe.get_all
	return read("Sales Process", filters={"disabled": 0}, order_by="is_default desc, name", pluck="name")


def first_stage_of_type(process: str, stage_type: str) -> Stage:
	"""Return the first stage of a type in a process.

	Raises:
		SalesProcessIncomplete: it has none, which only a change past its own checks can bring about.
	"""
	stage = first_of_type(stages_of(process), stage_type)
	if not stage:
		frappe.throw(
			_("{0} has no stage of type {1}. Add one to the sales process.").format(
				bold(process), _(stage_type)
			),
			SalesProcessIncomplete,
			title=_("Sales Process Incomplete"),
		)
	return stage


def processes_with(stage: str) -> list[Document]:
	"""Return the sales processes that name a stage."""
	rows = {"parenttype": "Sales Process", "parentfield": "stages", "sales_stage": stage}
	names = frappe.get_all("Sales Process Stage", filters=rows, pluck="parent", distinct=True)
	return [frappe.get_doc("Sales Process", name) for name in sorted(names)]
