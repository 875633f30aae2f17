"""Mails on sites as customers bend them, by what Desk itself writes: nothing is lost, and what failed is mended later."""

from unittest.mock import patch

import frappe
import pytest
from frappe.utils import add_to_date, now_datetime

from crm_pipeline.mail import intake
from crm_pipeline.tasks import retry_mails
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.connections import holding, wait_briefly
from crm_pipeline.tests.factories import make, make_customer, make_mail, make_opportunity, make_user
from crm_pipeline.tests.mail import address, deliver, make_mailbox, write
from crm_pipeline.tests.mode import outside_test_mode
from crm_pipeline.tests.other_apps import hooked
from crm_pipeline.tests.rebuilt_tables import definition, put_back
from crm_pipeline.tests.rest import RestTestCase
from crm_pipeline.utils import batches
from crm_pipeline.utils.locking import hold_file

LOG = "Mail Intake Log"


class Objection(frappe.ValidationError):
	"""What another app has against a save."""


def object_to(doc):
	raise Objection("Not today")


class MailCase(TestCase):
	def replied(self, **fields):
		"""An opportunity on which we wrote last, and the header of an answer to that."""
		opportunity = make_opportunity(**fields)
		message_id = f"{frappe.generate_hash(length=12)}@sales.example"
		earlier = add_to_date(now_datetime(), hours=-2)
		make_mail(opportunity, message_id=message_id, communication_date=earlier)
		return opportunity, {"In_Reply_To": f"<{message_id}>"}

	def entries(self) -> list:
		return frappe.get_all(LOG, {"email_account": self.mailbox.name}, ["*"], order_by="creation")

	def retry(self, days: int = 2):
		with self.at(add_to_date(now_datetime(), days=days)):
			retry_mails()

	def assertFollowed(self, opportunity):
		self.assertEqual(
			(opportunity.reload().status, opportunity.waiting_for, opportunity.contacted_in),
			("Open", "Us", 1),
		)


class CustomizedCase(MailCase):
	def setUp(self):
		super().setUp()
		self.mailbox = make_mailbox()
		self.customized = set()

	def undo(self):
		super().undo()
		for doctype in self.customized:
			frappe.clear_cache(doctype=doctype)

	def customize(self, doctype: str, field: str, prop: str, value: str, kind: str = "Text"):
		"""Set a property of a field as Customize Form does."""
		setter = {"doctype_or_field": "DocField", "property": prop, "property_type": kind, "value": value}
		make("Property Setter", doc_type=doctype, field_name=field, **setter)
		self.customized.add(doctype)
		frappe.clear_cache(doctype=doctype)

	def answer(self, opportunity, header) -> frappe.model.document.Document:
		communication = deliver(write(address(), self.mailbox, **header), self.mailbox)
		self.assertEqual(communication.reference_name, opportunity.name)
		return communication

	def assertSendersBecomeLeads(self):
		with self.assertRefused(frappe.MandatoryError):
			make("Lead", first_name="Ada")
		sender = address()
		opportunity = deliver(write(sender, self.mailbox), self.mailbox).reference_name
		lead = frappe.db.get_value("Opportunity", opportunity, "party_name")
		self.assertEqual(frappe.db.get_value("Lead", lead, "email_id"), sender)
		leads, sender = make_mailbox("Lead"), address()
		lead = deliver(write(sender, leads), leads).reference_name
		self.assertEqual(frappe.db.get_value("Lead", lead, "email_id"), sender)
		self.assertEqual(self.entries(), [])


class TestCustomized(CustomizedCase):
	def test_an_option_in_use_is_removed(self):
		opportunity, header = self.replied()
		for options in ("Replied\nLost\nClosed", "Open\nLost\nClosed", "Lost"):
			self.customize("Opportunity", "status", "options", options)
		self.answer(opportunity, header)
		self.assertFollowed(opportunity)
		self.assertEqual(self.entries(), [])

	def test_a_party_type_leaves_selling_settings(self):
		opportunity, header = self.replied(opportunity_from="Customer", party_name=make_customer().name)
		settings = frappe.get_doc("Selling Settings")
		settings.set("party_types", [{"party_type": "Customer"}])
		settings.save()
		self.answer(opportunity, header)
		self.assertFollowed(opportunity)
		sender = address()
		new = deliver(write(sender, self.mailbox), self.mailbox)
		made = frappe.get_doc("Opportunity", new.reference_name)
		self.assertEqual((made.contact_email, made.party_name), (sender, None))
		self.assertEqual(self.entries(), [])

	def test_leads_need_a_source(self):
		self.customize("Lead", "source", "reqd", "1", "Check")
		self.assertSendersBecomeLeads()

	def test_another_app_objects_to_the_save(self):
		owner = make_user("Sales User")
		opportunity, header = self.replied(opportunity_owner=owner)
		with hooked("Opportunity", "validate", then=object_to):
			communication = self.answer(opportunity, header)
			self.assertFollowed(opportunity)
			self.retry()
		(entry,) = self.entries()
		self.assertEqual(
			(entry.result, entry.to_do, entry.communication, entry.attempts),
			("Waiting", "Save", communication.name, 2),
		)
		self.assertEqual(entry.why, "Objection: Not today")
		told = {"for_user": owner, "document_name": opportunity.name}
		self.assertEqual(frappe.db.count("Notification Log", told), 1)
		self.retry(4)
		self.assertFollowed(opportunity)
		self.assertEqual([entry.result for entry in self.entries()], ["Settled"])

	def test_another_app_objects_to_new_ones(self):
		for doctype in ("Lead", "Opportunity"):
			with self.subTest(doctype):
				sender = address()
				with hooked(doctype, "before_insert", then=object_to):
					communication = deliver(write(sender, self.mailbox), self.mailbox)
					self.assertIsNone(communication.reference_name)
				entry = self.entries()[-1]
				self.assertEqual((entry.result, entry.to_do, entry.sender), ("Waiting", "Judge", sender))
				self.retry()
				self.assertEqual(self.entries()[-1].result, "Settled")
				made = frappe.get_doc("Opportunity", communication.reload().reference_name)
				self.assertEqual((made.contact_email, made.opportunity_from), (sender, "Lead"))

	def test_another_app_objects_to_the_communication(self):
		opportunity, header = self.replied()
		with hooked("Communication", "before_insert", then=object_to):
			self.assertIsNone(deliver(write(address(), self.mailbox, **header), self.mailbox))
		(entry,) = self.entries()
		self.assertEqual(
			(entry.result, entry.to_do, entry.why), ("Waiting", "Take In", "Objection: Not today")
		)
		self.retry()
		self.assertFollowed(opportunity)
		received = {"reference_name": opportunity.name, "sent_or_received": "Received"}
		self.assertEqual(frappe.db.count("Communication", received), 1)


@pytest.mark.bench_only("The embedded host has no columns besides those of its DocTypes")
class TestMandatoryCustomField(CustomizedCase):
	"""A field that the site has added to leads; the column is committed with it."""

	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		cls.defined = definition("tabLead")
		field = {"fieldname": "segment", "label": "Segment", "fieldtype": "Data", "reqd": 1}
		cls.field = make("Custom Field", dt="Lead", insert_after="email_id", **field)
		frappe.db.commit()

	@classmethod
	def tearDownClass(cls):
		frappe.delete_doc("Custom Field", cls.field.name, force=True)
		frappe.db.sql_ddl("ALTER TABLE `tabLead` DROP COLUMN `segment`")
		put_back("tabLead", cls.defined)
		frappe.db.commit()
		super().tearDownClass()

	def test_leads_need_what_no_mail_has(self):
		self.assertSendersBecomeLeads()


class TestLocked(RestTestCase, MailCase):
	"""Commits, since the lock is another connection's."""

	def tearDown(self):
		super().tearDown()
		frappe.db.rollback()
		mails = frappe.get_all("Communication", {"reference_name": self.opportunity.name}, pluck="name")
		frappe.db.delete("Error Log", {"reference_doctype": "Communication", "reference_name": ["in", mails]})
		frappe.db.delete(LOG, {"email_account": self.mailbox.name})
		self.made.extend(("Communication", mail) for mail in mails)
		met = {"email_id": ["in", [self.sender, self.mailbox.email_id]], "parenttype": "Contact"}
		self.made.extend(("Contact", name) for name in frappe.get_all("Contact Email", met, pluck="parent"))
		frappe.db.commit()

	def test_somebody_holds_the_opportunity_while_the_mail_is_judged(self):
		self.mailbox, self.sender = make_mailbox(), address()
		self.keep(self.mailbox)
		self.opportunity, header = self.replied()
		self.keep(self.opportunity)
		judge = intake.judge_recorded

		def hold():
			hold_file()
			frappe.get_doc("Opportunity", self.opportunity.name, for_update=True)

		def judge_under_lock(name):
			wait_briefly()
			with holding(hold):
				judge(name)

		with (
			outside_test_mode(),
			patch.object(batches, "ATTEMPTS", 1),
			patch.object(intake, "judge_recorded", judge_under_lock),
		):
			communication = deliver(write(self.sender, self.mailbox, **header), self.mailbox)
		self.assertEqual(communication.reference_name, self.opportunity.name)
		self.assertEqual(self.opportunity.reload().status, "Replied")
		(entry,) = self.entries()
		self.assertEqual((entry.result, entry.to_do), ("Waiting", "Judge"))
		with outside_test_mode():
			self.retry()
		self.assertFollowed(self.opportunity)
		self.assertEqual([entry for entry in self.entries() if entry.result == "Waiting"], [])
