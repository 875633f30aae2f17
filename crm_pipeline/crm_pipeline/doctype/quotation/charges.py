"""Which taxes and charges a quotation takes."""

from crm_pipeline.money.charges import TEMPLATE, TYPED, check_charges, default_template, rows_of_template
from crm_pipeline.quoting.quoting_document import QuotingDocument
from crm_pipeline.utils.disabled import refuse_disabled


class Charges(QuotingDocument):
	"""Takes the rows of a template where a save brings none of its own."""

	# Fields that it writes.
	taxes_and_charges: str | None

	def set_charges(self) -> None:
		"""Choose the template, and take its rows over if it is newly chosen and the rows are as they were.

		What continues another quotation charges as that did: nothing, where its rows were left out or taken away.
		"""
		before = self.get_doc_before_save()
		if not before and not self.taxes and not self.are_charges_chosen():
			self.propose_template()
		newly_chosen = self.taxes_and_charges != (before.taxes_and_charges if before else None)
		if newly_chosen and self.taxes_and_charges:
			refuse_disabled(TEMPLATE, self.taxes_and_charges)
			if self.keeps_charges() and not self.are_charges_chosen():
				self.take_charges(self.taxes_and_charges)
		check_charges(self.taxes)

	def are_charges_chosen(self) -> bool:
		"""Return whether the rows are as meant, also none.

		They are in a new revision or amendment, and in a form that has filled them in while the user looked, or whose
		user took them away: it says so in `__charges_chosen`.
		"""
		if self.get("__charges_chosen"):
			return True
		return not self.get_doc_before_save() and bool(self.replaces or self.amended_from)

	def propose_template(self) -> None:
		self.taxes_and_charges = self.taxes_and_charges or default_template()

	def keeps_charges(self) -> bool:
		"""Return whether the rows are those that are stored; of a new quotation, that there are none."""
		before = self.get_doc_before_save()
		stored = before.taxes if before else []
		return [row.name for row in self.taxes] == [row.name for row in stored] and all(
			row.get(field) == old.get(field)
			for row, old in zip(self.taxes, stored, strict=True)
			for field in TYPED
		)

	def take_charges(self, template: str) -> None:
		self.set_currency()
		rate = self.rate_of(self.currency)
		self.set("taxes", rows_of_template(template, self.currency, rate))
