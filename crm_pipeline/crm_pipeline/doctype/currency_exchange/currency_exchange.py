import frappe
from frappe import _
from frappe.utils import flt

from crm_pipeline.exceptions import ExchangeRateInvalid
from crm_pipeline.money.revaluation import revalue_open_opportunities
from crm_pipeline.rules.money import is_usable_rate
from crm_pipeline.utils.guarded_document import GuardedDocument
from crm_pipeline.utils.validation import refuse_impossible_values


class CurrencyExchange(GuardedDocument):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		date: DF.Date
		exchange_rate: DF.Float
		from_currency: DF.Link
		to_currency: DF.Link

	# end: auto-generated types
	def before_validate(self) -> None:
		refuse_impossible_values(self)

	def validate(self) -> None:
		if flt(self.exchange_rate) <= 0 or self.from_currency == self.to_currency:
			self.refuse(_("Enter a rate above 0 between two different currencies."))
		if not is_usable_rate(flt(self.exchange_rate)):
			self.refuse(
				_(
					"With nine decimals, this rate or its inverse would be 0. Enter one from {0} to {1}."
				).format("0.000000001", "1000000000")
			)

	def refuse(self, problem: str) -> None:
		frappe.throw(problem, ExchangeRateInvalid, title=_("Exchange Rate Invalid"))

	def on_update(self) -> None:
		revalue_open_opportunities()

	def after_delete(self) -> None:
		revalue_open_opportunities()
