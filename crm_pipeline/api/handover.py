"""Handing the pipeline of somebody who leaves, or is away, to somebody else in one step."""

import frappe
from frappe import _

from crm_pipeline.assignment import handover, reassignment
from crm_pipeline.exceptions import SuccessorDisabled, SuccessorIsLeaver, SuccessorNotInSales
from crm_pipeline.permissions.switch import is_switched_off, refuse_unless_manager
from crm_pipeline.utils.markup import escaped


@frappe.whitelist(methods=["GET"])
def preview_handover(leaver: str) -> dict:
	"""What `hand_over` would move.

	Returns: `leaver`, `full_name`, `total`, `rules` (names of the assignment rules that would find somebody else once
	the leaver is disabled), and `kinds`: for each its `kind`, `label`, `doctype`, `count` and the first `rows` with
	`name` and `title`.
	"""
	_refuse_strangers()
	user = frappe.get_doc("User", leaver)
	labels, counts = handover.labels(), handover.counts_of(user.name)
	return {
		"leaver": user.name,
		"full_name": user.full_name,
		"total": sum(counts.values()),
		"rules": reassignment.rules_that_choose(),
		"kinds": [
			{
				"kind": kind.key,
				"label": labels[kind.key],
				"doctype": kind.doctype,
				"count": counts[kind.key],
				"rows": handover.first_rows(kind, user.name) if counts[kind.key] else [],
			}
			for kind in handover.KINDS
		],
	}


@frappe.whitelist(methods=["POST"])
def hand_over(leaver: str, successor: str) -> dict[str, list[str]]:
	"""Give a user's open deals and next contacts, leads, customers, open tasks and appointments to another.

	Returns: the names of what was moved, by kind; empty lists where there was nothing.

	Raises:
		SuccessorIsLeaver, SuccessorDisabled, SuccessorNotInSales, OpportunitiesSwitchedOff
	"""
	_refuse_strangers()
	former, new = frappe.get_doc("User", leaver), frappe.get_doc("User", successor)
	_check_successor(former, new)
	return handover.pass_on(former.name, new.name)


def _refuse_strangers() -> None:
	refuse_unless_manager(_("Only a Sales Manager or System Manager hands over what is somebody else's."))


def _check_successor(leaver, successor) -> None:
	title = _("Choose Another Successor")
	if leaver.name == successor.name:
		frappe.throw(
			_("{0} cannot take over from themselves.").format(escaped(leaver.full_name)),
			SuccessorIsLeaver,
			title=title,
		)
	if not successor.enabled:
		frappe.throw(
			_("{0} is disabled.").format(escaped(successor.full_name)), SuccessorDisabled, title=title
		)
	may_sell = frappe.has_permission("Opportunity", "write", user=successor.name)
	if not may_sell or is_switched_off(successor.name):
		frappe.throw(
			_("{0} cannot work with opportunities. Give the role Sales User first.").format(
				escaped(successor.full_name)
			),
			SuccessorNotInSales,
			title=title,
		)
