"""Masters, settings, links, rows, and what the site itself has."""

import frappe
from pypika import Table

from crm_pipeline.tests.breaking.writing import NOWHERE, add, add_row, breaks, put
from crm_pipeline.tests.factories import (
	make_competitor,
	make_lost_reason,
	make_opportunity,
	make_party_opportunity,
	make_process,
	make_team,
	make_user,
	unique,
)

# Masters and settings


@breaks("default-process")
def no_default():
	frappe.db.set_value("Sales Process", {"is_default": 1}, "is_default", 0)
	return frappe.get_all("Sales Process", pluck="name")


@breaks("complete-process")
def a_process_that_nobody_can_lose():
	process = make_process()
	frappe.db.delete("Sales Process Stage", {"name": process.stages[-1].name})
	return [process.name]


@breaks("complete-process")
def a_stage_that_is_there_twice():
	process = make_process()
	first = process.stages[0]
	add_row("Sales Process Stage", process, "stages", sales_stage=first.sales_stage, stage_type="Open")
	return [process.name]


@breaks("process-follows-stages", repaired=True)
def a_won_stage_in_doubt():
	process = make_process()
	put(process.stages[-2], probability=50)
	return [process.name]


@breaks("process-follows-stages", repaired=True)
def a_row_of_another_type():
	process = make_process()
	put(process.stages[0], stage_type="Lost")
	return [process.name]


@breaks("requirement-of-stage")
def a_requirement_for_a_stage_of_others():
	process, stage = make_process(), make_process().stages[0].sales_stage
	add_row("Stage Requirement", process, "requirements", sales_stage=stage, requirement="Item")
	return [process.name]


@breaks("teams-in-tree")
def teams_below_each_other():
	above, below = make_team(), make_team()
	put(above, parent_team=below.name)
	put(below, parent_team=above.name)
	return [above.name, below.name]


@breaks("once-in-team")
def twice_in_a_team():
	user = make_user("Sales User")
	team = make_team(user)
	add_row("Sales Team Member", team, "members", user=user)
	return [team.name]


@breaks("once-in-team")
def manager_and_member():
	user = make_user("Sales User")
	return put(make_team(user), manager=user)


@breaks("usable-settings")
def nobody_to_sell_to():
	frappe.db.delete("Selling Party Type", {"parent": "Selling Settings"})
	return ["party_types"]


# Links and rows


@breaks("links-lead-somewhere")
def a_source_that_is_gone():
	opportunity = make_opportunity()
	put(opportunity, source=NOWHERE)
	return [f"Opportunity {opportunity.name}: source"]


@breaks("links-lead-somewhere")
def a_competitor_that_is_gone():
	opportunity = make_opportunity(competitors=[{"competitor": make_competitor().name}])
	put(opportunity.competitors[0], competitor=NOWHERE)
	return [f"Competitor Detail {opportunity.competitors[0].name}: competitor"]


@breaks("parties-are-there")
def a_party_that_is_gone():
	opportunity = make_party_opportunity()
	put(opportunity, party_name=NOWHERE)
	return [f"Opportunity {opportunity.name}: party_name"]


@breaks("parties-are-there")
def a_party_of_no_kind():
	opportunity = make_party_opportunity()
	put(opportunity, opportunity_from=None)
	return [f"Opportunity {opportunity.name}: party_name"]


@breaks("rows-have-documents")
def a_row_of_nothing():
	name = add(
		"Lost Reason Detail", parent=NOWHERE, parenttype="Quotation", lost_reason=make_lost_reason().name
	)
	return [f"Lost Reason Detail {name}"]


# The site


@breaks("columns")
def a_field_without_a_column():
	fieldname = frappe.scrub(unique("Field")).replace("-", "_")
	add("Custom Field", dt="Item", fieldname=fieldname, label="Extra", fieldtype="Data")
	frappe.clear_cache(doctype="Item")
	return [f"Item: {fieldname}"]


@breaks("custom-fields")
def decimals_that_are_gone():
	frappe.db.delete("Custom Field", {"dt": "Currency", "fieldname": "decimals"})
	return ["Currency-decimals"]


@breaks("series", repaired=True)
def a_series_that_is_behind():
	prefix = make_opportunity().name[:-5]
	series = Table("tabSeries")
	frappe.qb.update(series).set(series.current, 0).where(series.name == prefix).run()
	return [prefix]
