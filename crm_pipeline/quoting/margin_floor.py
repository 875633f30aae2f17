"""The least margin that a quotation is submitted with, and who may pass one that leaves less."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt, now_datetime

from crm_pipeline.exceptions import MarginBelowFloor
from crm_pipeline.money.exchange_rates import decimals_of
from crm_pipeline.permissions.field_levels import is_readable
from crm_pipeline.permissions.managing import manages_sales
from crm_pipeline.quoting.margin_fields import MarginFields, net_of
from crm_pipeline.quoting.supplier_rows import supplier_rows
from crm_pipeline.rules import margin
from crm_pipeline.utils.markup import bold
from crm_pipeline.utils.stored_record import stored_record_method

PASSED = ("margin_passed_by", "margin_passed_on", "passed_margin")


class MarginFloor(MarginFields):
	"""The part of a quotation that stands against selling for too little."""

	def is_below_floor(self) -> bool:
		"""Return whether the rows whose cost is known leave less together than Selling Settings ask for."""
		rows = self.rows_with_cost()
		return bool(rows) and margin.is_below_floor(
			sum(net_of(row) for row in rows),
			flt(self.base_cost),
			frappe.get_cached_doc("Selling Settings").least_margin(),
			decimals_of(self.base_currency),
			len(rows),
		)

	def is_passed(self) -> bool:
		"""Return whether a manager has passed this margin, or one that left less."""
		return bool(self.margin_passed_by) and flt(self.margin_percentage) >= flt(self.passed_margin)

	def check_margin_floor(self) -> None:
		"""Refuse to submit below the floor; where a manager does it, keep that they did.

		Raises:
			MarginBelowFloor
		"""
		if self.docstatus != 1:
			return
		self.check_units()
		if not self.is_below_floor() or self.is_passed():
			return
		self.require_manager()
		self.update(self.pass_of_session())

	def check_units(self) -> None:
		"""Refuse a row in another unit than its offer where a margin is asked for: what it costs is not known.

		Raises:
			MarginBelowFloor: the user is no Sales Manager.
		"""
		rows = self.rows_with_cost()
		if not rows or manages_sales() or not frappe.get_cached_doc("Selling Settings").least_margin():
			return
		offers = supplier_rows(row.supplier_quotation_item for row in rows)
		for row in rows:
			offer = offers.get(row.supplier_quotation_item)
			if offer and not margin.is_same_unit(row.uom, offer.uom):
				frappe.throw(
					_(
						"Row {0} is in another unit than the supplier's offer. Bring the units in line, or ask a Sales Manager to submit it."
					).format(row.idx),
					MarginBelowFloor,
					title=_("Other Unit"),
				)

	def onload(self) -> None:
		"""Let the form offer a manager to pass the margin of a draft."""
		offered = self.docstatus == 0 and manages_sales() and is_readable("Quotation", "base_cost")
		self.set_onload("needs_margin_pass", offered and self.is_below_floor() and not self.is_passed())

	def require_manager(self) -> None:
		if not manages_sales():
			frappe.throw(below_floor(self), MarginBelowFloor, title=_("Margin below Floor"))

	def pass_of_session(self) -> dict:
		"""Return that the session's user passes the present margin now."""
		values = frappe.session.user, now_datetime(), self.margin_percentage
		return dict(zip(PASSED, values, strict=True))

	def mention_pass(self) -> None:
		"""Say in the timeline who passed the margin; how much it is, is not for all who read that."""
		self.add_comment("Info", _("passed the margin below the floor"))

	def mention_pass_on_submit(self) -> None:
		if self.margin_passed_by and self.has_value_changed("margin_passed_on"):
			self.mention_pass()

	@stored_record_method()
	def pass_margin(self) -> Document:
		"""Let a draft be submitted with its present margin, or a higher one, though that is below the floor.

		Raises:
			MarginBelowFloor: the user is no Sales Manager.
		"""
		if self.docstatus == 0 and self.is_below_floor() and not self.is_passed():
			self.require_manager()
			self.db_set(self.pass_of_session())
			self.mention_pass()
		return self


def below_floor(quotation: Document) -> str:
	"""Return what is wrong with a margin: figures are for those who may read costs."""
	if not is_readable("Quotation", "margin_percentage"):
		return _("The margin is below the floor in Selling Settings. Ask a Sales Manager to pass it.")
	floor = frappe.get_cached_doc("Selling Settings").least_margin()
	figures = _("The margin is {0} %, below the floor of {1} % in Selling Settings.").format(
		bold(shown(quotation.margin_percentage)), bold(shown(floor))
	)
	if manages_sales():
		remedy = _("Submitting passes it, which the quotation says from then on.")
	else:
		remedy = _("Raise the prices, or ask a Sales Manager to pass it.")
	return f"{figures} {remedy}"


def shown(percentage: float) -> str:
	"""Return a percentage as people of this site write numbers."""
	return frappe.format(flt(percentage), {"fieldtype": "Float", "precision": 2})
