"""The bare statement beside each report: the best one known for the same figures, without permissions, names and texts.

Each works out all that the report shows of the same period, medians too, by the best index that there is.
"""

from collections.abc import Callable
from datetime import date, timedelta

import frappe
from frappe.query_builder.functions import Avg, Coalesce, Count, Date, Max, Min, Round, Sum
from frappe.utils import add_to_date, getdate
from pypika import Case, Table
from pypika.analytics import Count as CountOver
from pypika.analytics import RowNumber
from pypika.queries import QueryBuilder
from pypika.terms import Criterion, Field, Function, Term

from crm_pipeline.crm_pipeline.report.opportunity_list import MOST_ROWS
from crm_pipeline.history.ageing import last_activity
from crm_pipeline.utils.bulk_sql import Value, day_as_text, days_between, worked_out_once

YEAR, MONTH = 365, 30
IN_PLAY = ("Open", "Replied", "Quotation", "Paused")
opportunity, change = Table("tabOpportunity"), Table("tabPipeline Change")
IDLE = [
	opportunity[field]
	for field in (
		"name title customer_name opportunity_owner sales_process sales_stage opportunity_amount currency"
	).split()
]


def today() -> date:
	return getdate()


def ago(days: int) -> date:
	return today() - timedelta(days=days)


def changes(days: int) -> QueryBuilder:
	"""The changes of so many days, nothing selected yet."""
	return frappe.qb.from_(change).where(change.at >= ago(days))


def forecast() -> None:
	"""What was won and what is in play by day, and what was in play a month ago."""
	closing, closed = opportunity.expected_closing, opportunity.closed_on
	won = frappe.qb.from_(opportunity).where(opportunity.status == "Converted").groupby(closed)
	won.where(closed >= ago(YEAR)).select(closed, Sum(opportunity.base_close_revenue)).run()
	now = frappe.qb.from_(opportunity).where(opportunity.status.isin(IN_PLAY)).groupby(closing)
	amounts = Sum(opportunity.base_opportunity_amount), Sum(opportunity.weighted_amount)
	now.select(closing, Count("*"), *amounts).run()
	then = in_play_on(getdate(add_to_date(today(), months=-1))).groupby(change.expected_closing)
	then.select(change.expected_closing, Sum(weighted(change))).run()


def in_play_on(day: date) -> QueryBuilder:
	end = day + timedelta(days=1)
	query = frappe.qb.from_(change).where(change.status.isin(IN_PLAY) & (change.at < end))
	return query.where(change.replaced_at.isnull() | (change.replaced_at >= end))


def weighted(state: Table) -> Term:
	return Round(state.base_opportunity_amount * state.probability / 100, 2)


def what_moved() -> None:
	"""What was in play before 30 days, and what each day since then did to each opportunity, by what it was before and after it."""
	in_play_on(ago(MONTH + 1)).select(
		Count("*"), Sum(change.base_opportunity_amount), Sum(weighted(change))
	).run()
	before, day = change.as_("before"), Date(change.at)
	query = frappe.qb.from_(change).left_join(before)
	query = query.on(
		(before.opportunity == change.opportunity) & (before.at < day) & (before.replaced_at >= day)
	)
	query = query.where(change.at >= ago(MONTH))
	query = query.where(change.replaced_at.isnull() | (Date(change.replaced_at) > day))
	raised = change.base_opportunity_amount - before.base_opportunity_amount
	by_chance = weighted(change) - weighted(before)
	amounts = (change.base_opportunity_amount, weighted(change), weighted(before), by_chance)
	groups = before.status, change.status
	query.groupby(*groups).select(
		*groups,
		Count("*"),
		*(Sum(each) for each in amounts),
		*(Sum(Case().when(way, raised)) for way in (raised > 0, raised < 0)),
		*(Sum(Case().when(way, by_chance)) for way in (raised > 0, raised < 0)),
	).run()


def owner_performance() -> None:
	query = frappe.qb.from_(opportunity).where(opportunity.closed_on >= ago(YEAR))
	owner = opportunity.opportunity_owner
	query = query.groupby(owner, opportunity.status)
	query.select(owner, opportunity.status, Count("*"), Sum(opportunity.base_close_revenue)).run()
	done = changes(YEAR).where(change.change == "Follow-up").groupby(change.by)
	done.select(change.by, Count("*")).run()


def lost_opportunity() -> None:
	"""The rows that the report shows at first, what they were lost for, and how many there are."""
	lost_in_a_year().select(Count("*")).run()
	first = lost_in_a_year().select(opportunity.name).orderby(opportunity.closed_on, order=frappe.qb.desc)
	with_reasons(first_of(first.orderby(opportunity.name))).run()


def all_lost() -> None:
	"""All rows."""
	with_reasons(lost_in_a_year()).run()


def lost_in_a_year() -> QueryBuilder:
	lost = frappe.qb.from_(opportunity).where(opportunity.status == "Lost")
	return lost.where(opportunity.closed_on >= ago(YEAR))


def first_of(in_order: QueryBuilder) -> QueryBuilder:
	first = in_order.limit(MOST_ROWS).as_("first")
	return frappe.qb.from_(first).join(opportunity).on(opportunity.name == first.name)


def with_reasons(lost: QueryBuilder) -> QueryBuilder:
	fields = (
		"name title customer_name closed_on order_lost_reason opportunity_amount currency base_opportunity_amount "
		"opportunity_owner opportunity_type source territory"
	).split()
	lost = lost.select(*(opportunity[field] for field in fields))
	for doctype, field in (("Lost Reason Detail", "lost_reason"), ("Competitor Detail", "competitor")):
		row = Table(f"tab{doctype}")
		names = frappe.qb.from_(row).where(row.parent == opportunity.name)
		lost = lost.select(Value(names.select(Function("GROUP_CONCAT", row[field]))))
	return lost


def summary_by_stage() -> None:
	query = frappe.qb.from_(opportunity).where(opportunity.transaction_date >= ago(YEAR))
	groups = (opportunity.opportunity_owner, opportunity.sales_stage)
	query.groupby(*groups).select(*groups, Count("*")).run()


def analytics() -> None:
	query = frappe.qb.from_(opportunity).where(opportunity.status.isin(IN_PLAY))
	query = query.where(opportunity.expected_closing >= today()).groupby(*parts())
	groups = (opportunity.opportunity_owner, opportunity.expected_closing)
	query.select(*groups, Sum(opportunity.base_opportunity_amount)).run()


def parts() -> list[Term]:
	"""Return what is added up by first: as an index has it, nothing is sorted."""
	return [opportunity[each] for each in ("status", "closed_on", "expected_closing", "opportunity_owner")]


def conversion() -> None:
	"""Every change of stage and status once, in the order of the index, added up for each opportunity and then for all."""
	stages = ("Lead", "Pitching", "Quoting", "Closing", "Won")
	stage, number, until = change.sales_stage, change.idx, change.stay_until
	each = frappe.qb.from_(change).where(change.change.isin(("Created", "Stage", "Process", "Status")))
	each = each.where(change.sales_process == "Standard").groupby(change.opportunity)
	for place, name in enumerate(stages):
		entered = (stage == name) & (change.change != "Status") & (change.at >= ago(YEAR))
		stood = (stage == name) & change.status.isin(("Open", "Replied", "Quotation"))
		each = each.select(
			Max(Case().when(stage == name, number)).as_(f"last_{place}"),
			Min(Case().when(entered, number)).as_(f"entered_{place}"),
			Sum(Case().when(stood, days_between(change.at, until))).as_(f"days_{place}"),
		)
	each = each.select(Max(Case().when(until.isnull(), change.status)).as_("status")).as_("each")
	query = frappe.qb.from_(each).groupby(each.status).select(each.status)
	for place in range(len(stages) - 1):
		entered = each[f"entered_{place}"]
		later = [each[f"last_{other}"] > entered for other in range(place + 1, len(stages))]
		query = query.select(
			Count(entered), Sum(Case().when(entered.isnotnull(), each[f"days_{place}"]))
		).select(Sum(Case().when(Criterion.any(later), 1)))
	query.run()


def slipping() -> None:
	"""How often who postponed what, and what these are now; each once for all together."""
	query = changes(YEAR).where((change.change == "Expected Closing") & (change.new_value > change.old_value))
	groups = (change.opportunity, change.opportunity_owner)
	days = Sum(days_between(change.old_value, change.new_value)).as_("days")
	number = RowNumber().over(change.opportunity).as_("number")
	each = query.groupby(*groups).select(*groups, Count("*").as_("times"), days, number).as_("each")
	query = frappe.qb.from_(each).join(opportunity).on(opportunity.name == each.opportunity)
	groups = (each.opportunity_owner, opportunity.status)
	amount, is_first = opportunity.base_opportunity_amount, each.number == 1
	sums = (each.times, each.days, amount, Case().when(is_first, 1), Case().when(is_first, amount))
	query.groupby(*groups).select(*groups, Count("*"), *(Sum(field) for field in sums)).run()


def probability_check() -> None:
	"""Every change of stage and status once, in the order of the index: which stages each opportunity entered, and what it is."""
	entered = change.change.isin(("Created", "Stage", "Process")) & (change.at >= ago(2 * YEAR))
	mark = Case()
	for bit, stage in enumerate(("Lead", "Pitching", "Quoting", "Closing")):
		mark = mark.when(change.sales_stage == stage, 1 << bit)
	each = frappe.qb.from_(change).where(change.change.isin(("Created", "Stage", "Process", "Status")))
	each = each.groupby(change.opportunity).select(
		Sum(Case().when(entered & (change.sales_process == "Standard"), mark)).distinct().as_("stages"),
		Max(Case().when(change.stay_until.isnull(), change.status)).as_("status"),
	)
	each = each.as_("each")
	groups = each.stages, each.status
	frappe.qb.from_(each).groupby(*groups).select(*groups, Count("*")).run()


def first_response() -> None:
	"""Average, median and nine tenths of each day."""
	day, minutes = opportunity.transaction_date, opportunity.mins_to_first_response
	query = frappe.qb.from_(opportunity).where(opportunity.first_responded_on.isnotnull())
	place = RowNumber().over(day).orderby(minutes).as_("place")
	count = CountOver("*").over(day).as_("count")
	each = query.where(day >= ago(YEAR)).select(day, minutes, place, count).as_("each")
	found = each.mins_to_first_response
	frappe.qb.from_(each).groupby(each.transaction_date).select(
		each.transaction_date,
		Max(each["count"]),
		Avg(found),
		Avg(Case().when((each.place * 2)[each["count"] : each["count"] + 2], found)),
		Min(Case().when(each.place * 10 >= each["count"] * 9, found)),
	).run()


def rotting() -> None:
	"""The rows that the report shows at first, and how many there are."""
	idle_for_a_month().select(Count("*")).run()
	since = day_as_text(last_activity()).as_("since")
	first = idle_for_a_month().select(opportunity.name, since).orderby(since).orderby(opportunity.name)
	first_of(first).select(*IDLE, Field("since")).run()


def all_rotting() -> None:
	"""All rows."""
	idle_for_a_month().select(*IDLE, day_as_text(last_activity())).run()


def idle_for_a_month() -> QueryBuilder:
	query = frappe.qb.from_(opportunity).where(opportunity.status.isin(("Open", "Replied", "Quotation")))
	return query.where(opportunity.last_change_on < ago(MONTH))


def ageing() -> None:
	"""By owner and days in the stage, of what is in play: the last entry tells them, unless a status followed it."""
	entry, stay = change.as_("entry"), change.as_("stay")
	entered = frappe.qb.from_(entry).where(entry.opportunity == opportunity.name)
	entered = entered.where(entry.change.isin(("Created", "Stage"))).orderby(entry.idx, order=frappe.qb.desc)
	entered = entered.limit(1)
	last = entered.where(entry.stay_until.isnull()).select(days_between(entry.at, str(today())))
	stays = frappe.qb.from_(stay).where(stay.opportunity == opportunity.name)
	stays = stays.where(stay.change.isin(("Created", "Stage", "Process", "Status")))
	stays = stays.where((stay.idx >= Value(entered.select(entry.idx))) & (stay.status != "Paused"))
	stays = stays.select(Sum(days_between(stay.at, Coalesce(stay.stay_until, str(today())))))
	each = (
		frappe.qb.from_(opportunity)
		.where(opportunity.status.isin(IN_PLAY))
		.select(
			opportunity.opportunity_owner.as_("owner"),
			Coalesce(Value(last), Value(stays)).as_("days"),
			opportunity.base_opportunity_amount.as_("amount"),
			opportunity.weighted_amount.as_("weighted"),
		)
	)
	each = worked_out_once(each).as_("each")
	place = Case()
	for number, end in enumerate((30, 60, 90, 120)):
		place = place.when(each.days <= end, number)
	place = place.else_(4).as_("place")
	query = frappe.qb.from_(each).groupby(each.owner, place)
	query.select(each.owner, place, Count("*"), Sum(each.amount), Sum(each.weighted)).run()


def follow_ups_due() -> None:
	"""By owner and whether it rests: what was due until some moments, and what has no next step."""
	status, owner = opportunity.status, opportunity.opportunity_owner
	planned, amount = opportunity.next_contact_date, opportunity.base_opportunity_amount
	moments = [str(today() + timedelta(days)) for days in (0, 1, 8)]
	query = frappe.qb.from_(opportunity).where(status.isin(IN_PLAY))
	query = query.where(planned.isnull() | (planned < moments[-1])).groupby(*parts())
	terms = {
		"count": Count("*"),
		"planned": Count(planned),
		**{f"until_{place}": Sum(Case().when(planned < each, 1)) for place, each in enumerate(moments[:2])},
		"amount": Sum(amount),
		"overdue": Sum(Case().when(planned < moments[0], amount)),
	}
	query = query.select(owner.as_("owner"), status.as_("status"), Min(planned).as_("oldest"))
	part = query.select(*(term.as_(name) for name, term in terms.items())).as_("part")
	rests = Case().when(part.status == "Paused", 1).else_(0).as_("rests")
	query = frappe.qb.from_(part).groupby(part.owner, rests).select(part.owner, rests, Min(part.oldest))
	query.select(*(Sum(part[name]) for name in terms)).run()


def last_year() -> dict:
	return {"from_date": str(ago(YEAR)), "to_date": str(today())}


# Each report with its floor, and filters where its own defaults are not of a year.
REPORTS: dict[str, tuple[Callable[[], None], Callable[[], dict]]] = {
	"Forecast": (forecast, dict),
	"What Moved": (what_moved, dict),
	"Owner Performance": (owner_performance, dict),
	"Lost Opportunity": (lost_opportunity, dict),
	"Opportunity Summary by Sales Stage": (summary_by_stage, dict),
	"Sales Pipeline Analytics": (analytics, lambda: {"based_on": "Amount"}),
	"Stage Conversion and Time in Stage": (conversion, dict),
	"Slipping": (slipping, dict),
	"Probability Check": (probability_check, dict),
	"Minutes to First Response for Opportunity": (first_response, last_year),
	"Rotting Opportunities": (rotting, dict),
	"Ageing Opportunities": (ageing, dict),
	"Follow-ups Due": (follow_ups_due, dict),
}
# The same of those that show the first rows unless all are asked for.
ALL_ROWS: dict[str, tuple[Callable[[], None], Callable[[], dict]]] = {
	"Lost Opportunity": (all_lost, lambda: {"rows": "All"}),
	"Rotting Opportunities": (all_rotting, lambda: {"rows": "All"}),
}
