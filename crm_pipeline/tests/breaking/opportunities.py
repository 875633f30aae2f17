"""Statuses, stages and outcomes of opportunities."""

import frappe
from frappe.utils import add_to_date, now_datetime

from crm_pipeline.tests.breaking.writing import add_row, breaks, closed, lost, put, put_recorded, won
from crm_pipeline.tests.factories import (
	in_days,
	make_lost_reason,
	make_opportunity,
	make_party_opportunity,
	make_quotation,
)

# Status and stage


@breaks("status-of-own")
def another_own_status():
	return put(make_opportunity(), own_status="Replied")


@breaks("status-of-own")
def an_own_status_that_nobody_knows():
	return put(make_opportunity(), own_status="Quotation")


@breaks("status-of-quotations")
def a_quotation_that_stands_and_nobody_says_so():
	opportunity = make_party_opportunity()
	make_quotation(opportunity)
	put(opportunity, own_status="Open")
	return put_recorded(opportunity, status="Open")


@breaks("status-of-quotations")
def a_quotation_that_is_not_there():
	return put_recorded(make_opportunity(), status="Quotation")


@breaks("stage-of-status")
def a_stage_of_another_type():
	won_stage = frappe.db.get_value("Sales Stage", {"stage_type": "Won"})
	return put_recorded(make_opportunity(), sales_stage=won_stage)


@breaks("probability-of-outcome", repaired=True)
def won_with_doubts():
	return put_recorded(won(), probability=90)


@breaks("probability-of-outcome", repaired=True, also=("history-last-state",))
def lost_with_hopes():
	return put(lost(), probability=20)


@breaks("probability-in-range")
def more_than_certain():
	return put_recorded(make_opportunity(), probability=120)


@breaks("last-change", repaired=True)
def an_earlier_last_change():
	return put(make_opportunity(), last_change_on=add_to_date(now_datetime(), days=-3))


# Outcome


@breaks("closed-on-in-play", repaired=True)
def a_day_of_closing_in_play():
	return put(make_opportunity(), closed_on=in_days(0))


@breaks("closed-on-ended")
def an_end_without_a_day():
	return put(closed(), closed_on=None)


@breaks("revenue-of-won", repaired=True)
def revenue_in_play():
	return put(make_opportunity(), close_revenue=5, base_close_revenue=5)


@breaks("auto-closed-is-closed", repaired=True)
def auto_closed_in_play():
	return put(make_opportunity(), auto_closed=1)


@breaks("lost-has-reason")
def lost_for_no_reason():
	opportunity = lost()
	frappe.db.delete("Lost Reason Detail", {"parent": opportunity.name})
	return [opportunity.name]


@breaks("won-has-no-reason")
def won_for_a_reason():
	opportunity = won()
	add_row("Lost Reason Detail", opportunity, "lost_reasons", lost_reason=make_lost_reason().name)
	return [opportunity.name]


@breaks("pause-has-end")
def paused_for_ever():
	return put(make_opportunity(status="Paused", paused_until=in_days(5)), paused_until=None)


@breaks("pause-of-paused", repaired=True)
def open_until_a_day():
	return put(make_opportunity(), paused_until=in_days(5), pause_reason="Holidays")


@breaks("ended-waits-for-nobody", repaired=True)
def still_waiting():
	return put(closed(), waiting_for="Them")


@breaks("waiting-is-known")
def waiting_for_godot():
	return put(make_opportunity(), waiting_for="Godot")
