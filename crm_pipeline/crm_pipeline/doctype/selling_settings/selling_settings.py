import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, flt

from crm_pipeline.exceptions import BaseCurrencyFixed, MarginImpossible, WorkingHoursImpossible
from crm_pipeline.money import site_currency
from crm_pipeline.permissions.visibility import OWN
from crm_pipeline.rules.margin import is_possible_percentage
from crm_pipeline.rules.working_hours import DAYS, WorkingHours, minute_of_day
from crm_pipeline.utils.guarded_document import GuardedDocument
from crm_pipeline.utils.validation import refuse_impossible_values


class SellingSettings(GuardedDocument):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from crm_pipeline.crm_pipeline.doctype.selling_disabled_role.selling_disabled_role import (
			SellingDisabledRole,
		)
		from crm_pipeline.crm_pipeline.doctype.selling_party_type.selling_party_type import SellingPartyType

		announce_scheduled_changes: DF.Check
		base_currency: DF.Link
		close_opportunity_after_days: DF.Int
		company_address: DF.Link | None
		company_name: DF.Data | None
		default_quotation_terms: DF.TextEditor | None
		disable_opportunities: DF.Check
		disabled_roles: DF.TableMultiSelect[SellingDisabledRole]
		exchange_rate_tolerance: DF.Percent
		margin_floor: DF.Percent
		opportunity_visibility: DF.Literal["All", "Own, Assigned and Shared"]
		party_types: DF.TableMultiSelect[SellingPartyType]
		quotation_validity_days: DF.Int
		remind_suppliers_before_days: DF.Int
		supplier_rate_max_age_days: DF.Int
		warn_before_auto_close_days: DF.Int
		work_begins_at: DF.Data | None
		work_ends_at: DF.Data | None
		works_on_friday: DF.Check
		works_on_monday: DF.Check
		works_on_saturday: DF.Check
		works_on_sunday: DF.Check
		works_on_thursday: DF.Check
		works_on_tuesday: DF.Check
		works_on_wednesday: DF.Check

	# end: auto-generated types
	def before_validate(self) -> None:
		refuse_impossible_values(self)

	def validate(self) -> None:
		self.refuse_change_of_base_currency()
		self.refuse_impossible_floor()
		self.refuse_impossible_hours()

	def on_update(self) -> None:
		self.apply_base_currency()
		self.start_sessions_anew()

	def allowed_party_types(self) -> list[str]:
		"""Return the DocTypes that parties of opportunities may be of, in the order of the settings."""
		return [row.party_type for row in self.party_types]

	def auto_close_days(self) -> int:
		"""Return the days without contact after which an opportunity is closed; 0 for never."""
		return max(cint(self.close_opportunity_after_days), 0)

	def warning_days(self) -> int:
		"""Return how many days before that its owner is notified; 0 for not at all."""
		return max(cint(self.warn_before_auto_close_days), 0)

	def validity_days(self) -> int:
		"""Return for how many days new quotations are valid that say nothing else; 0 for without end."""
		return max(cint(self.quotation_validity_days), 0)

	def supplier_reminder_days(self) -> int:
		"""Return how many days before an answer is due suppliers are reminded; 0 for not at all."""
		return max(cint(self.remind_suppliers_before_days), 0)

	def least_margin(self) -> float:
		"""Return the margin in percent below which only a Sales Manager submits a quotation; 0 for none."""
		return max(flt(self.margin_floor), 0)

	def supplier_rate_days(self) -> int:
		"""Return the days after which a supplier's rates are warned of; 0 for never."""
		return max(cint(self.supplier_rate_max_age_days), 0)

	def rate_tolerance(self) -> float:
		"""Return by how much, in percent, an exchange rate may move before it is warned of; 0 for however much."""
		return max(flt(self.exchange_rate_tolerance), 0)

	def working_hours(self) -> WorkingHours | None:
		"""Return the working hours of the week; None where no times are set."""
		if not (self.work_begins_at and self.work_ends_at):
			return None
		days = (number for number, day in enumerate(DAYS) if cint(self.get(f"works_on_{day}")))
		return WorkingHours(
			frozenset(days), minute_of_day(self.work_begins_at), minute_of_day(self.work_ends_at)
		)

	def shows_all(self) -> bool:
		"""Return whether everybody who works with opportunities sees all of them."""
		return self.opportunity_visibility != OWN

	def announces_changes_of_jobs(self) -> bool:
		"""Return whether what jobs change is announced to Notifications and Webhooks."""
		return bool(self.announce_scheduled_changes)

	def switched_off_for_all(self) -> bool:
		"""Return whether opportunities are off without regard to roles."""
		return bool(self.disable_opportunities)

	def switched_off_roles(self) -> set[str]:
		"""Return the roles for which opportunities are off."""
		return {row.role for row in self.disabled_roles}

	def apply_base_currency(self) -> None:
		"""Let people choose the base currency, and documents that hold no amount yet be in it."""
		before = self.get_doc_before_save()
		site_currency.enable(self.base_currency)
		if before and before.base_currency and before.base_currency != self.base_currency:
			site_currency.move_documents(before.base_currency, self.base_currency)

	def start_sessions_anew(self) -> None:
		"""Let Desk ask again what it keeps for each user from the last start; after these changes it is to ask again."""
		before = self.get_doc_before_save()
		if before and (
			switched_off(before) != switched_off(self) or before.base_currency != self.base_currency
		):
			frappe.clear_cache()

	def refuse_impossible_floor(self) -> None:
		"""Refuse a floor that no price could reach.

		Raises:
			MarginImpossible
		"""
		if not is_possible_percentage(self.least_margin()):
			frappe.throw(
				_("Margin Floor must lie below 100 %: no price leaves all of itself over its cost."),
				MarginImpossible,
				title=_("Margin Not Possible"),
			)

	def refuse_impossible_hours(self) -> None:
		"""Refuse working hours in which nobody could work.

		Raises:
			WorkingHoursImpossible
		"""
		if not (self.work_begins_at or self.work_ends_at):
			return
		try:
			hours = self.working_hours()
		except ValueError:
			hours = None
		if not hours or not hours.days or hours.begin >= hours.end:
			frappe.throw(
				_(
					"Working Hours need a time at which work begins, a later one at which it ends, both written as 9:00 or 17:30, and at least one day. To have none, empty both times."
				),
				WorkingHoursImpossible,
				title=_("Working Hours Not Possible"),
			)

	def refuse_change_of_base_currency(self) -> None:
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
	return settings.switched_off_for_all(), settings.switched_off_roles()
