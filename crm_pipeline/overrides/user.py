"""What happens to users, and concerns their work in the pipeline."""

import frappe
from frappe import _
from frappe.model.document import Document

from crm_pipeline.assignment import handover, reassignment
from crm_pipeline.assignment.rules import leave_rules
from crm_pipeline.permissions.switch import is_switched_off
from crm_pipeline.utils.markup import bold, escaped


def reassign_work(user: Document, method: str | None = None) -> None:
	"""Take a user who was just disabled out of the rules, and let them assign their work to others."""
	if was_just_disabled(user):
		leave_rules(user.name)
		reassignment.enqueue(user.name)


def was_just_disabled(user: Document) -> bool:
	before = user.get_doc_before_save()
	return bool(before and before.enabled and not user.enabled)


def mention_what_is_left(user: Document, method: str | None = None) -> None:
	"""Tell a System Manager who disables a user what still waits for that user, and how to hand it over."""
	if not was_just_disabled(user):
		return
	if "System Manager" not in frappe.get_roles() or is_switched_off(frappe.session.user):
		return
	labels, counts = handover.labels(), handover.counts_of(user.name)
	left = [f"{labels[kind]}: {count}" for kind, count in counts.items() if count]
	if left:
		frappe.msgprint(
			" ".join(
				(
					_("{0} still has work in the pipeline ({1}).").format(
						escaped(user.full_name), "; ".join(left)
					),
					*what_rules_do(),
					_(
						"To hand it all over, choose Hand Over Pipeline in the menu of the user, or POST from_user and to_user to {0}."
					).format("/api/method/crm_pipeline.api.handover.hand_over"),
				)
			),
			title=_("Pipeline to Hand Over"),
		)


def what_rules_do() -> list[str]:
	"""Return what somebody who disables a user should know of the assignment rules that are on; nothing if none is."""
	rules = reassignment.names_of_auto_assigning_rules()
	if not rules:
		return []
	names = ", ".join(bold(rule) for rule in rules)
	text = _(
		"Open opportunities and leads are reassigned in the background, as far as a rule is for them: {0}."
	)
	return [text.format(names)]
