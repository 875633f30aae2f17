"""Every event in every status, through documents: what an opportunity becomes, or how that is refused.

The tables are written out from the design, and ask the code for nothing.
"""

import frappe
from frappe.utils import add_days, add_to_date, now_datetime

from crm_pipeline import exceptions
from crm_pipeline.tasks import auto_close_opportunities, expire_quotations, wake_paused_opportunities
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make_lost_reason,
	make_mail,
	make_opportunity,
	make_party_opportunity,
	make_quotation,
)

STATUSES = ("Open", "Replied", "Quotation", "Paused", "Converted", "Lost", "Closed")
STARTS = (*STATUSES, "Closed by job")
ILLEGAL, STANDS = exceptions.IllegalStatusChange, exceptions.ActiveQuotationStands

# A row for each event, a column for each status before it: the first letter of the status after it (Converted is W,
# Closed is X), `-` for the same as before, `!` for an illegal change, `?` for a quotation that stands.
EVENTS = """
	event       Open Replied Quotation Paused Converted Lost Closed Closed_by_job
	Open        -    O       !         O      O         O    O      O
	Replied     R    -       !         R      !         !    !      !
	Quotation   !    !       -         !      !         !    !      !
	Paused      P    P       P         -      !         !    !      !
	Converted   !    !       !         !      -         !    !      !
	Lost        L    L       ?         L      !         -    !      !
	Closed      X    X       X         X      !         !    -      -
	declare     L    L       ?         L      !         !    !      !
	win         W    W       W         W      !         !    !      !
	pause       P    P       P         P      !         !    !      !
	resume      !    !       !         O      !         !    !      !
	reopen      !    !       !         !      O         O    O      O
	mail_out    R    -       -         -      -         -    -      -
	mail_in     -    O       -         O      -         -    -      O
	answered    R    -       -         R      -         -    -      R
	auto_close  -    X       -         -      -         -    -      -
	wake        -    -       -         O      -         -    -      -
	expire      -    -       O         -      -         -    -      -
"""
LETTERS = dict(zip("ORQPWLX", STATUSES, strict=True))

# The underlying status, and the status shown once the quotation is as the column says.
QUOTATIONS = """
	own        submitted  ordered    lost       cancelled  expired
	Open       Quotation  Converted  Lost       Open       Open
	Replied    Quotation  Converted  Lost       Replied    Replied
	Paused     Paused     Converted  Paused     Paused     Paused
	Converted  Converted  Converted  Converted  Converted  Converted
	Lost       Quotation  Converted  Lost       Lost       Lost
	Closed     Closed     Closed     Closed     Closed     Closed
"""


def cells(table: str):
	"""Yield the head of the row, that of the column, and what stands there."""
	head, *rows = (line.split() for line in table.strip().splitlines())
	for name, *values in rows:
		for column, value in zip(head[1:], values, strict=True):
			yield name, column.replace("_", " "), value


class TransitionCase(TestCase):
	def setUp(self):
		super().setUp()
		self.lost_reason = make_lost_reason().name
		self.reasons = [{"lost_reason": self.lost_reason}]

	def details(self) -> dict:
		"""What a status cannot do without."""
		return {"lost_reasons": self.reasons, "paused_until": in_days(5)}

	def opportunity(self, start: str, **fields):
		"""An opportunity in a status since yesterday."""
		if start == "Quotation":
			opportunity = make_party_opportunity()
			make_quotation(opportunity)
		else:
			opportunity = make_opportunity(status=start.split()[0], **{**self.details(), **fields})
		since = {"status_since": add_days(now_datetime(), -1), "auto_closed": int(start == "Closed by job")}
		frappe.db.set_value("Opportunity", opportunity.name, since)
		return opportunity.reload()


class TestEvents(TransitionCase):
	def test_each_in_each_status(self):
		starts = {start: self.opportunity(start).name for start in STARTS}
		seen = set()
		for event, start, cell in cells(EVENTS):
			with self.subTest(start=start, event=event):
				opportunity = frappe.get_doc("Opportunity", starts[start])
				before = opportunity.status
				frappe.db.savepoint("event")
				refusal = {"!": ILLEGAL, "?": STANDS}.get(cell)
				if refusal:
					with self.assertRefused(refusal):
						self.happen(event, opportunity)
				else:
					self.happen(event, opportunity)
				after = frappe.db.get_value("Opportunity", opportunity.name, "status")
				frappe.db.rollback(save_point="event")
				self.assertEqual(after, LETTERS.get(cell, before))
				seen.add((event, start))
		self.assertEqual(len(seen), 18 * len(STARTS))

	def happen(self, event: str, opportunity):
		if event in STATUSES:
			opportunity.update({"status": event, **self.details()}).save()
		else:
			getattr(self, event)(opportunity)

	def declare(self, opportunity):
		opportunity.declare_lost([self.lost_reason])

	def win(self, opportunity):
		opportunity.mark_won()

	def pause(self, opportunity):
		opportunity.pause(in_days(8))

	def resume(self, opportunity):
		opportunity.resume()

	def reopen(self, opportunity):
		opportunity.reopen()

	def mail_out(self, opportunity):
		make_mail(opportunity)

	def mail_in(self, opportunity):
		make_mail(opportunity, "Received")

	def answered(self, opportunity):
		"""Theirs arrives after our answer to it."""
		make_mail(opportunity, communication_date=add_to_date(now_datetime(), hours=-1))
		make_mail(opportunity, "Received", communication_date=add_to_date(now_datetime(), hours=-2))

	def auto_close(self, opportunity):
		frappe.db.set_value("Opportunity", opportunity.name, "status_since", add_days(now_datetime(), -90))
		auto_close_opportunities()

	def wake(self, opportunity):
		if opportunity.paused_until:
			frappe.db.set_value("Opportunity", opportunity.name, "paused_until", in_days(0))
		wake_paused_opportunities()

	def expire(self, opportunity):
		frappe.db.set_value("Quotation", {"opportunity": opportunity.name}, "valid_till", in_days(-1))
		expire_quotations()


class TestBeginnings(TransitionCase):
	def test_a_new_one_may_be_in_any_status_but_quotation(self):
		for status in STATUSES:
			with self.subTest(status=status):
				if status == "Quotation":
					with self.assertRefused(ILLEGAL):
						make_opportunity(status=status, **self.details())
				else:
					self.assertEqual(make_opportunity(status=status, **self.details()).status, status)


class TestQuotations(TransitionCase):
	def test_each_state_over_each_underlying_status(self):
		for own, state, expected in cells(QUOTATIONS):
			with self.subTest(own=own, state=state):
				frappe.db.savepoint("quoting")
				opportunity = make_party_opportunity()
				quotation = make_quotation(opportunity, submit=False)
				if own != "Open":
					self.put(opportunity.reload(), own)
				quotation.submit()
				self.settle(quotation, state)
				opportunity.reload()
				frappe.db.rollback(save_point="quoting")
				# An order forgets that it was lost: should it be cancelled, the opportunity is in play again.
				kept = "Open" if (own, state) == ("Lost", "ordered") else own
				self.assertEqual((opportunity.status, opportunity.own_status), (expected, kept))

	def put(self, opportunity, own: str):
		"""Bring an opportunity into a status, as people do."""
		if own == "Converted":
			opportunity.mark_won()
		else:
			opportunity.update({"status": own, **self.details()}).save()

	def settle(self, quotation, state: str):
		if state == "ordered":
			quotation.mark_ordered()
		elif state == "lost":
			quotation.declare_lost([self.lost_reason])
		elif state == "cancelled":
			quotation.cancel()
		elif state == "expired":
			frappe.db.set_value("Quotation", quotation.name, "valid_till", in_days(-1))
			expire_quotations()


class TestTheTablesAreWhole(TestCase):
	def test_each_row_has_each_status(self):
		events = {(event, start) for event, start, _cell in cells(EVENTS)}
		self.assertEqual({start for _event, start in events}, set(STARTS))
		self.assertLessEqual(set(STATUSES), {event for event, _start in events})
		owns = {own for own, _state, _shown in cells(QUOTATIONS)}
		self.assertEqual(owns, set(STATUSES) - {"Quotation"})
