"""How a quotation to a customer ends: ordered as a whole or in part, or lost."""

from datetime import date

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate, today

from crm_pipeline.exceptions import (
	LostReasonsMissing,
	OrderedOutOfTime,
	PickedRowsUnfit,
	QuotationNotOpen,
	QuotationReplaced,
)
from crm_pipeline.quoting.notifications import notify_of_order
from crm_pipeline.quoting.quotations import opportunities_of, state_on
from crm_pipeline.quoting.quoting_document import QuotingDocument
from crm_pipeline.rules import quotation_status
from crm_pipeline.utils.expected_state import require_state
from crm_pipeline.utils.guarded_document import act_as_software
from crm_pipeline.utils.markup import bold
from crm_pipeline.utils.picked_rows import picked_rows
from crm_pipeline.utils.sent_values import rows_from
from crm_pipeline.utils.stored_record import stored_record_method
from crm_pipeline.utils.validation import read_date

OUTCOME = ("ordered_on", "lost_reasons", "competitors", "order_lost_reason")


class Outcome(QuotingDocument):
	# Fields that it writes.
	ordered_on: str | date | None

	@stored_record_method(permission="submit")
	def mark_ordered(
		self,
		ordered_on: str | None = None,
		from_status: str | None = None,
		items: list | str | None = None,
	) -> Document:
		"""Note that the customer accepted, all or some rows: once nothing is left open, its opportunities are won.

		An opportunity that was closed by hand stays closed, and its owner is told.

		Args:
			ordered_on: day (YYYY-MM-DD), today if left out.
			from_status: the status that it is to start from; refused if it is another by now.
			items: names of the rows that are ordered; if left out, all that are not yet.

		Raises:
			StateGone, QuotationNotOpen, QuotationReplaced, QuotationOfOthers, RowsMissing, PickedRowsUnfit, ImpossibleDate,
			OrderedOutOfTime
		"""
		require_state(self, status=from_status)
		self.require_undecided()
		self.refuse_to_move_others()
		self.set_ordered_on(ordered_on)
		self.order_rows(items)
		lapsed = state_on(self, today()) not in quotation_status.IN_PLAY
		self.set_outcome(quotation_status.after_order([bool(row.ordered) for row in self.items], lapsed))
		notify_of_order(self.name, opportunities_of(self))
		return self

	@stored_record_method(permission="submit")
	def declare_lost(
		self,
		lost_reasons: list | str,
		competitors: list | str | None = None,
		detailed_reason: str | None = None,
		from_status: str | None = None,
	) -> Document:
		"""Note that the customer declined. Opportunities all of whose quotations are lost are lost, for these reasons.

		Of one that is ordered in part the rest is lost, and it is ordered with the rows that are.

		Args:
			lost_reasons: names of Lost Reason records, at least one.
			competitors: names of Competitor records.
			detailed_reason: free text.
			from_status: the status that it is to start from; refused if it is another by now.

		Raises:
			StateGone, QuotationNotOpen, QuotationReplaced, QuotationOfOthers, LostReasonsMissing
		"""
		require_state(self, status=from_status)
		self.require_undecided()
		self.refuse_to_move_others()
		self.set("lost_reasons", rows_from(lost_reasons, "lost_reason"))
		self.set("competitors", rows_from(competitors, "competitor"))
		self.order_lost_reason = detailed_reason
		if not self.lost_reasons:
			frappe.throw(
				_("Choose at least one reason for losing the quotation."),
				LostReasonsMissing,
				title=_("Lost Reasons Missing"),
			)
		return self.set_outcome(quotation_status.after_loss(self.status))

	def require_undecided(self) -> None:
		if self.docstatus != 1 or self.status not in quotation_status.UNDECIDED:
			frappe.throw(
				_("Quotation {0} is {1}; only a submitted, open one can be ordered or lost.").format(
					self.name, bold(_(self.status, context="Quotation"))
				),
				QuotationNotOpen,
				title=_("Quotation Not Open"),
			)
		if self.replaced_by:
			frappe.throw(
				_("Quotation {0} is replaced by {1}. Order or lose that one, or cancel it first.").format(
					self.name, bold(self.replaced_by)
				),
				QuotationReplaced,
				title=_("Quotation Replaced"),
			)

	def set_ordered_on(self, ordered_on: str | None) -> None:
		"""Set the day of the order: of several the last, none before the quotation's date or to come."""
		day, now = read_date(ordered_on or today(), "Date", _("Ordered On")), getdate(today())
		if not min(getdate(self.transaction_date), now) <= day <= now:
			frappe.throw(
				_("Ordered On must lie between the date of the quotation and today."),
				OrderedOutOfTime,
				title=_("Ordered out of Time"),
			)
		self.ordered_on = max(day, getdate(self.ordered_on)) if self.ordered_on else day

	def order_rows(self, items: list | str | None) -> None:
		"""Mark rows as ordered: those of some names, else all.

		Raises:
			RowsMissing, PickedRowsUnfit
		"""
		rows = self.items if items is None else picked_rows(self, "items", items)
		if items is not None and (again := [str(row.idx) for row in rows if row.ordered]):
			frappe.throw(
				_("Row {0} of {1} is ordered already.").format(", ".join(again), self.name),
				PickedRowsUnfit,
				title=_("Ordered Already"),
			)
		for row in rows:
			row.ordered = 1

	def clear_ordered_rows(self) -> None:
		"""Let no row of a draft be ordered, whatever was sent."""
		for row in self.items:
			row.ordered = 0

	def set_outcome(self, outcome: str) -> Document:
		"""Save an outcome, which was allowed; what people must fill could not be filled any more."""
		self.require_known("lost_reasons", "lost_reason")
		self.require_known("competitors", "competitor")
		former = self.flags.copy()
		self.status = outcome
		act_as_software(self)
		try:
			return self.save()
		finally:
			self.flags = former

	def require_known(self, table: str, field: str) -> None:
		"""Refuse names that no record has, as Frappe does where it looks at links.

		Raises:
			frappe.LinkValidationError
		"""
		for row in self.get(table):
			doctype = row.meta.get_field(field).options
			if not frappe.db.exists(doctype, row.get(field)):
				frappe.throw(
					_("Could not find {0}").format(f"{_(doctype)}: {bold(row.get(field))}"),
					frappe.LinkValidationError,
				)

	def keep_outcome(self) -> None:
		"""Refuse to order or lose a submitted quotation by a bare update."""
		before = self.get_doc_before_save() or self
		if self.flags.by_software or self.outcome() == before.outcome():
			return
		frappe.throw(
			_("Use Mark as Ordered or Declare Lost to change the outcome of {0}.").format(self.name),
			QuotationNotOpen,
			title=_("Status Change Not Possible"),
		)

	def outcome(self) -> tuple:
		"""Return what the methods above decide after submission."""
		reasons = [row.lost_reason for row in self.lost_reasons]
		competitors = [row.competitor for row in self.competitors]
		ordered = [bool(row.ordered) for row in self.items]
		return self.status, self.ordered_on, reasons, competitors, self.order_lost_reason or "", ordered

	def became_replied(self) -> bool:
		"""Return whether this save does no more than note an answer."""
		before = self.get_doc_before_save() or self
		return (before.status, self.status) == (quotation_status.OPEN, quotation_status.REPLIED)
