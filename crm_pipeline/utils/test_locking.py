"""Two connections write the same record: whatever the database says of it, the second one is told."""

from contextlib import suppress
from unittest.mock import patch

import frappe
from frappe.model.base_document import get_controller

from crm_pipeline.exceptions import TeamsInCircle
from crm_pipeline.permissions import teams
from crm_pipeline.tests import factories
from crm_pipeline.tests.connections import elsewhere, wait_briefly
from crm_pipeline.tests.factories import make, unique
from crm_pipeline.tests.http import Api, send_together
from crm_pipeline.tests.mode import outside_test_mode
from crm_pipeline.tests.rest import RestTestCase
from crm_pipeline.utils import batches
from crm_pipeline.utils.locking import ConcurrentDocument

CONFLICT = (417, "TimestampMismatchError")
WRITTEN_BY_SOFTWARE = {
	"Pipeline Change",
	"Auto Close Batch",
	"Auto Closed Opportunity",
	"Demo Record",
	"Mail Intake Log",
	"Mail Intake Part",
	"Pipeline Write",
}


def make_named(doctype: str, field: str):
	return make(doctype, **{field: unique(doctype)})


RECORDS = {
	"Opportunity": factories.make_opportunity,
	"Lead": factories.make_lead,
	"Customer": factories.make_customer,
	"Supplier": factories.make_supplier,
	"Item": factories.make_item,
	"Quotation": lambda: factories.make_quotation(submit=False),
	"Supplier Quotation": lambda: make(
		"Supplier Quotation", supplier=factories.make_supplier().name, net_total=5
	),
	"Sales Stage": factories.make_stage,
	"Sales Process": lambda: factories.make_process(10),
	"Opportunity Type": lambda: make_named("Opportunity Type", "type_name"),
	"Lead Source": lambda: make_named("Lead Source", "source_name"),
	"Lost Reason": factories.make_lost_reason,
	"Competitor": factories.make_competitor,
	"Sales Team": factories.make_team,
	"Currency Exchange": lambda: factories.make_exchange_rate("CHF", "SEK", 11),
	"Sales Taxes and Charges Template": factories.make_taxes,
	"Pipeline View": lambda: make_named("Pipeline View", "title"),
	"Selling Settings": lambda: frappe.get_doc("Selling Settings"),
}


def touch(doctype: str, name: str) -> None:
	frappe.get_doc(doctype, name).save()


class LockingCase(RestTestCase):
	def keep_with_links(self, doc) -> str:
		"""Commit a record, and have it removed with those that were made for it."""
		stages = doc.stages if doc.doctype == "Sales Process" else []
		linked = [("Sales Stage", row.sales_stage) for row in stages]
		linked += [("Customer", doc.party_name)] if doc.doctype == "Quotation" else []
		linked += [("Supplier", doc.supplier)] if doc.doctype == "Supplier Quotation" else []
		self.made.extend(linked)
		return self.keep(doc)


class TestTwoConnections(LockingCase):
	"""Each test commits, as requests do; what it made is removed after the last one."""

	def a(self, doctype: str):
		"""A committed record, read by this connection before anybody else changes it."""
		doc = RECORDS[doctype]()
		if not doc.meta.issingle:
			self.keep_with_links(doc)
		return frappe.get_doc(doctype, doc.name)

	def test_every_doctype_of_ours_is_one_of_these(self):
		ours = frappe.get_all("DocType", {"module": "CRM Pipeline", "istable": 0}, pluck="name")
		for doctype in ours:
			self.assertTrue(issubclass(get_controller(doctype), ConcurrentDocument), doctype)
		self.assertEqual(set(RECORDS), set(ours) - WRITTEN_BY_SOFTWARE)

	def test_two_who_move_teams_close_no_circle(self):
		mine, theirs = self.a("Sales Team"), self.a("Sales Team")
		mine.parent_team = theirs.name
		teams.stored()  # as a request does that asks who may see what
		elsewhere(lambda: frappe.get_doc("Sales Team", theirs.name).update({"parent_team": mine.name}).save())
		self.addCleanup(frappe.db.commit)
		self.addCleanup(frappe.db.set_value, "Sales Team", theirs.name, "parent_team", None)
		self.addCleanup(frappe.db.rollback)
		with self.assertRaises((TeamsInCircle, frappe.TimestampMismatchError)):
			mine.save()

	def test_the_second_save_is_refused(self):
		for doctype in RECORDS:
			with self.subTest(doctype=doctype):
				doc = self.a(doctype)
				elsewhere(lambda doc=doc: touch(doc.doctype, doc.name))
				with self.assertRaises(frappe.TimestampMismatchError):
					doc.save()
				frappe.db.rollback()

	def test_what_is_held_after_a_change_overwrites_nothing(self):
		lead = self.a("Lead")
		elsewhere(lambda: frappe.get_doc("Lead", lead.name).update({"last_name": "Theirs"}).save())
		with suppress(frappe.TimestampMismatchError):
			frappe.get_doc("Lead", lead.name, for_update=True).update({"first_name": "Mine"}).save()
			frappe.db.commit()
		frappe.db.rollback()
		self.assertEqual(frappe.db.get_value("Lead", lead.name, "last_name"), "Theirs")

	def test_two_new_records_get_two_numbers(self):
		for doctype in ("Opportunity", "Lead"):
			with self.subTest(doctype=doctype):
				frappe.db.commit()
				frappe.get_all(
					doctype, limit=1
				)  # from here on this connection sees the numbers as they are now
				name = elsewhere(lambda doctype=doctype: RECORDS[doctype]().name)
				self.made.append((doctype, name))
				mine = self.keep(RECORDS[doctype]())
				self.assertNotEqual(mine, name)

	def test_a_job_tries_again(self):
		doc, seen = self.a("Opportunity"), []
		opportunity = frappe.qb.DocType("Opportunity")

		def touch_at_once():
			wait_briefly()  # where a whole database is locked, theirs waits for ours
			touch("Opportunity", doc.name)

		def write():
			seen.append(frappe.db.get_value("Opportunity", doc.name, "modified"))
			if len(seen) == 1:
				elsewhere(touch_at_once)
			frappe.qb.update(opportunity).set(opportunity.to_discuss, "Tried").where(
				opportunity.name == doc.name
			).run()

		with outside_test_mode(), patch.object(batches, "PAUSE", 0):
			batches.with_retries(write)
		self.assertEqual(frappe.db.get_value("Opportunity", doc.name, "to_discuss"), "Tried")
		self.assertLessEqual(len(seen), 2)


class TestTwoRequests(LockingCase):
	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		cls.colleague = Api(*cls.roles)
		cls.made.append(("User", cls.colleague.user))

	def test_of_two_that_start_from_the_same_state_one_is_refused(self):
		for doctype in ("Opportunity", "Lead", "Customer", "Quotation"):
			with self.subTest(doctype=doctype):
				doc = RECORDS[doctype]()
				path = f"/api/resource/{doctype}/{self.keep_with_links(doc)}"
				body = {"modified": str(doc.modified)}
				answers = send_together(
					*(
						{"method": "PUT", "path": path, "headers": api.headers, "json": body}
						for api in (self.api, self.colleague)
					)
				)
				told = [(answer.status_code, answer.json.get("exc_type") or "") for answer in answers]
				self.assertEqual(sorted(told), [(200, ""), CONFLICT])

	def test_two_that_are_new_are_both_there(self):
		answers = send_together(
			*(
				{
					"method": "POST",
					"path": "/api/resource/Opportunity",
					"headers": api.headers,
					"json": {"title": unique("Twin")},
				}
				for api in (self.api, self.colleague)
			)
		)
		self.assertEqual([answer.status_code for answer in answers], [200, 200])
		names = [answer.json["data"]["name"] for answer in answers]
		self.made.extend(("Opportunity", name) for name in names)
		self.assertEqual(len(set(names)), 2)
