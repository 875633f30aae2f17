"""The history of opportunities."""

import frappe
from frappe.model.document import Document
from frappe.utils import now_datetime

from crm_pipeline.tests.breaking.writing import NOWHERE, add, breaks, put
from crm_pipeline.tests.factories import (
	in_days,
	make_opportunity,
)


@breaks("history-last-state")
def a_change_past_the_history():
	return put(make_opportunity(), expected_closing=in_days(5))


@breaks("history-last-state")
def no_history_at_all():
	opportunity = make_opportunity()
	frappe.db.delete("Pipeline Change", {"opportunity": opportunity.name})
	return [opportunity.name]


def changed_twice() -> Document:
	opportunity = make_opportunity(expected_closing=in_days(3))
	opportunity.update({"expected_closing": in_days(5)}).save()
	return opportunity.update({"opportunity_amount": 5}).save()


def change_of(opportunity: Document, idx: int) -> Document:
	return frappe.get_doc("Pipeline Change", {"opportunity": opportunity.name, "idx": idx})


@breaks("history-spans", repaired=True)
def a_change_that_held_until_another_moment():
	opportunity = changed_twice()
	put(change_of(opportunity, 1), replaced_at=in_days(9))
	return [opportunity.name]


@breaks("history-spans", repaired=True)
def a_last_change_that_held_until_some_moment():
	opportunity = changed_twice()
	put(change_of(opportunity, 3), replaced_at=in_days(9))
	return [opportunity.name]


@breaks("history-spans", repaired=True)
def a_stay_without_end():
	opportunity = make_opportunity()
	opportunity.pause(in_days(5))
	put(change_of(opportunity, 1), stay_until=None)
	return [opportunity.name]


@breaks("history-numbered", also=("history-spans",))
def a_change_that_is_missing():
	opportunity = changed_twice()
	frappe.db.delete("Pipeline Change", {"name": change_of(opportunity, 2).name})
	return [opportunity.name]


@breaks("history-chained")
def a_value_that_starts_from_nowhere():
	opportunity = changed_twice()
	put(change_of(opportunity, 2), old_value=in_days(4))
	return [opportunity.name]


@breaks("history-begins")
def a_history_without_beginning():
	opportunity = make_opportunity()
	put(change_of(opportunity, 1), change="Stage")
	return [opportunity.name]


@breaks("history-chained")
def a_change_that_contradicts_its_state():
	opportunity = changed_twice()
	put(change_of(opportunity, 2), new_value=in_days(4))
	return [opportunity.name]


@breaks("history-of-something")
def a_history_of_nothing():
	add("Pipeline Change", idx=1, opportunity=NOWHERE, change="Created", at=now_datetime())
	return [NOWHERE]
