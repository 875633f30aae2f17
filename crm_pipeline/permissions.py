"""Which records a user may see, as one criterion for every query that lists or adds them up."""

from frappe.desk.reportview import build_match_conditions
from pypika.terms import Criterion, EmptyCriterion, LiteralValue


def visible(doctype: str) -> Criterion:
	"""What the session's user may see of a DocType: roles, sharing, user permissions and permission hooks.

	It is the condition that Frappe's own lists use, so that no report or board shows what a list hides. The
	query must read from that DocType's table without an alias.
	"""
	conditions = build_match_conditions(doctype)
	return LiteralValue(f"({conditions})") if conditions else EmptyCriterion()
