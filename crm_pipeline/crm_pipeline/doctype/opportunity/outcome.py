"""How an opportunity ends: why it was lost, when, and what it brought."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt, getdate, today

from crm_pipeline.exceptions import ClosedOutOfTime, LostReasonsMissing
from crm_pipeline.money.exchange_rates import decimals_of, exchange_rate
from crm_pipeline.money.priced_document import PricedDocument
from crm_pipeline.quoting.losing import refuse_to_lose
from crm_pipeline.quoting.quotations import orders_among, quotations_of
from crm_pipeline.rules import money, quotation_status, status
from crm_pipeline.utils.sent_values import rows_from


class Outcome(PricedDocument):
	# Fields that it writes.
	own_status: Any  # a status from the first save on
	order_lost_reason: str | None
	transaction_date: str | date
	closed_on: str | date | None
	close_revenue: float | None
	close_revenue_currency: Any  # a code where there is revenue
	base_close_revenue: float

	def set_currency(self) -> None:
		"""Keep the stored currency of the revenue, too, where a client empties it."""
		super().set_currency()
		if not self.close_revenue_currency and (before := self.get_doc_before_save()):
			self.close_revenue_currency = before.close_revenue_currency

	def set_lost_details(
		self, lost_reasons: list | str, competitors: list | str | None, detailed_reason: str | None
	) -> None:
		"""Fill the fields of a loss from names (a list, or its JSON) or from rows as Desk sends them."""
		self.set("lost_reasons", rows_from(lost_reasons, "lost_reason"))
		if competitors is not None:
			self.set("competitors", rows_from(competitors, "competitor"))
		self.order_lost_reason = detailed_reason or self.order_lost_reason

	def lose_quotations(
		self, lost_reasons: list | str, competitors: list | str | None, detailed_reason: str | None
	) -> None:
		"""Lose the open quotations; with the last of them the opportunity may be lost already.

		Raises:
			ActiveQuotationStands: one is ordered in part.
			frappe.PermissionError, QuotationOfOthers: one is not the user's to lose.
		"""
		standing = [q for q in quotations_of(self.name) if q.state in quotation_status.IN_PLAY]
		for quotation in refuse_to_lose(self.name, standing):
			quotation.declare_lost(lost_reasons, competitors, detailed_reason)
		self.reload()

	def carry_lost_reasons(self, quotations: list) -> None:
		"""Take the reasons over from quotations, if the opportunity is lost because they are."""
		if self.status != status.LOST or self.own_status == status.LOST or self.lost_reasons:
			return
		lost = [frappe.get_doc("Quotation", q.name) for q in quotations if q.state == quotation_status.LOST]
		self.set(
			"lost_reasons",
			rows_from(_unique(r.lost_reason for q in lost for r in q.lost_reasons), "lost_reason"),
		)
		known = [row.competitor for row in self.competitors]
		won_against = _unique([*known, *(r.competitor for q in lost for r in q.competitors)])
		self.set("competitors", rows_from(won_against, "competitor"))
		texts = _unique(q.order_lost_reason for q in lost if q.order_lost_reason)
		self.order_lost_reason = self.order_lost_reason or "\n".join(texts)

	def check_lost(self, before: Document | None) -> None:
		"""Refuse a loss without a reason, but not what the software does about one that was recorded without."""
		known = self.flags.by_software and before and before.status == status.LOST
		if self.status == status.LOST and not self.lost_reasons and not known:
			name_in_answer(self)
			frappe.throw(
				_("Choose at least one reason for losing the opportunity."),
				LostReasonsMissing,
				title=_("Lost Reasons Missing"),
			)

	def set_dates_of_ended(self) -> None:
		"""Date what comes in won or lost: it ended when it says, else when it was expected to, and was there by then."""
		if self.status not in (status.CONVERTED, status.LOST):
			return
		now = getdate(today())
		self.closed_on = self.closed_on or min(getdate(self.expected_closing or now), now)
		if getdate(self.closed_on) <= now:
			self.transaction_date = min(getdate(self.transaction_date), getdate(self.closed_on))

	def set_closing(self, before: Document | None, quotations: list) -> None:
		"""Closing data exists exactly while the opportunity is ended."""
		if self.status not in status.ENDED:
			self.closed_on = self.close_revenue_currency = None
			self.close_revenue = 0
			if self.own_status != status.LOST and before and before.status == status.LOST:
				self._forget_loss()
			return
		ordered = orders_among(quotations)
		won_by_order = self.status == status.CONVERTED != self.own_status
		came_in, now = getdate(self.transaction_date), getdate(today())
		if won_by_order:
			self.closed_on = max(came_in, *(getdate(quotation.ordered_on) for quotation in ordered))
		self.closed_on = getdate(self.closed_on or now)
		if not min(came_in, now) <= self.closed_on <= max(came_in, now):
			frappe.throw(
				_("Closed On must lie between the opportunity's date {0} and today.").format(
					frappe.format(self.transaction_date, "Date")
				),
				ClosedOutOfTime,
				title=_("Closed Out of Time"),
			)
		if self.status == status.CONVERTED:
			self._forget_loss()
		if self.status != status.CONVERTED:
			self.close_revenue, self.close_revenue_currency = 0, self.currency
		elif won_by_order:
			self.set_revenue_of_orders(ordered)
		elif not before or before.status != status.CONVERTED:
			self.close_revenue_currency = self.close_revenue_currency or self.currency
			if before:
				self.close_revenue = self.close_revenue or None

	def _forget_loss(self) -> None:
		"""Leave no trace of a loss that was none; should its order be cancelled, the opportunity is in play again."""
		self.set("lost_reasons", [])
		self.order_lost_reason = None
		if self.own_status == status.LOST:
			self.own_status = self.status_after_pause()

	def set_revenue_of_orders(self, ordered: list) -> None:
		"""Set the revenue: what was ordered, as a whole or in part, in its currency if that is one, else in base currency."""
		currencies = {quotation.currency for quotation in ordered}
		if len(currencies) == 1:
			self.close_revenue_currency = currencies.pop()
			self.close_revenue = sum(flt(quotation.value) for quotation in ordered)
		else:
			self.close_revenue_currency = self.base_currency
			self.close_revenue = sum(flt(quotation.base_value) for quotation in ordered)

	def rate_date(self) -> date:
		"""Return today while in play; the closing date once ended, so that the value is frozen."""
		return getdate(self.closed_on) if self.status in status.ENDED else getdate(today())

	def set_conversion_rate(self) -> None:
		if self.stays_ended() and (stored := self.stored_rate(self.currency)):
			self.conversion_rate, self.inverse_rate = float(stored), stored.divisor
		else:
			super().set_conversion_rate()

	def rate_of_revenue(self) -> money.Rate:
		"""Return base currency per unit of the revenue's currency, frozen at closing as the opportunity's own rate is."""
		currency = self.close_revenue_currency
		if currency == self.currency:
			return self.rate
		before = self.get_doc_before_save()
		if (
			before
			and self.stays_ended()
			and before.close_revenue_currency == currency
			and before.close_revenue
		):
			return money.Rate(flt(before.base_close_revenue) / flt(before.close_revenue))
		return exchange_rate(
			currency,
			self.base_currency,
			getdate(self.closed_on),
			stored=lambda: self._rate_of_orders(currency),
		)

	def _rate_of_orders(self, currency: str) -> money.Rate:
		"""Return the rate that the opportunity's orders in a currency were valued at, on average; 0 if there are none."""
		orders = [order for order in orders_among(quotations_of(self.name)) if order.currency == currency]
		value = sum(flt(order.value) for order in orders)
		return money.Rate(sum(flt(order.base_value) for order in orders) / value if value else 0)

	def stays_ended(self) -> bool:
		"""Return whether this save leaves an ended opportunity in the status that it has: what is frozen stays so."""
		before = self.get_doc_before_save()
		return bool(before and before.status == self.status and self.status in status.ENDED)

	def set_close_revenue(self) -> None:
		"""Revenue of a won opportunity defaults to its amount; its base value uses the rate of the closing day."""
		if self.status == status.CONVERTED and self.close_revenue is None:
			self.close_revenue = self.opportunity_amount
		if not self.close_revenue:
			self.base_close_revenue = 0
			return
		self.close_revenue = money.round_to(flt(self.close_revenue), decimals_of(self.close_revenue_currency))
		self.base_close_revenue = self.rate_of_revenue().of(
			self.close_revenue, decimals_of(self.base_currency)
		)


def name_in_answer(opportunity: Document) -> None:
	"""Let the answer to a request say which opportunity a refusal is about, for boards to ask what is missing."""
	frappe.local.response["opportunity"] = opportunity.name


def _unique(values: Iterable[str]) -> list:
	return list(dict.fromkeys(values))
