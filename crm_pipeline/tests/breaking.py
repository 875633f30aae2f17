"""How each invariant of the site is broken, past all that keeps it: by writing into the database alone.

A breaker makes what it needs, breaks one invariant, and says what the check is to tell of it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import frappe
from frappe.model.document import Document
from frappe.utils import add_to_date, now_datetime
from pypika import Table

from crm_pipeline.history.changes import WATCHED
from crm_pipeline.tests.factories import (
	in_days,
	make,
	make_competitor,
	make_customer,
	make_lead,
	make_lost_reason,
	make_opportunity,
	make_party_opportunity,
	make_process,
	make_quotation,
	make_supplier,
	make_team,
	make_user,
	unique,
)
from crm_pipeline.utils.bulk_sql import bulk_insert, new_row

NOWHERE = "No such record"
CHANGES = {field: change for change, field in WATCHED.items()}


@dataclass(frozen=True)
class Breaker:
	"""What breaks an invariant: `act` returns the names that the check is to tell.

	`repaired` says whether repairing puts them right, `also` which others it cannot but break too.
	"""

	invariant: str
	act: Callable[[], list[str]]
	repaired: bool = False
	also: tuple[str, ...] = ()


BREAKERS: list[Breaker] = []


def breaks(invariant: str, repaired: bool = False, also: tuple[str, ...] = ()) -> Callable:
	def remember(act: Callable[[], list[str]]) -> Callable[[], list[str]]:
		BREAKERS.append(Breaker(invariant, act, repaired, also))
		return act

	return remember


def put(doc: Document, **values) -> list[str]:
	"""Write fields of a record into the database."""
	frappe.db.set_value(doc.doctype, doc.name, values, update_modified=False)
	return [doc.name]


def put_recorded(opportunity: Document, **values) -> list[str]:
	"""Write fields of an opportunity as if its last change had brought them."""
	change = frappe.get_last_doc("Pipeline Change", {"opportunity": opportunity.name}, order_by="idx desc")
	put(change, **values)
	for field in values:
		if CHANGES.get(field) == change.change:
			put(change, new_value=values[field])
	return put(opportunity, **values)


def add(doctype: str, **values) -> str:
	"""Write a record into the database; return its name."""
	row = {**new_row(), **values}
	bulk_insert(doctype, [row])
	return row["name"]


def add_row(doctype: str, parent: Document, field: str, **values) -> str:
	place = {"parent": parent.name, "parenttype": parent.doctype, "parentfield": field, "idx": 9}
	return add(doctype, **place, **values)


def won(**fields) -> Document:
	return make_opportunity(status="Converted", closed_on=in_days(0), **fields)


def lost(**fields) -> Document:
	return make_opportunity(status="Lost", lost_reasons=[{"lost_reason": make_lost_reason().name}], **fields)


def closed(**fields) -> Document:
	return make_opportunity(status="Closed", **fields)


def planned(**fields) -> Document:
	return make_opportunity(
		next_contact_date=f"{in_days(3)} 10:00:00", next_contact_by="Administrator", **fields
	)


def priced(**fields) -> Document:
	return make_party_opportunity(transaction_date=in_days(-1), **fields)


def supplier_quotation(**fields) -> Document:
	rows = [{"item_name": "Consulting", "qty": 2, "rate": 50}]
	return make("Supplier Quotation", **{"supplier": make_supplier().name, "items": rows, **fields})


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


# Rates and amounts


@breaks("base-amount", repaired=True, also=("history-last-state",))
def a_base_amount_that_the_history_knows_better():
	opportunity = make_opportunity(opportunity_amount=100, probability=10)
	return put(opportunity, base_opportunity_amount=90, weighted_amount=9)


@breaks("base-amount")
def a_base_amount_that_nobody_knows_better():
	opportunity = make_opportunity(opportunity_amount=100, probability=10)
	put(opportunity, weighted_amount=9)
	return put_recorded(opportunity, base_opportunity_amount=90)


@breaks("usable-rate")
def a_rate_in_base_currency():
	return put_recorded(make_opportunity(), conversion_rate=2)


@breaks("base-revenue", repaired=True)
def revenue_at_no_rate():
	return put(won(opportunity_amount=100), base_close_revenue=90)


@breaks("one-base-currency")
def another_base_currency():
	return put(make_opportunity(), base_currency="ISK")


@breaks("amount-of-rows")
def an_amount_beside_its_rows():
	return put_recorded(priced(), opportunity_amount=90)


@breaks("total-of-rows", repaired=True)
def a_total_beside_its_rows():
	return put(priced(), total=90)


@breaks("total-of-rows")
def a_total_without_rows():
	return put(make_opportunity(), total=5)


@breaks("row-of-product")
def a_row_that_is_no_product():
	opportunity = priced(probability=10)
	put(opportunity.items[0], amount=190, base_amount=190)
	put(opportunity, total=190, base_total=190, weighted_amount=19)
	return put_recorded(opportunity, opportunity_amount=190, base_opportunity_amount=190)


@breaks("weighted-amount", repaired=True)
def a_weight_of_its_own():
	return put(make_opportunity(opportunity_amount=100), weighted_amount=77)


@breaks("items-said", repaired=True)
def rows_that_nobody_mentions():
	return put(priced(), with_items=0)


# History


@breaks("history-last-state")
def a_change_past_the_history():
	return put(make_opportunity(), expected_closing=in_days(5))


@breaks("history-last-state")
def no_history_at_all():
	opportunity = make_opportunity()
	frappe.db.delete("Pipeline Change", {"opportunity": opportunity.name})
	return [opportunity.name]


def changed_twice() -> Document:
	opportunity = make_opportunity(expected_closing=in_days(3))
	opportunity.update({"expected_closing": in_days(5)}).save()
	return opportunity.update({"opportunity_amount": 5}).save()


def change_of(opportunity: Document, idx: int) -> Document:
	return frappe.get_doc("Pipeline Change", {"opportunity": opportunity.name, "idx": idx})


@breaks("history-spans", repaired=True)
def a_change_that_held_until_another_moment():
	opportunity = changed_twice()
	put(change_of(opportunity, 1), replaced_at=in_days(9))
	return [opportunity.name]


@breaks("history-spans", repaired=True)
def a_stay_without_end():
	opportunity = make_opportunity()
	opportunity.pause(in_days(5))
	put(change_of(opportunity, 1), stay_until=None)
	return [opportunity.name]


@breaks("history-numbered", also=("history-spans",))
def a_change_that_is_missing():
	opportunity = changed_twice()
	frappe.db.delete("Pipeline Change", {"name": change_of(opportunity, 2).name})
	return [opportunity.name]


@breaks("history-chained")
def a_value_that_starts_from_nowhere():
	opportunity = changed_twice()
	put(change_of(opportunity, 2), old_value=in_days(4))
	return [opportunity.name]


@breaks("history-begins")
def a_history_without_beginning():
	opportunity = make_opportunity()
	put(change_of(opportunity, 1), change="Stage")
	return [opportunity.name]


@breaks("history-chained")
def a_change_that_contradicts_its_state():
	opportunity = changed_twice()
	put(change_of(opportunity, 2), new_value=in_days(4))
	return [opportunity.name]


@breaks("history-of-something")
def a_history_of_nothing():
	add("Pipeline Change", idx=1, opportunity=NOWHERE, change="Created", at=now_datetime())
	return [NOWHERE]


# Next contacts


@breaks("contact-in-play", repaired=True)
def a_contact_after_the_end():
	return put(closed(), next_contact_date=f"{in_days(1)} 10:00:00", next_contact_by="Administrator")


@breaks("contact-of-somebody")
def a_contact_of_nobody():
	return put(planned(), next_contact_by=None)


@breaks("contact-has-entry", repaired=True)
def a_contact_without_entry():
	opportunity = planned()
	frappe.db.delete("Event", {"name": opportunity.follow_up_event})
	return [opportunity.name]


@breaks("entry-has-contact", repaired=True)
def an_entry_after_the_end():
	event = make("Event", subject="Contact", starts_on=f"{in_days(1)} 10:00:00")
	return put(closed(), follow_up_event=event.name)


@breaks("entry-has-contact")
def an_entry_without_contact():
	return put(planned(), next_contact_date=None)


@breaks("entry-in-step")
def an_entry_at_another_time():
	opportunity = planned()
	frappe.db.set_value("Event", opportunity.follow_up_event, "starts_on", f"{in_days(9)} 10:00:00")
	return [opportunity.name]


@breaks("entry-in-step")
def an_entry_of_another_user():
	opportunity = planned()
	frappe.db.set_value("Event", opportunity.follow_up_event, "owner", make_user("Sales User"))
	return [opportunity.name]


@breaks("entry-of-one")
def an_entry_of_two():
	first, second = planned(), planned()
	put(second, follow_up_event=first.follow_up_event)
	return [first.name, second.name]


@breaks("reminded-of-contact", repaired=True)
def reminded_of_another_time():
	return put(planned(), follow_up_reminded_for=f"{in_days(1)} 10:00:00")


# Assignments


@breaks("assigned-opportunities", repaired=True)
def assigned_without_a_task():
	return put(make_opportunity(), _assign='["somebody@example.com"]')


@breaks("assigned-opportunities", repaired=True)
def a_task_of_nobody_listed():
	opportunity = make_opportunity()
	for _number in range(2):
		task = {"reference_type": "Opportunity", "reference_name": opportunity.name}
		add("ToDo", status="Open", allocated_to=make_user("Sales User"), **task)
	return [opportunity.name]


@breaks("assigned-leads", repaired=True)
def a_lead_with_a_broken_list():
	return put(make_lead(), _assign="not a list")


# Quotations


@breaks("quotation-status", repaired=True)
def a_draft_that_is_open():
	return put(make_quotation(submit=False), status="Open")


@breaks("quotation-status")
def a_submitted_draft():
	return put(make_quotation(), status="Draft")


@breaks("supplier-quotation-status", repaired=True)
def a_cancelled_offer_that_is_submitted():
	offer = supplier_quotation().submit()
	offer.cancel()
	return put(offer, status="Submitted")


@breaks("ordered-rows")
def ordered_without_a_row():
	return put(make_quotation(), status="Ordered", ordered_on=in_days(0))


@breaks("ordered-rows")
def a_row_that_is_ordered_alone():
	quotation = make_quotation()
	put(quotation.items[0], ordered=1)
	return [quotation.name]


@breaks("ordered-on")
def ordered_on_no_day():
	return put(make_quotation().mark_ordered(), ordered_on=None)


@breaks("replaced-by")
def replaced_by_nothing():
	return put(make_quotation(), replaced_by=NOWHERE)


@breaks("replaced-is-told")
def replaced_and_not_told():
	customer = make_customer().name
	former = make_quotation(party_name=customer)
	make_quotation(party_name=customer, replaces=former.name)
	return put(former, replaced_by=None)


@breaks("quotation-rows")
def a_row_of_another_opportunity():
	quotation = make_quotation(make_party_opportunity())
	put(quotation.items[0], opportunity_item=make_party_opportunity().items[0].name)
	return [quotation.name]


@breaks("supplier-quotation-rows")
def a_row_of_an_offer_for_another_opportunity():
	offer = supplier_quotation()
	put(
		offer.items[0],
		opportunity=make_party_opportunity().name,
		opportunity_item=make_party_opportunity().items[0].name,
	)
	return [offer.name]


@breaks("request-status")
def answered_without_being_asked():
	return put(supplier_quotation(), request_status="Answered")


@breaks("request-status")
def asked_long_after_the_answer():
	moment = now_datetime()
	return put(supplier_quotation(), request_status="Asked", requested_on=moment, answered_on=moment)


# Totals


@breaks("quotation-totals")
def a_quotation_with_a_total_of_its_own():
	return put(make_quotation(), total=105)


@breaks("supplier-quotation-totals")
def an_offer_with_a_total_of_its_own():
	return put(supplier_quotation(), total=105)


@breaks("quotation-row-of-product")
def a_row_of_a_quotation_that_is_no_product():
	quotation = make_quotation()
	put(quotation.items[0], amount=110)
	return put(quotation, total=110)


@breaks("supplier-quotation-row-of-product")
def a_row_of_an_offer_that_is_no_product():
	offer = supplier_quotation()
	put(offer.items[0], amount=110, base_amount=110)
	return put(offer, total=110, net_total=110, base_net_total=110)


def free(doctype: str, **fields) -> Document:
	"""A draft that costs nothing, so that its rate makes no difference to its amounts."""
	rows = [{"item_name": "Sample", "qty": 1, "rate": 0}]
	if doctype == "Quotation":
		return make_quotation(submit=False, items=rows, **fields)
	return supplier_quotation(items=rows, **fields)


@breaks("quotation-usable-rate")
def a_quotation_without_a_rate():
	return put(free("Quotation"), conversion_rate=0)


@breaks("supplier-quotation-usable-rate")
def an_offer_with_a_rate_in_base_currency():
	return put(free("Supplier Quotation"), conversion_rate=2)


@breaks("quotation-charges")
def a_grand_total_of_its_own():
	return put(make_quotation(), grand_total=105)


# Batches and mails


def batch(**fields) -> Document:
	return make("Auto Close Batch", **{"status": "Done", "day": in_days(0), "closed": 1, **fields})


def closed_in(batch: str, **fields) -> str:
	values = {"opportunity": make_opportunity().name, "result": "Closed", **fields}
	return add("Auto Closed Opportunity", batch=batch, **values)


@breaks("closed-in-batch")
def closed_in_no_batch():
	return [closed_in(NOWHERE)]


@breaks("closed-is-there")
def closed_and_gone():
	return [closed_in(batch().name, opportunity=NOWHERE)]


@breaks("closed-once")
def closed_twice():
	made, opportunity = batch(closed=2), make_opportunity().name
	for _time in range(2):
		closed_in(made.name, opportunity=opportunity)
	return [made.name]


@breaks("batch-counts", repaired=True)
def a_batch_that_counts_too_few():
	made = batch(closed=0)
	closed_in(made.name)
	return [made.name]


@breaks("batch-undone")
def undone_with_something_left():
	made = batch(status="Undone")
	closed_in(made.name)
	return [made.name]


@breaks("mail-to-do")
def a_mail_with_nothing_to_do():
	return [make("Mail Intake Log", result="Waiting").name]


@breaks("mail-to-do")
def a_mail_that_is_gone():
	entry = make("Mail Intake Log", result="Waiting", to_do="Judge")
	return put(entry, communication=NOWHERE)


@breaks("mail-in-parts")
def a_message_without_its_middle():
	entry = make("Mail Intake Log", result="Dropped", message="Beginning")
	make("Mail Intake Part", entry=entry.name, part=3, message="End")
	return [entry.name]


@breaks("mail-in-parts")
def a_part_of_nothing():
	add("Mail Intake Part", entry=NOWHERE, part=2, message="End")
	return [NOWHERE]


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
