import frappe
from frappe import _

from crm_pipeline.exceptions import MasterDisabled
from crm_pipeline.money.charges import check_charges
from crm_pipeline.utils.markup import bold
from crm_pipeline.utils.named_document import NamedDocument
from crm_pipeline.utils.single_default import unset_other_defaults

OF_A_QUOTATION = ("total", "base_tax_amount", "base_total")


class SalesTaxesandChargesTemplate(NamedDocument):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from crm_pipeline.crm_pipeline.doctype.sales_taxes_and_charges.sales_taxes_and_charges import (
			SalesTaxesandCharges,
		)

		disabled: DF.Check
		is_default: DF.Check
		taxes: DF.Table[SalesTaxesandCharges]
		title: DF.Data
	# end: auto-generated types
	name_fields = ("title",)

	def validate(self) -> None:
		self.refuse_disabled_default()
		check_charges(self.taxes)
		self.empty_amounts()

	def on_update(self) -> None:
		unset_other_defaults(self)

	def refuse_disabled_default(self) -> None:
		if self.is_default and self.disabled:
			frappe.throw(
				_(
					"{0} is the default for new quotations. Make another the default, or none, to disable it."
				).format(bold(self.name or self.title)),
				MasterDisabled,
				title=_("Default Cannot Be Disabled"),
			)

	def empty_amounts(self) -> None:
		"""Leave what only a quotation can say out of the rows."""
		for row in self.taxes:
			row.update(dict.fromkeys(OF_A_QUOTATION, 0))
