"""An amount that follows the quotations, where that is wanted."""

from crm_pipeline.money.exchange_rates import decimals_of
from crm_pipeline.money.priced_document import PricedDocument
from crm_pipeline.quoting.quotations import orders_among, quotations_of
from crm_pipeline.rules import status
from crm_pipeline.rules.quoted_amount import quoted_amount, states_of_worth


class QuotedAmount(PricedDocument):
	def follow_quotations(self) -> None:
		"""Set the amount to what the quotations that count add up to; without any it stays what it is."""
		if not self.amount_follows_quotation or not self.get_doc_before_save():
			return
		states = states_of_worth(self.status)
		quotations = quotations_of(self.name, hold=bool(self.flags.by_software))
		if self.status == status.CONVERTED:
			quotations = orders_among(quotations)
		counting = [quotation for quotation in quotations if quotation.state in states]
		if not counting:
			return
		places, base_places = decimals_of(self.currency), decimals_of(self.base_currency)
		self.opportunity_amount = quoted_amount(counting, self.currency, self.rate, places)
		self.base_opportunity_amount = self.rate.of(self.opportunity_amount, base_places)
