"""Until when each change of an opportunity held, kept with it, so that reports on the past look nothing up.

`replaced_at` says when a later change came: at the end of a day counts the change that was made before and not replaced by
then. It is the earliest moment of all later changes, since the first may be dated ahead, and a clock may be put
back. `stay_until` is the moment of the next change of stage or status, of those that are such changes. Both are empty
while there is none. What was taken back held for no time, and replaces nothing.
"""

from datetime import datetime
from typing import Any

import frappe
from frappe.query_builder.functions import Min
from pypika import Case, Table
from pypika.queries import QueryBuilder
from pypika.terms import Criterion, Term

from crm_pipeline.history.as_of import change
from crm_pipeline.rules.aging import STAYS, UNDONE
from crm_pipeline.utils.bulk_sql import Value, are_apart, union_of, update_where
from crm_pipeline.utils.prepared import Prepared


def spans_of(changes: list[tuple[str, datetime]]) -> list[dict]:
	"""Return `replaced_at` and `stay_until` of changes that are written at once.

	Args:
		changes: what each changed, as Pipeline Change names it, and its moment.
	"""
	spans = []
	replaced_at: datetime | None = None
	stay_until: datetime | None = None
	for kind, at in reversed(changes):
		begins = kind in STAYS
		spans.append({"replaced_at": replaced_at, "stay_until": stay_until if begins else None})
		replaced_at = min(at, replaced_at) if replaced_at else at
		stay_until = at if begins else stay_until
	return spans[::-1]


def end_former(which: Criterion, changes: list[tuple[str, datetime]]) -> None:
	"""End what held until some changes came, with one statement.

	Args:
		which: the earlier changes of the same opportunities.
		changes: as `spans_of` takes them.
	"""
	_ending(which, _ends(changes)).run()


def end_former_of(opportunity: str, last: int, changes: list[tuple[str, datetime]]) -> None:
	"""End what held of one opportunity until some changes came.

	Args:
		last: the running number of the last change before these.
		changes: as `spans_of` takes them.
	"""
	ends = _ends(changes)
	(_stay_ends if "stay" in ends else _state_ends)({"opportunity": opportunity, "last": last, **ends})


def _ends(changes: list[tuple[str, datetime]]) -> dict[str, str]:
	"""Return the moment of the first change, and of the first one that ends a stay."""
	# As text: within a CASE, the moment would be written with a T, which SQLite does not keep.
	stays = [str(at) for kind, at in changes if kind in STAYS]
	return {"moment": str(min(at for _kind, at in changes)), **({"stay": stays[0]} if stays else {})}


def _ending(which: Criterion, ends: dict[str, Any]) -> QueryBuilder:
	lasts = change.replaced_at.isnull() | (change.replaced_at > ends["moment"])
	which &= change.change != UNDONE
	query = frappe.qb.update(change)
	query = query.set(change.replaced_at, Case().when(lasts, ends["moment"]).else_(change.replaced_at))
	if "stay" not in ends:
		return query.where(which & lasts)
	stands = change.stay_until.isnull() & change.change.isin(STAYS)
	query = query.set(change.stay_until, Case().when(stands, ends["stay"]).else_(change.stay_until))
	return query.where(which & (lasts | stands))


def _ending_of(values: dict[str, Any]) -> QueryBuilder:
	return _ending((change.opportunity == values["opportunity"]) & (change.idx <= values["last"]), values)


# One text for each, since the second sets more.
_state_ends, _stay_ends = Prepared(_ending_of), Prepared(_ending_of)


def date_spans(which: Criterion) -> None:
	"""Let changes say until when they held, as those after them have it, with one statement."""
	update_where(change, which, {"replaced_at": _replaced_at(), "stay_until": _stay_until()})


def misdated() -> QueryBuilder:
	"""Return the query of the opportunities, as `name`, with a change that says something else than those after it do.

	Where the next change says rightly until when it held, the former held until then, or until the next came, if that was
	before. So each looks at the next one only; the last, and one after which a number is missing, at all that follow, and so
	does each of the few opportunities of which something was taken back.
	"""
	undone = change.as_("undone")
	with_undone = frappe.qb.from_(undone).select(undone.opportunity).where(undone.change == UNDONE)
	following = change.as_("following")
	until = Case().when(following.replaced_at < following.at, following.replaced_at).else_(following.at)
	replaced_at = Case().when(following.idx.isnotnull(), until).else_(_replaced_at())
	query = frappe.qb.from_(change).select(change.opportunity.as_("name"))
	is_next = (following.opportunity == change.opportunity) & (following.idx == change.idx + 1)
	# Each from an index that has all it needs.
	return union_of(
		query.left_join(following)
		.on(is_next)
		.where(change.opportunity.notin(with_undone) & are_apart(change.replaced_at, replaced_at)),
		query.where(change.opportunity.isin(with_undone) & are_apart(change.replaced_at, _replaced_at())),
		query.where(are_apart(change.stay_until, _stay_until())),
	)


def _replaced_at() -> Term:
	later = change.as_("later")
	following = _after(later).where(later.change != UNDONE).select(Min(later.at))
	return Case().when(change.change == UNDONE, change.at).else_(Value(following))


def _stay_until() -> Term:
	later = change.as_("later")
	following = _after(later).where(later.change.isin(STAYS)).select(later.at).orderby(later.idx).limit(1)
	return Case().when(change.change.isin(STAYS), Value(following))


def _after(later: Table) -> QueryBuilder:
	query = frappe.qb.from_(later)
	return query.where((later.opportunity == change.opportunity) & (later.idx > change.idx))
