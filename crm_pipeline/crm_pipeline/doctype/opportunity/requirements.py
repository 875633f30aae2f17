"""What an opportunity lacks for the stage it stands in, as its sales process requires it."""

from collections import defaultdict

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, getdate, strip_html, today

from crm_pipeline.quoting.quotations import has_valid_supplier_quotation
from crm_pipeline.rules import requirements
from crm_pipeline.rules.requirements import Facts, Requirement


def unmet_requirements(opportunity: Document) -> list[str]:
	"""Return what is missing, in words; empty if nothing is."""
	required = requirements_of(opportunity.sales_process, opportunity.sales_stage)
	if not required:
		return []
	facts = facts_about(opportunity, required)
	return [_describe(each) for each in requirements.missing(required, facts, getdate(today()))]


def required_by_stage(process: Document) -> dict[str, list[dict]]:
	"""Return what the stages of a process require, as `label` and, of a field, `fieldname`; of others that is None."""
	required = defaultdict(list)
	for row in process.requirements:
		requirement = Requirement(row.requirement, row.fieldname or None, cint(row.days))
		fieldname = requirement.fieldname if requirement.kind == requirements.FIELD else None
		required[row.sales_stage].append({"fieldname": fieldname, "label": _describe(requirement)})
	return required


def judged_requirements(opportunity: Document, stage: str) -> list[tuple[Requirement, str, bool]]:
	"""Return what a stage requires, each in words and with whether the opportunity meets it."""
	required = requirements_of(opportunity.sales_process, stage)
	if not required:
		return []
	facts = facts_about(opportunity, required)
	missing = requirements.missing(required, facts, getdate(today()))
	return [(each, _describe(each), each not in missing) for each in dict.fromkeys(required)]


def requirements_of(process: str, stage: str) -> list[Requirement]:
	"""Return what a process requires of an opportunity before it enters a stage."""
	return [
		Requirement(row.requirement, row.fieldname, cint(row.days))
		for row in frappe.get_cached_doc("Sales Process", process).requirements
		if row.sales_stage == stage
	]


def facts_about(opportunity: Document, required: list[Requirement]) -> Facts:
	"""Return what `required` needs to know about an opportunity, as it is about to be saved."""
	contacts = [opportunity.last_contacted_on, opportunity.last_response_on]
	return Facts(
		filled={
			each.fieldname for each in required if each.fieldname and _is_filled(opportunity, each.fieldname)
		},
		items=len(opportunity.items),
		last_contact=max((getdate(at) for at in contacts if at), default=None),
		supplier_quotation=any(each.kind == requirements.SUPPLIER_QUOTATION for each in required)
		and has_valid_supplier_quotation(opportunity.name),
	)


def _is_filled(opportunity: Document, fieldname: str) -> bool:
	value = opportunity.get(fieldname)
	return bool(strip_html(value).strip() if isinstance(value, str) else value)


def _describe(requirement: Requirement) -> str:
	if requirement.kind == requirements.FIELD:
		fieldname = requirement.fieldname or ""
		field = frappe.get_meta("Opportunity").get_field(fieldname)
		return _(field.label) if field else fieldname
	if requirement.kind == requirements.ITEM:
		return _("at least one item")
	if requirement.kind == requirements.SUPPLIER_QUOTATION:
		return _("a submitted supplier quotation that is still valid")
	if requirement.days == 1:
		return _("a contact within the last day")
	return _("a contact within the last {0} days").format(requirement.days)
