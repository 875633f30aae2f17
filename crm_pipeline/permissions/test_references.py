"""What core's records name: hidden records answer as missing ones, and what was named before may stay."""

import frappe

from crm_pipeline.exceptions import OpportunityReadOnly
from crm_pipeline.tests.factories import make
from crm_pipeline.tests.limited import Limited, as_

MISSING = "CRM-OPP-1999-99999"


class TestReferences(Limited):
	def event(self, *names: str, **fields):
		participants = [{"reference_doctype": "Opportunity", "reference_docname": name} for name in names]
		values = {"subject": "Visit", "starts_on": "2031-05-14 09:00:00", "event_participants": participants}
		return make("Event", **{**values, **fields})

	def task(self, name: str):
		about = {"reference_type": "Opportunity", "reference_name": name}
		return make("ToDo", description="Look", allocated_to=self.ben, **about)

	def file(self, name: str):
		about = {"attached_to_doctype": "Opportunity", "attached_to_name": name}
		return make("File", file_name="offer.pdf", file_url="https://example.com/offer.pdf", **about)

	def test_what_is_hidden_is_refused_as_what_is_missing(self):
		for name in (self.colleagues.name, MISSING):
			for reference in (self.event, self.task):
				with self.subTest(name, by=reference.__name__):
					with self.assertRefused(frappe.LinkValidationError, name):
						reference(name)

	def test_what_one_sees_is_named(self):
		for reference in (self.event, self.task, self.file):
			self.assertTrue(reference(self.own.name).name)

	def test_files_are_for_who_may_write(self):
		with self.assertRefused(frappe.LinkValidationError, self.colleagues.name):
			self.file(self.colleagues.name)
		as_(self.anna)
		frappe.share.add("Opportunity", self.colleagues.name, self.ben)
		as_(self.ben)
		with self.assertRefused(frappe.PermissionError):
			self.file(self.colleagues.name)

	def test_files_may_wait_for_a_record_that_is_not_saved_yet(self):
		self.assertTrue(self.file("new-opportunity-ekvbqtwzlc").name)

	def test_what_was_named_before_stays(self):
		as_("Administrator")
		event = self.event(self.colleagues.name, event_type="Public")
		frappe.db.set_value("Event", event.name, "owner", self.ben)
		as_(self.ben)
		event = frappe.get_doc("Event", event.name)
		event.subject = "Visit, moved"
		event.save()
		event.append(
			"event_participants", {"reference_doctype": "Opportunity", "reference_docname": self.own.name}
		)
		event.save()
		self.assertEqual(len(event.event_participants), 2)

	def test_a_task_for_oneself_needs_the_right_to_share(self):
		as_(self.anna)
		frappe.share.add("Opportunity", self.colleagues.name, self.ben, write=1)
		as_(self.ben)
		with self.assertRefused(OpportunityReadOnly, self.colleagues.name):
			self.task(self.colleagues.name)
