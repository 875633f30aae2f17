"""What a stage of a sales process requires of an opportunity that enters it."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple

FIELD = "Field"
ITEM = "Item"
CONTACT = "Contact within Days"
SUPPLIER_QUOTATION = "Supplier Quotation"


class Requirement(NamedTuple):
	"""One condition: a kind (one of the constants), with a field name or a number of days where it needs one."""

	kind: str
	fieldname: str | None = None
	days: int = 0


class Facts(NamedTuple):
	"""What is known about an opportunity: names of its filled fields, number of item rows, day of the newest contact."""

	filled: Collection[str]
	items: int
	last_contact: date | None
	supplier_quotation: bool


def missing(requirements: Iterable[Requirement], facts: Facts, today: date) -> list[Requirement]:
	"""Return the requirements that an opportunity does not meet, in their order, each once."""
	return [each for each in dict.fromkeys(requirements) if not _is_met(each, facts, today)]


def _is_met(requirement: Requirement, facts: Facts, today: date) -> bool:
	if requirement.kind == FIELD:
		return requirement.fieldname in facts.filled
	if requirement.kind == ITEM:
		return facts.items > 0
	if requirement.kind == SUPPLIER_QUOTATION:
		return facts.supplier_quotation
	return facts.last_contact is not None and (today - facts.last_contact).days <= requirement.days
