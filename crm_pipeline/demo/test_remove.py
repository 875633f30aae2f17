"""Removing the demo touches nothing that others made, now or later."""

from unittest.mock import patch

import frappe
from frappe.model.delete_doc import delete_dynamic_links
from frappe.utils import add_to_date, now_datetime

from crm_pipeline.demo.build import build
from crm_pipeline.demo.remove import remove
from crm_pipeline.rules.status import ENDED
from crm_pipeline.tests import factories
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.mode import outside_test_mode

CLEAN_UP = "frappe.model.delete_doc.delete_dynamic_links"
NAMED_AT_RANDOM = {"File", "Communication"}


def number_of(name: str) -> int:
	return int(name.rpartition("-")[2])


class TestRemoval(TestCase):
	def setUp(self):
		super().setUp()
		remove()

	def test_no_number_is_given_again(self):
		build(6)
		last = {
			doctype: max(map(number_of, self.made(doctype)))
			for doctype in ("Lead", "Opportunity", "Quotation")
		}
		self.assertEqual(remove(), [])
		opportunity = factories.make_party_opportunity()
		self.assertGreater(number_of(opportunity.name), last["Opportunity"])
		self.assertGreater(number_of(factories.make_lead().name), last["Lead"])
		self.assertGreater(number_of(factories.make_quotation(opportunity).name), last["Quotation"])

	def test_nothing_is_left_to_jobs_that_go_by_the_names_of_records(self):
		build(6)
		opportunity = frappe.get_doc("Opportunity", self.made("Opportunity")[0])
		if opportunity.status in ENDED:
			opportunity.reopen()
		opportunity.update(
			{"next_contact_by": "Administrator", "next_contact_date": add_to_date(now_datetime(), days=3)}
		).save()
		with outside_test_mode(), patch.object(frappe, "enqueue") as enqueue:
			self.assertEqual(remove(), [])
		cleaned = {call.kwargs["doctype"] for call in enqueue.call_args_list if CLEAN_UP in call.args}
		self.assertLessEqual(cleaned, NAMED_AT_RANDOM)

	def test_records_made_before_a_worker_has_run_keep_all_that_tells_of_them(self):
		build(6)
		customer = self.made("Customer")[0]
		with outside_test_mode(), patch.object(frappe, "enqueue") as enqueue:
			self.assertEqual(remove(), [])
		made = [
			factories.make("Customer", customer_name=customer),
			factories.make_party_opportunity(next_contact_by="Administrator"),
			factories.make_lead(),
		]
		for doc in made:
			doc.add_comment("Comment", "Ours")
			about = {"reference_type": doc.doctype, "reference_name": doc.name}
			factories.make("ToDo", description="Call", **about)
			if doc.doctype == "Opportunity":
				factories.make_mail(doc)
		before = [self.told_of(doc) for doc in made]
		for call in enqueue.call_args_list:
			if CLEAN_UP in call.args:
				delete_dynamic_links(call.kwargs["doctype"], call.kwargs["name"])
		self.assertEqual([self.told_of(doc) for doc in made], before)
		for counts in before:
			self.assertTrue(all(counts[:2]), counts)

	def told_of(self, doc) -> tuple:
		"""How many comments, tasks, mails and versions there are of a record."""
		by_reference = {"reference_doctype": doc.doctype, "reference_name": doc.name}
		return (
			frappe.db.count("Comment", by_reference),
			frappe.db.count("ToDo", {"reference_type": doc.doctype, "reference_name": doc.name}),
			frappe.db.count("Communication", by_reference),
			frappe.db.count("Version", {"ref_doctype": doc.doctype, "docname": doc.name}),
		)

	def test_what_tells_of_the_records_goes_with_them(self):
		build(4)
		name = self.made("Opportunity")[0]
		opportunity = frappe.get_doc("Opportunity", name)
		opportunity.add_comment("Comment", "Called twice")
		factories.make("ToDo", description="Call", reference_type="Opportunity", reference_name=name)
		with outside_test_mode(), patch.object(frappe, "enqueue"):
			self.assertEqual(remove(), [])
		for doctype, filters in (
			("Comment", {"reference_doctype": "Opportunity", "reference_name": name}),
			("ToDo", {"reference_type": "Opportunity", "reference_name": name}),
			("Version", {"ref_doctype": "Opportunity", "docname": name}),
			("Communication", {"reference_doctype": "Opportunity", "reference_name": name}),
			("Communication Link", {"link_doctype": "Opportunity", "link_name": name}),
			("Pipeline Change", {"opportunity": name}),
		):
			self.assertFalse(frappe.db.exists(doctype, filters), doctype)

	def test_a_user_stays_as_long_as_others_gave_them_tasks(self):
		build(2)
		user = self.made("User")[0]
		own = factories.make_contact()
		task = factories.make(
			"ToDo", description="Call", allocated_to=user, reference_type="Contact", reference_name=own.name
		)
		left = remove()
		self.assertEqual([(doctype, name) for doctype, name, _reason in left], [("User", user)])
		self.assertIn(f"{own.name} is assigned to {user}", left[0][2])
		self.assertTrue(frappe.db.exists("ToDo", task.name))
		task.delete()
		self.assertEqual(remove(), [])

	def test_contacts_that_stay_with_a_customer_are_kept(self):
		build(12)
		customer = next(iter(self.made("Customer")))
		contact = factories.make_contact(frappe.get_doc("Customer", customer))
		own = factories.make_party_opportunity(party_name=customer)
		self.assertIn(("Customer", customer), {(doctype, name) for doctype, name, _reason in remove()})
		self.assertTrue(frappe.db.exists("Contact", contact.name))
		own.delete()
		self.assertEqual(remove(), [])
		self.assertFalse(frappe.db.exists("Contact", contact.name))

	def made(self, doctype: str) -> list[str]:
		return frappe.get_all("Demo Record", {"reference_doctype": doctype}, pluck="reference_name")
