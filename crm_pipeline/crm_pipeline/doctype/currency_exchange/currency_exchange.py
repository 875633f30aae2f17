import frappe
from frappe import _
from frappe.utils import flt

from crm_pipeline.controllers.input_checks import refuse_impossible_values
from crm_pipeline.controllers.revaluation import revalue_open_deals
from crm_pipeline.exceptions import ExchangeRateInvalid
from crm_pipeline.utils.locking import ConcurrentDocument


class CurrencyExchange(ConcurrentDocument):
	def before_validate(self):
		refuse_impossible_values(self)

	def validate(self):
		if flt(self.exchange_rate) <= 0 or self.from_currency == self.to_currency:
			frappe.throw(
				_("Enter a rate above 0 between two different currencies."),
				ExchangeRateInvalid,
				title=_("Exchange Rate Invalid"),
			)

	def on_update(self):
		revalue_open_deals()

	def after_delete(self):
		revalue_open_deals()
