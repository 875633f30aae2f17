"""What happens on Frappe's own DocTypes and concerns an opportunity."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_datetime

from crm_pipeline.controllers import assignment_rules, owned, reassignment, succession
from crm_pipeline.follow_ups.calendar import COMPLETED
from crm_pipeline.permissions.switch import is_switched_off
from crm_pipeline.utils.guarded_document import BY_SOFTWARE
from crm_pipeline.utils.markup import bold, escaped


def follow_calendar(event: Document, method: str | None = None) -> None:
	"""Let the next contact of an opportunity go along when its entry is moved or completed in the calendar."""
	before = event.get_doc_before_save()
	name = opportunity_of(event) if before and not event.flags.of_follow_up else None
	moved = name and get_datetime(event.starts_on) != get_datetime(before.starts_on)
	completed = name and event.status == COMPLETED != before.status
	if not (moved or completed):
		return
	opportunity = frappe.get_doc("Opportunity", name, for_update=True)
	if opportunity.next_contact_by != frappe.session.user:
		opportunity.check_permission("write")
	# His calendar is a user's own: moving an entry of it needs no right on the rest of the deal.
	opportunity.flags.update(BY_SOFTWARE, follows_calendar=True)
	opportunity.next_contact_date = event.starts_on
	if completed:
		opportunity.finish_follow_up(_("Marked as completed in the calendar."))
	else:
		opportunity.save()


def forget_event(event: Document, method: str | None = None) -> None:
	"""A deleted calendar entry drops no next contact: the next save or the nightly job makes another."""
	name = None if event.flags.of_follow_up else opportunity_of(event)
	if name:
		frappe.db.set_value("Opportunity", name, "follow_up_event", None, update_modified=False)


def opportunity_of(event: Document) -> str | None:
	"""The opportunity whose next contact the calendar entry is."""
	return frappe.db.get_value("Opportunity", {"follow_up_event": event.name})


def follow_assignment(task: Document, method: str | None = None) -> None:
	"""Let whoever an opportunity or lead without owner is assigned to become its owner."""
	owned.fill_owner(task)


def await_turn(task: Document, method: str | None = None) -> None:
	"""Let people who assign the same opportunity or lead do so one after the other."""
	owned.hold_record(task)


def keep_finished_task(task: Document, method: str | None = None) -> None:
	"""Keep assignment rules from reopening what is done."""
	owned.keep_finished(task)


def check_assignment_rule(rule: Document, method: str | None = None) -> None:
	"""Refuse a rule on opportunities or leads that could not assign."""
	assignment_rules.check_rule(rule)


def reassign_work(user: Document, method: str | None = None) -> None:
	"""Take a user who was just disabled out of the rules, and let them assign his work anew."""
	if was_just_disabled(user):
		assignment_rules.leave_rules(user.name)
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
	labels, counts = succession.labels(), succession.counts_of(user.name)
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
						"To hand it all over, choose Hand Over Pipeline in the menu of the user, or POST leaver and successor to {0}."
					).format("/api/method/crm_pipeline.api.handover.hand_over"),
				)
			),
			title=_("Pipeline to Hand Over"),
		)


def what_rules_do() -> list[str]:
	"""What somebody who disables a user should know of the assignment rules that are on; nothing if none is."""
	rules = reassignment.rules_that_choose()
	if not rules:
		return []
	names = ", ".join(bold(rule) for rule in rules)
	text = _(
		"Open opportunities and leads are assigned anew in the background, as far as a rule is for them: {0}."
	)
	return [text.format(names)]
