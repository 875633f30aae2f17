import frappe
from frappe import _
from frappe.model.document import Document

from crm_pipeline.exceptions import BaseCurrencyFixed
from crm_pipeline.money import site_currency
from crm_pipeline.utils.guarded_document import GuardedDocument
from crm_pipeline.utils.validation import refuse_impossible_values


class SellingSettings(GuardedDocument):
	def before_validate(self):
		refuse_impossible_values(self)

	def validate(self):
		self.refuse_change_of_base_currency()

	def on_update(self):
		self.apply_base_currency()
		self.start_sessions_anew()

	def apply_base_currency(self):
		"""People can choose the base currency, and documents that hold no amount yet are in it."""
		before = self.get_doc_before_save()
		site_currency.enable(self.base_currency)
		if before and before.base_currency and before.base_currency != self.base_currency:
			site_currency.move_documents(before.base_currency, self.base_currency)

	def start_sessions_anew(self):
		"""Desk keeps for each user what it was told at the last start; after these changes it is to ask again."""
		before = self.get_doc_before_save()
		if before and (
			switched_off(before) != switched_off(self) or before.base_currency != self.base_currency
		):
			frappe.clear_cache()

	def refuse_change_of_base_currency(self):
		before = self.get_doc_before_save()
		if not before or not before.base_currency or before.base_currency == self.base_currency:
			return
		if site_currency.has_amounts():
			frappe.throw(
				_("Amounts are already kept in {0}; the base currency cannot change any more.").format(
					before.base_currency
				),
				BaseCurrencyFixed,
				title=_("Base Currency Fixed"),
			)


def switched_off(settings: Document) -> tuple[bool, set[str]]:
	"""For whom settings switch opportunities off: for all, or for roles."""
	return bool(settings.disable_opportunities), {row.role for row in settings.disabled_roles}
