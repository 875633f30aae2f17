"""What happens to entries of the calendar, and concerns the next contact of an opportunity."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_datetime

from crm_pipeline.follow_ups.calendar import COMPLETED
from crm_pipeline.utils.guarded_document import act_as_software


def follow_calendar(event: Document, method: str | None = None) -> None:
	"""Let the next contact of an opportunity go along when its entry is moved or completed in the calendar."""
	before = event.get_doc_before_save()
	name = opportunity_of(event) if before and not event.flags.of_follow_up else None
	if not (before and name):
		return
	moved = get_datetime(event.starts_on) != get_datetime(before.starts_on)
	completed = event.status == COMPLETED != before.status
	if not (moved or completed):
		return
	opportunity = frappe.get_doc("Opportunity", name, for_update=True)
	if opportunity.next_contact_by != frappe.session.user:
		opportunity.check_permission("write")
	# His calendar is a user's own: moving an entry of it needs no right on the rest of the opportunity.
	act_as_software(opportunity)
	opportunity.follows_calendar = True
	opportunity.next_contact_date = event.starts_on
	if completed:
		opportunity.finish_follow_up(_("Marked as completed in the calendar."))
	else:
		opportunity.save()


def forget_event(event: Document, method: str | None = None) -> None:
	"""Let a deleted calendar entry drop no next contact: the next save or the nightly job makes another."""
	name = None if event.flags.of_follow_up else opportunity_of(event)
	if name:
		frappe.db.set_value("Opportunity", name, "follow_up_event", None, update_modified=False)


def opportunity_of(event: Document) -> str | None:
	"""Return the opportunity whose next contact the calendar entry is."""
	return frappe.db.get_value("Opportunity", {"follow_up_event": event.name})
