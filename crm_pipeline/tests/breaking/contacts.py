"""Next contacts with their calendar entries, and assignments."""

import frappe

from crm_pipeline.tests.breaking.writing import add, breaks, closed, planned, put
from crm_pipeline.tests.factories import (
	in_days,
	make,
	make_lead,
	make_opportunity,
	make_user,
)

# Next contacts


@breaks("contact-in-play", repaired=True)
def a_contact_after_the_end():
	return put(closed(), next_contact_date=f"{in_days(1)} 10:00:00", next_contact_by="Administrator")


@breaks("contact-of-somebody")
def a_contact_of_nobody():
	return put(planned(), next_contact_by=None)


@breaks("contact-has-entry", repaired=True)
def a_contact_without_entry():
	opportunity = planned()
	frappe.db.delete("Event", {"name": opportunity.follow_up_event})
	return [opportunity.name]


@breaks("entry-has-contact", repaired=True)
def an_entry_after_the_end():
	event = make("Event", subject="Contact", starts_on=f"{in_days(1)} 10:00:00")
	return put(closed(), follow_up_event=event.name)


@breaks("entry-has-contact")
def an_entry_without_contact():
	return put(planned(), next_contact_date=None)


@breaks("entry-in-step")
def an_entry_at_another_time():
	opportunity = planned()
	frappe.db.set_value("Event", opportunity.follow_up_event, "starts_on", f"{in_days(9)} 10:00:00")
	return [opportunity.name]


@breaks("entry-in-step")
def an_entry_of_another_user():
	opportunity = planned()
	frappe.db.set_value("Event", opportunity.follow_up_event, "owner", make_user("Sales User"))
	return [opportunity.name]


@breaks("entry-of-one")
def an_entry_of_two():
	first, second = planned(), planned()
	put(second, follow_up_event=first.follow_up_event)
	return [first.name, second.name]


@breaks("reminded-of-contact", repaired=True)
def reminded_of_another_time():
	return put(planned(), follow_up_reminded_for=f"{in_days(1)} 10:00:00")


# Assignments


@breaks("assigned-opportunities", repaired=True)
def assigned_without_a_task():
	return put(make_opportunity(), _assign='["somebody@example.com"]')


@breaks("assigned-opportunities", repaired=True)
def a_task_of_nobody_listed():
	opportunity = make_opportunity()
	for _number in range(2):
		task = {"reference_type": "Opportunity", "reference_name": opportunity.name}
		add("ToDo", status="Open", allocated_to=make_user("Sales User"), **task)
	return [opportunity.name]


@breaks("assigned-leads", repaired=True)
def a_lead_with_a_broken_list():
	return put(make_lead(), _assign="not a list")
