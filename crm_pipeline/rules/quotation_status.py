"""Which status a quotation to a customer has, and what follows from it: the one home of these lists."""

from collections.abc import Iterable, Sequence
from datetime import date

DRAFT = "Draft"
OPEN = "Open"
REPLIED = "Replied"
PARTIALLY_ORDERED = "Partially Ordered"
ORDERED = "Ordered"
LOST = "Lost"
EXPIRED = "Expired"
CANCELLED = "Cancelled"

STATUSES = (DRAFT, OPEN, REPLIED, PARTIALLY_ORDERED, ORDERED, LOST, EXPIRED, CANCELLED)
SUBMITTED = (OPEN, REPLIED, PARTIALLY_ORDERED, ORDERED, LOST, EXPIRED)
AWAITING = (OPEN, REPLIED)  # nothing of it is decided
IN_PLAY = (*AWAITING, PARTIALLY_ORDERED)  # stands
UNDECIDED = (*IN_PLAY, EXPIRED)  # may still be ordered or lost
DECIDED = (ORDERED, LOST)
COUNTING = (*IN_PLAY, ORDERED)  # worth something to its opportunities
WITH_ORDERS = (PARTIALLY_ORDERED, ORDERED)  # of some rows or all
REPLACEABLE = (*AWAITING, LOST, EXPIRED, CANCELLED)  # by a revision


def state_on(stored: str, valid_till: date | None, day: date) -> str:
	"""Return what a quotation of a stored status is on a day: after its last valid day what is not ordered has lapsed."""
	if stored not in IN_PLAY or not valid_till or valid_till >= day:
		return stored
	return after_last_day(stored)


def after_last_day(stored: str) -> str:
	"""Return what becomes of one in play when its last valid day is past."""
	return ORDERED if stored == PARTIALLY_ORDERED else EXPIRED


def after_order(rows: Iterable[bool], lapsed: bool = False) -> str:
	"""Return what a quotation is after an order.

	Args:
		rows: whether each of its rows is ordered; none, where it has no rows.
		lapsed: whether its last valid day is past, so that the rest is not to come.
	"""
	return ORDERED if lapsed or all(rows) else PARTIALLY_ORDERED


def after_loss(stored: str) -> str:
	"""Return what a quotation is whose customer declined: with a part ordered, the rest of it is lost alone."""
	return ORDERED if stored == PARTIALLY_ORDERED else LOST


def state_of_part(head: str, ordered: Sequence[bool], reasons: bool) -> str:
	"""Return what a quotation is to one of its opportunities, of which it may have some rows only.

	Args:
		head: what the quotation is.
		ordered: whether each of the opportunity's rows is ordered; of a quotation without rows, whether it is.
		reasons: whether the quotation has lost reasons, so that the rest of it was declined and did not lapse.
	"""
	if head == PARTIALLY_ORDERED:
		return (ORDERED if all(ordered) else PARTIALLY_ORDERED) if any(ordered) else OPEN
	if head == ORDERED and not any(ordered):
		return LOST if reasons else EXPIRED
	return head
