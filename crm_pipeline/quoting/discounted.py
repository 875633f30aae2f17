"""Records with a discount, in percent or as an amount."""

from collections.abc import Mapping
from typing import ClassVar

from frappe.model.base_document import BaseDocument
from frappe.model.document import Document
from frappe.utils import flt


class Discounted(Document):
	"""A record whose discount is a percentage with the amount that follows from it, or an amount alone."""

	percentage_field: ClassVar[str]

	def update(self, values: Mapping) -> BaseDocument:
		"""Drop the amount with the percentage that it follows from, unless the same values name an amount."""
		dropped = (
			flt(self.get(self.percentage_field))
			and self.percentage_field in values
			and not flt(values[self.percentage_field])
		)
		if dropped and "discount_amount" not in values:
			values = {**values, "discount_amount": 0}
		return super().update(values)
