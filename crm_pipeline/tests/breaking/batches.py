"""Batches of auto-close, and mails that wait."""

from frappe.model.document import Document

from crm_pipeline.tests.breaking.writing import NOWHERE, add, breaks, put
from crm_pipeline.tests.factories import (
	in_days,
	make,
	make_opportunity,
)


def batch(**fields) -> Document:
	return make("Auto Close Batch", **{"status": "Done", "day": in_days(0), "closed": 1, **fields})


def closed_in(batch: str, **fields) -> str:
	values = {"opportunity": make_opportunity().name, "result": "Closed", **fields}
	return add("Auto Closed Opportunity", batch=batch, **values)


@breaks("closed-in-batch")
def closed_in_no_batch():
	return [closed_in(NOWHERE)]


@breaks("closed-is-there")
def closed_and_gone():
	return [closed_in(batch().name, opportunity=NOWHERE)]


@breaks("closed-once")
def closed_twice():
	made, opportunity = batch(closed=2), make_opportunity().name
	for _time in range(2):
		closed_in(made.name, opportunity=opportunity)
	return [made.name]


@breaks("batch-counts", repaired=True)
def a_batch_that_counts_too_few():
	made = batch(closed=0)
	closed_in(made.name)
	return [made.name]


@breaks("batch-undone")
def undone_with_something_left():
	made = batch(status="Undone")
	closed_in(made.name)
	return [made.name]


@breaks("mail-to-do")
def a_mail_with_nothing_to_do():
	return [make("Mail Intake Log", result="Waiting").name]


@breaks("mail-to-do")
def a_mail_that_is_gone():
	entry = make("Mail Intake Log", result="Waiting", to_do="Judge")
	return put(entry, communication=NOWHERE)


@breaks("mail-in-parts")
def a_message_without_its_middle():
	entry = make("Mail Intake Log", result="Dropped", message="Beginning")
	make("Mail Intake Part", entry=entry.name, part=3, message="End")
	return [entry.name]


@breaks("mail-in-parts")
def a_part_of_nothing():
	add("Mail Intake Part", entry=NOWHERE, part=2, message="End")
	return [NOWHERE]
