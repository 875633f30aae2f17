"""Status, stage and probability of opportunities agree, and so do their quotations."""

import frappe
from frappe.query_builder.functions import Coalesce, Max
from frappe.utils import getdate, today
from pypika import Case
from pypika.queries import QueryBuilder
from pypika.terms import Criterion

from crm_pipeline.checks.correcting import correct
from crm_pipeline.checks.invariant import MINOR, SERIOUS, STATUS_FIRST, Invariant, Repair
from crm_pipeline.checks.terms import as_recorded, named_in, names, opportunity, unlike
from crm_pipeline.history.as_of import weighted
from crm_pipeline.history.changes import IDLE
from crm_pipeline.money.exchange_rates import base_currency, decimals_of
from crm_pipeline.quoting.quotations import has_quotation_in, is_current
from crm_pipeline.rules import quotation_status, stages, status
from crm_pipeline.utils.bulk_sql import Exists, Value, moment_as_text

shown, own = opportunity.status, opportunity.own_status
SAVE = "Open it and save it: its status follows from its quotations and from what was done to it."


def unlike_own_status() -> QueryBuilder:
	"""Return the opportunities whose status does not follow from their own, whatever their quotations are."""
	for_good = own.isin([status.CLOSED, status.CONVERTED]) & (shown != own)
	pauses = (own == status.PAUSED) & shown.notin([status.PAUSED, status.CONVERTED])
	shows_own = shown.isin([status.OPEN, status.REPLIED, status.PAUSED, status.CLOSED]) & (shown != own)
	known = own.isin([each for each in status.STATUSES if each != status.QUOTATION])
	return names(opportunity).where(own.isnull() | ~known | for_good | pauses | shows_own)


def against_quotations() -> QueryBuilder:
	"""Return the opportunities whose status says of their quotations what is not so.

	A quotation whose last valid day is past is still in play until the nightly job, or a save of its opportunity.
	"""
	day = getdate(today())
	ordered = has_quotation_in(quotation_status.ORDERED)
	ordered_by_now = ordered | has_quotation_in(quotation_status.PARTIALLY_ORDERED, overdue_on=day)
	stands = has_quotation_in(*quotation_status.IN_PLAY)
	stands_today = has_quotation_in(*quotation_status.IN_PLAY, valid_on=day)
	lost = has_quotation_in(quotation_status.LOST)
	lost_alone = lost & ~stands & ~ordered_by_now
	without = Criterion.any(
		(
			(shown == status.CONVERTED) & (own != status.CONVERTED) & ~ordered_by_now,
			(shown == status.QUOTATION) & ~stands,
			(shown == status.LOST) & (own != status.LOST) & ~lost,
		)
	)
	free = shown.isin([status.OPEN, status.REPLIED])
	despite = Criterion.any(
		(
			shown.notin([status.CLOSED, status.CONVERTED]) & ordered,
			(free | (shown == status.LOST)) & stands_today,
			free & lost_alone,
		)
	)
	return names(opportunity).where(without | (_is_quoted() & despite))


def _is_quoted() -> Criterion:
	"""That a submitted quotation names the opportunity: the few of which it is looked up."""
	quotation, row = frappe.qb.DocType("Quotation"), frappe.qb.DocType("Quotation Item")
	heads = frappe.qb.from_(quotation).select(quotation.opportunity).where(is_current(quotation))
	rows = frappe.qb.from_(row).join(quotation).on(row.parent == quotation.name)
	rows = rows.select(row.opportunity).where(is_current(quotation) & (row.parenttype == "Quotation"))
	return named_in(heads.where(Coalesce(quotation.opportunity, "") != "")) | named_in(
		rows.where(Coalesce(row.opportunity, "") != "")
	)


def in_stage_of_other_type() -> QueryBuilder:
	stage = frappe.qb.DocType("Sales Stage")
	wanted = (
		Case()
		.when(shown == status.CONVERTED, stages.WON_STAGE)
		.when(shown == status.LOST, stages.LOST_STAGE)
		.else_(stages.OPEN_STAGE)
	)
	fitting = frappe.qb.from_(stage).select(stage.name)
	fitting = fitting.where((stage.name == opportunity.sales_stage) & (stage.stage_type == wanted))
	return names(opportunity).where(~Exists(fitting))


def unfixed_probability() -> QueryBuilder:
	"""Return the opportunities that are won or lost with another probability than that has."""
	return names(opportunity).where(
		Criterion.any(
			(shown == outcome) & unlike(opportunity.probability, stages.FIXED_PROBABILITY[stage_type])
			for outcome, stage_type in (
				(status.CONVERTED, stages.WON_STAGE),
				(status.LOST, stages.LOST_STAGE),
			)
		)
	)


def fixed_probability() -> dict:
	won = shown == status.CONVERTED
	chance = Case().when(won, stages.FIXED_PROBABILITY[stages.WON_STAGE])
	probability = chance.else_(stages.FIXED_PROBABILITY[stages.LOST_STAGE])
	places = decimals_of(base_currency())
	return {
		"probability": probability,
		"weighted_amount": weighted(opportunity.base_opportunity_amount, probability, places),
	}


def probability_out_of_range() -> QueryBuilder:
	chance = opportunity.probability
	return names(opportunity).where(chance.isnull() | (chance < 0) | (chance > 100))


def dated_otherwise() -> QueryBuilder:
	"""Return the opportunities whose last change is not when their history has it."""
	at, dated = moment_as_text(last_change()), moment_as_text(opportunity.last_change_on)
	return names(opportunity).where(at.notin(["", dated]))


def last_change() -> Value:
	change = frappe.qb.DocType("Pipeline Change")
	query = frappe.qb.from_(change).select(Max(change.at)).where(change.opportunity == opportunity.name)
	return Value(query.where(change.change.notin(IDLE)))


INVARIANTS = (
	Invariant(
		"status-of-own",
		"Opportunity",
		"The status shown follows from the underlying status: Closed and Converted stay, Paused gives way to an order alone.",
		SERIOUS,
		SAVE,
		unlike_own_status,
	),
	Invariant(
		"status-of-quotations",
		"Opportunity",
		"The status shown follows from the quotations: Quotation while one stands, Converted with an order, Lost when all are.",
		SERIOUS,
		SAVE,
		against_quotations,
	),
	Invariant(
		"stage-of-status",
		"Opportunity",
		"The stage is of the type that the status demands: won, lost, else open.",
		SERIOUS,
		"Open it and save it: it moves to the first stage of that type. Is the status wrong, change that.",
		in_stage_of_other_type,
	),
	Invariant(
		"probability-of-outcome",
		"Opportunity",
		"What is won has 100 percent, what is lost 0.",
		SERIOUS,
		STATUS_FIRST,
		unfixed_probability,
		Repair(
			correct("Opportunity", fixed_probability),
			lambda: unfixed_probability().where(as_recorded("status")),
		),
	),
	Invariant(
		"probability-in-range",
		"Opportunity",
		"The probability is between 0 and 100 percent.",
		SERIOUS,
		"Enter the probability.",
		probability_out_of_range,
	),
	Invariant(
		"last-change",
		"Opportunity",
		"Last Change is when the history has the last change but those of rates and stages' percentages.",
		MINOR,
		"Repaired from the history.",
		dated_otherwise,
		Repair(correct("Opportunity", lambda: {"last_change_on": last_change()})),
	),
)
