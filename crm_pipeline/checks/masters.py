"""Sales processes, teams and settings are such that a pipeline can run on them."""

import frappe
from frappe import _
from frappe.query_builder.functions import Coalesce, Count
from pypika import Case, Table
from pypika.queries import QueryBuilder
from pypika.terms import Criterion

from crm_pipeline.checks.correcting import comment_row
from crm_pipeline.checks.invariant import MINOR, SERIOUS, Invariant, Repair
from crm_pipeline.checks.terms import is_empty, names, rows_of, unlike
from crm_pipeline.rules import requirements, stages
from crm_pipeline.rules.teams import Team, closes_circle
from crm_pipeline.utils.bulk_sql import Exists, Value, bulk_insert, in_list, update_where

SETTINGS = "Selling Settings"
process, stage = Table("tabSales Process"), Table("tabSales Stage")
stage_row, required = Table("tabSales Process Stage"), Table("tabStage Requirement")
team, member = Table("tabSales Team"), Table("tabSales Team Member")


def not_one_default() -> list[str]:
	"""Return the processes that are the default, where that is not just one that is enabled; all where there is none."""
	fields = ["name", "is_default", "disabled"]
	processes = frappe.get_all("Sales Process", fields=fields, order_by="name")
	default = [each for each in processes if each.is_default]
	if len(default) == 1 and not default[0].disabled:
		return []
	return [each.name for each in default or processes]


def incomplete_process() -> QueryBuilder:
	"""Return the processes that cannot be entered, won or lost, or name a stage twice."""
	kinds = stages.OPEN_STAGE, stages.WON_STAGE, stages.LOST_STAGE
	rows = (
		rows_of("Sales Process", stage_row, process.name).join(stage).on(stage.name == stage_row.sales_stage)
	)
	lacking = Criterion.any(
		~Exists(rows.where(stage.stage_type == kind).select(stage_row.name)) for kind in kinds
	)
	repeated = frappe.qb.from_(stage_row).where(stage_row.parenttype == "Sales Process")
	repeated = repeated.groupby(stage_row.parent, stage_row.sales_stage).having(Count("*") > 1)
	return names(process).where(lacking | process.name.isin(repeated.select(stage_row.parent)))


def stage_row_apart() -> QueryBuilder:
	"""Return the processes with a stage of another type than its record has, or another probability than goes with it."""
	query = frappe.qb.from_(stage_row).join(stage).on(stage.name == stage_row.sales_stage)
	query = query.where((stage_row.parenttype == "Sales Process") & _is_apart()).select(stage_row.parent)
	return names(process).where(process.name.isin(query))


def _is_apart() -> Criterion:
	fixed = Criterion.any(
		(stage.stage_type == kind) & unlike(stage_row.probability, chance)
		for kind, chance in stages.FIXED_PROBABILITY.items()
	)
	return (Coalesce(stage_row.stage_type, "") != stage.stage_type) | fixed


def follow_stages(processes: list[str]) -> None:
	"""Give the stages of processes the type that their record has, and the probability that goes with it."""
	of_it = frappe.qb.from_(stage).select(stage.stage_type).where(stage.name == stage_row.sales_stage)
	kind, probability = Value(of_it), Case()
	for fixed, chance in stages.FIXED_PROBABILITY.items():
		probability = probability.when(kind == fixed, chance)
	rows = (stage_row.parenttype == "Sales Process") & stage_row.parent.isin(in_list(processes))
	known = Exists(frappe.qb.from_(stage).select(stage.name).where(stage.name == stage_row.sales_stage))
	values = {"stage_type": kind, "probability": probability.else_(stage_row.probability)}
	update_where(stage_row, rows & known, values)
	words = _("Type and probability of stages")
	bulk_insert("Comment", (comment_row("Sales Process", name, words) for name in processes))
	for name in processes:
		frappe.clear_document_cache("Sales Process", name)


def stray_requirement() -> QueryBuilder:
	"""Return the processes with a requirement for a stage that they do not have, or that says not what it requires."""
	rows = rows_of("Sales Process", stage_row, required.parent)
	there = Exists(rows.where(stage_row.sales_stage == required.sales_stage).select(stage_row.name))
	field = (required.requirement == requirements.FIELD) & is_empty(required.fieldname)
	days = (required.requirement == requirements.CONTACT) & (Coalesce(required.days, 0) <= 0)
	query = frappe.qb.from_(required).where(required.parenttype == "Sales Process")
	return names(process).where(process.name.isin(query.where(~there | field | days).select(required.parent)))


def teams_in_circle() -> list[str]:
	rows = frappe.get_all("Sales Team", fields=["name", "parent_team", "manager"])
	teams = [Team(row.name, row.parent_team, row.manager) for row in rows]
	return sorted(each.name for each in teams if each.parent and closes_circle(each.name, each.parent, teams))


def named_twice() -> QueryBuilder:
	"""Return the teams that name a user twice, as manager and member or as members."""
	twice = frappe.qb.from_(member).where(member.parenttype == "Sales Team")
	twice = twice.groupby(member.parent, member.user).having(Count("*") > 1).select(member.parent)
	manager = rows_of("Sales Team", member, team.name).where(member.user == team.manager)
	return names(team).where(team.name.isin(twice) | Exists(manager.select(member.name)))


def unusable_settings() -> list[str]:
	"""Return the fields of Selling Settings without which nothing works, or that no save would take."""
	values = frappe.db.get_singles_dict(SETTINGS)
	faults = [] if frappe.db.exists("Currency", values.get("base_currency") or "") else ["base_currency"]
	party_types = frappe.get_all("Selling Party Type", {"parent": SETTINGS}, pluck="party_type")
	if not party_types or any(not frappe.db.exists("DocType", each) for each in party_types):
		faults.append("party_types")
	for field in ("close_opportunity_after_days", "warn_before_auto_close_days"):
		if int(values.get(field) or 0) < 0:
			faults.append(field)
	return faults


INVARIANTS = (
	Invariant(
		"default-process",
		"Sales Process",
		"Just one sales process is the default, and is enabled.",
		SERIOUS,
		"Mark one enabled process as the default: no opportunity can be entered without.",
		not_one_default,
	),
	Invariant(
		"complete-process",
		"Sales Process",
		"Every sales process has an open, a won and a lost stage, and each stage once.",
		SERIOUS,
		"Add the stage that lacks, or remove the row that is there twice.",
		incomplete_process,
	),
	Invariant(
		"process-follows-stages",
		"Sales Process",
		"The rows of a sales process have the type of their stages; won is 100 percent, lost 0.",
		SERIOUS,
		"Repaired from the stages.",
		stage_row_apart,
		Repair(follow_stages),
	),
	Invariant(
		"requirement-of-stage",
		"Sales Process",
		"Every requirement is for a stage of its process, and says which field or how many days.",
		MINOR,
		"Correct the requirement, or remove its row.",
		stray_requirement,
	),
	Invariant(
		"teams-in-tree",
		"Sales Team",
		"No sales team stands below itself.",
		SERIOUS,
		"Choose another parent team for one of them: managers see more than is theirs.",
		teams_in_circle,
	),
	Invariant(
		"once-in-team",
		"Sales Team",
		"A sales team names each user once.",
		MINOR,
		"Remove the row that is there twice.",
		named_twice,
	),
	Invariant(
		"usable-settings",
		SETTINGS,
		"Selling Settings have a base currency and party types that are there, and no days below 0.",
		SERIOUS,
		"Open Selling Settings and enter what is named.",
		unusable_settings,
	),
)
