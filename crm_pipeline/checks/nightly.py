"""What the scheduler looks at every night: whether the history of each opportunity adds up to what it is now.

What reports tell of past days follows from the history alone, so what does not add up is logged, every night
until somebody has seen to it.
"""

import frappe
from frappe import _

from crm_pipeline.checks import history
from crm_pipeline.checks.running import Finding, check

EXAMPLES = 20  # opportunities that are named


def log_what_does_not_add_up() -> list[str]:
	"""Write one entry of the Error Log about the opportunities whose history does not add up, if there are any.

	Returns: the names of the first of them.
	"""
	found = [each for each in check(history.INVARIANTS, EXAMPLES) if each.count]
	if found:
		frappe.log_error(title=_("The history of opportunities does not add up"), message=_message(found))
	return sorted({name for each in found for name in each.names})


def _message(found: list[Finding]) -> str:
	labels = {
		"history-last-state": _(
			"The last change recorded of these opportunities says something else than they do:"
		),
		"history-numbered": _("Changes of these opportunities are missing, or recorded twice:"),
		"history-chained": _(
			"A change of these opportunities starts from another value than the one before has left, or ends with another than it says:"
		),
		"history-spans": _("A change of these opportunities was replaced at another time than it says:"),
		"history-begins": _("The history of these opportunities does not begin with their coming in:"),
		"history-of-something": _("These opportunities are not there, but their history is:"),
	}
	return "\n\n".join(f"{labels[each.invariant.name]}\n{_told(each)}" for each in found)


def _told(found: Finding) -> str:
	told = ", ".join(found.names)
	return told if found.count <= len(found.names) else _("{0} and others").format(told)
