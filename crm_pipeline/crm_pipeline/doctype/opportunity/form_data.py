"""What the Desk form of an opportunity offers, decided by the same rules that later allow or refuse it."""

import frappe
from frappe.model.document import Document
from frappe.utils import get_fullname

from crm_pipeline.history.progress import progress_of
from crm_pipeline.processes.sales_processes import stages_of
from crm_pipeline.quoting import losing
from crm_pipeline.quoting.quotations import quotations_of
from crm_pipeline.rules import quotation_status, stages, status

MOST_REQUESTS = 50


def facts_for_form(opportunity: Document) -> dict:
	"""Choices, actions, stages and what stands in the way, as the form needs them.

	Returns:
		statuses: what a person may set by hand, the present one first.
		actions: names of the document methods that make sense now.
		quotes_again: whether only a new quotation takes it up again, since all it has are lost.
		stages: name, type and probability (percent) of each stage, in order.
		next_stage, previous_stage: names, or None.
		open_quotations: names of the quotations that stand against losing it.
		is_quoted: whether a quotation stands or was ordered, so that an amount that follows quotations is not typed.
		may_lose_quotations: whether the user may lose those too, and whatever else they are for.
		why_not_lost_too_html: else why not, as HTML.
		next_contact_by_name: the full name of whoever is to contact the customer, or None.
		requests: `name`, `supplier_name` and `request_status` of what suppliers were asked, as far as the user may see it.
		customer: the customer that its lead has become, or None.
		progress: how long it is in its stage and on the way, as `api.history.get_progress` gives it.
	"""
	process = stages_of(opportunity.sales_process)
	quotations = quotations_of(opportunity.name)
	standing = [quotation for quotation in quotations if quotation.state in quotation_status.IN_PLAY]
	why_not_lost_too_html = losing.why_not_lost_too_html(opportunity.name, standing)
	states = [quotation.state for quotation in quotations]
	ordered = quotation_status.ORDERED in states
	next_stage, previous_stage = neighbours(opportunity, process, ordered)
	return {
		"statuses": [opportunity.status, *status.choices_by_hand(opportunity.status)],
		"actions": actions(opportunity, states),
		"quotes_again": opportunity.status == status.LOST and not may_reopen(opportunity, states),
		"stages": [stage._asdict() for stage in process],
		"next_stage": next_stage and next_stage.name,
		"previous_stage": previous_stage and previous_stage.name,
		"open_quotations": [quotation.name for quotation in standing],
		"is_quoted": not set(quotation_status.COUNTING).isdisjoint(states),
		"may_lose_quotations": not why_not_lost_too_html,
		"why_not_lost_too_html": why_not_lost_too_html,
		"next_contact_by_name": opportunity.next_contact_by and get_fullname(opportunity.next_contact_by),
		"requests": requests_of(opportunity),
		"customer": customer_of(opportunity),
		"progress": progress_of(opportunity),
	}


def neighbours(
	opportunity: Document, process: list[stages.Stage], ordered: bool
) -> list[stages.Stage | None]:
	"""Return the stages after and before, as far as the opportunity can still move."""
	if ordered or opportunity.status in (status.LOST, status.CLOSED):
		return [None, None]
	return [stages.neighbour(process, opportunity.sales_stage, step) for step in (+1, -1)]


def may_reopen(opportunity: Document, states: list[str]) -> bool:
	"""Return whether it has ended, and its quotations in these states do not say the same as the end."""
	ended_by = (status.CONVERTED, status.LOST)
	return opportunity.status in status.ENDED and status.derive(status.OPEN, states) not in ended_by


def actions(opportunity: Document, states: list[str]) -> list[str]:
	"""Return the names of the methods that would change the status; none leads out of an ordered quotation, or of lost ones."""
	ways = {
		"mark_won": status.CONVERTED,
		"declare_lost": status.LOST,
		"pause": status.PAUSED if opportunity.status != status.PAUSED else None,
		"reopen": status.OPEN if may_reopen(opportunity, states) else None,
		"resume": status.OPEN if opportunity.status == status.PAUSED else None,
	}
	return [
		method
		for method, target in ways.items()
		if target and status.may_change(opportunity.status, target, status.BY_METHOD)
	]


def requests_of(opportunity: Document) -> list[dict]:
	"""Return how suppliers stand who were asked for rates, the newest first; cancelled documents are left out."""
	if not frappe.has_permission("Supplier Quotation", "read"):
		return []
	return frappe.get_list(
		"Supplier Quotation",
		filters={"opportunity": opportunity.name, "request_status": ["!=", ""], "docstatus": ["<", 2]},
		fields=["name", "supplier_name", "request_status"],
		order_by="requested_on desc",
		limit_page_length=MOST_REQUESTS,
	)


def customer_of(opportunity: Document) -> str | None:
	"""Return the customer that the opportunity's lead has become."""
	if opportunity.opportunity_from != "Lead" or not opportunity.party_name:
		return None
	return frappe.db.get_value("Customer", {"lead_name": opportunity.party_name})
