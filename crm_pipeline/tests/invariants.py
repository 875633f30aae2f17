"""What holds of every stored opportunity, whatever happened to it."""

import frappe
from frappe.utils import flt

from crm_pipeline.history.changes import IDLE
from crm_pipeline.quoting.quotations import quotations_of
from crm_pipeline.rules import money, stages, status


def contradictions(name: str) -> list[str]:
	"""Return what of a stored opportunity, and its history, does not agree."""
	stored = frappe.get_doc("Opportunity", name)
	stage_type = frappe.db.get_value("Sales Stage", stored.sales_stage, "stage_type")
	process = frappe.get_doc("Sales Process", stored.sales_process)
	rate = money.Rate(flt(stored.conversion_rate), flt(stored.inverse_rate))
	ended = stored.status in status.ENDED
	states = [quotation.state for quotation in quotations_of(name)]
	last = frappe.get_last_doc("Pipeline Change", {"opportunity": name}, order_by="idx desc")
	changed = frappe.get_all("Pipeline Change", {"opportunity": name, "change": ["not in", IDLE]}, pluck="at")
	agrees = {
		"status": stored.status == status.derive(stored.own_status, states),
		"stage": stage_type == stages.type_for_status(stored.status),
		"process": stored.sales_stage in [row.sales_stage for row in process.stages],
		"probability": stored.probability == stages.FIXED_PROBABILITY.get(stage_type, stored.probability),
		"rate": (stored.currency == stored.base_currency) <= (stored.conversion_rate == 1),
		"amount": not stored.items
		or stored.amount_follows_quotation
		or stored.opportunity_amount == stored.total == sum(row.amount for row in stored.items),
		"base amount": abs(stored.base_opportunity_amount - rate.of(stored.opportunity_amount, 2)) < 0.02,
		"weighted amount": abs(
			stored.weighted_amount - stored.base_opportunity_amount * stored.probability / 100
		)
		< 0.01,
		"closed on": bool(stored.closed_on) == ended,
		"pause": bool(stored.paused_until) == (stored.own_status == status.PAUSED),
		"auto-closed": not stored.auto_closed or stored.status == status.CLOSED,
		"reasons": stored.status == status.LOST or not (ended and stored.lost_reasons),
		"revenue": stored.status == status.CONVERTED
		or (stored.close_revenue, stored.base_close_revenue) == (0, 0),
		"next contact": not (ended and stored.next_contact_date),
		"last change": stored.last_change_on == max(changed),
		"turn": not ended or stored.waiting_for != "Them",
		**{
			f"history of {field}": last.get(field) == stored.get(field)
			for field in ("status", "sales_stage", "opportunity_amount", "probability", "opportunity_owner")
		},
	}
	return [what for what, holds in agrees.items() if not holds]
