"""Handing the pipeline of somebody who leaves, or is away, to somebody else in one step."""

import frappe
from frappe import _
from frappe.model.document import Document

from crm_pipeline.assignment import handover, reassignment
from crm_pipeline.exceptions import SuccessorDisabled, SuccessorIsLeaver, SuccessorNotInSales
from crm_pipeline.permissions.switch import is_switched_off, refuse_unless_manager
from crm_pipeline.utils.markup import escaped


@frappe.whitelist(methods=["GET"])
def preview_handover(from_user: str | None = None, leaver: str | None = None) -> dict:
	"""Return what `hand_over` would move.

	Args:
		leaver: `from_user` as it was called before.

	Returns: `from_user` (also as `leaver`), `full_name`, `total`, `rules` (names of the assignment rules that would find somebody else once
	the user is disabled), and `kinds`: for each its `kind`, `label`, `doctype`, `count` and the first `rows` with
	`name` and `title`.
	"""
	_refuse_strangers()
	user = frappe.get_doc("User", from_user or leaver)
	labels, counts = handover.labels(), handover.counts_of(user.name)
	return {
		"from_user": user.name,
		"leaver": user.name,
		"full_name": user.full_name,
		"total": sum(counts.values()),
		"rules": reassignment.names_of_auto_assigning_rules(),
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
def hand_over(
	from_user: str | None = None,
	to_user: str | None = None,
	leaver: str | None = None,
	successor: str | None = None,
) -> dict[str, list[str]]:
	"""Give a user's open opportunities and next contacts, leads, customers, open tasks and appointments to another.

	Args:
		leaver, successor: `from_user` and `to_user` as they were called before.

	Returns: the names of what was moved, by kind; empty lists where there was nothing.

	Raises:
		SuccessorIsLeaver, SuccessorDisabled, SuccessorNotInSales, OpportunitiesSwitchedOff
	"""
	_refuse_strangers()
	former, new = frappe.get_doc("User", from_user or leaver), frappe.get_doc("User", to_user or successor)
	_check_new_user(former, new)
	return handover.transfer(former.name, new.name)


def _refuse_strangers() -> None:
	refuse_unless_manager(_("Only a Sales Manager or System Manager hands over what is somebody else's."))


def _check_new_user(former: Document, new: Document) -> None:
	title = _("Choose Another Successor")
	if former.name == new.name:
		frappe.throw(
			_("{0} cannot take over from themselves.").format(escaped(former.full_name)),
			SuccessorIsLeaver,
			title=title,
		)
	if not new.enabled:
		frappe.throw(_("{0} is disabled.").format(escaped(new.full_name)), SuccessorDisabled, title=title)
	may_sell = frappe.has_permission("Opportunity", "write", user=new.name)
	if not may_sell or is_switched_off(new.name):
		frappe.throw(
			_("{0} cannot work with opportunities. Give the role Sales User first.").format(
				escaped(new.full_name)
			),
			SuccessorNotInSales,
			title=title,
		)
