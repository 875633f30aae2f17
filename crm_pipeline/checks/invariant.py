"""What an invariant is, and what a repair of what breaks it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from pypika.queries import QueryBuilder

SERIOUS = "serious"  # figures or rules are wrong, or something is lost
MINOR = "minor"  # something is shown wrongly, or slow; nothing is lost
# How what follows from the status is mended.
STATUS_FIRST = "Repaired where the history has the same status; else see `history-last-state` first."

Found: TypeAlias = QueryBuilder | list[str]  # a query selects one column, `name`


@dataclass(frozen=True)
class Repair:
	"""How what breaks an invariant is put right, where the right value is certain from other stored facts.

	`act` does it to the records of these names, at most a batch of them, with a fixed number of statements, and says on
	them what it changed. `certain` finds those of which it is certain, as `Invariant.broken` finds all; None means all.
	"""

	act: Callable[[list[str]], None]
	certain: Callable[[], Found] | None = None


@dataclass(frozen=True)
class Invariant:
	"""A sentence that holds of all records of a DocType, and what is to be done about those of which it does not.

	`broken` finds these by name. A query that can be repaired reads from the table of the DocType, without an alias, and
	from no other but in subqueries.
	"""

	name: str
	doctype: str
	says: str
	seriousness: str
	mend: str
	broken: Callable[[], Found]
	repair: Repair | None = None

	def repairable(self) -> Found:
		"""Return what finds the records that break it and can be put right."""
		certain = self.repair.certain if self.repair else None
		return (certain or self.broken)()
