"""Leavers, what they have in the pipeline, and what becomes of it."""

import json

import frappe

from crm_pipeline.api.handover import hand_over, preview_handover
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make,
	make_customer,
	make_lead,
	make_opportunity,
	make_user,
	unique,
)

KINDS = ("opportunities", "follow_ups", "leads", "customers", "tasks", "events")
NOTHING = dict.fromkeys(KINDS, 0)


def make_event(owner: str, *participants, **fields):
	"""An appointment of tomorrow in somebody's calendar."""
	rows = [{"reference_doctype": doc.doctype, "reference_docname": doc.name} for doc in participants]
	values = {"subject": unique("Visit"), "starts_on": f"{in_days(1)} 10:00:00", "event_participants": rows}
	event = make("Event", **{**values, "event_type": "Private", **fields})
	event.db_set("owner", owner)
	return event


def make_task(user: str, **fields):
	return make("ToDo", **{"description": unique("Task"), "allocated_to": user, **fields})


def value(doc, field: str):
	return frappe.db.get_value(doc.doctype, doc.name, field)


class HandoverCase(TestCase):
	def setUp(self):
		super().setUp()
		self.leaver, self.successor = make_user("Sales User"), make_user("Sales User")

	def counts(self) -> dict[str, int]:
		return {kind["kind"]: kind["count"] for kind in preview_handover(self.leaver)["kinds"]}

	def moved(self) -> dict[str, list[str]]:
		return hand_over(self.leaver, self.successor)

	def assigned(self, doc) -> list[str]:
		return json.loads(value(doc, "_assign") or "[]")

	def assign(self, doc, *users: str):
		for user in users:
			make_task(user, reference_type=doc.doctype, reference_name=doc.name)

	def make_pipeline(self, opportunities: int = 1):
		"""Everything a leaver can have, `opportunities` times."""
		for _each in range(opportunities):
			opportunity = make_opportunity(opportunity_owner=self.leaver, next_contact_by=self.leaver)
			make_lead(lead_owner=self.leaver)
			make_customer(account_manager=self.leaver)
			self.assign(opportunity, self.leaver)
			make_event(self.leaver, opportunity)
