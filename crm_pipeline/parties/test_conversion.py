"""A lead becomes a customer, from itself or from its opportunity: what is open goes along, and once only."""

import frappe

from crm_pipeline import exceptions
from crm_pipeline.api.activities import activities
from crm_pipeline.crm_pipeline.doctype.lead.lead import make_customer as customer_of_lead
from crm_pipeline.crm_pipeline.doctype.opportunity.opportunity import make_customer as customer_of_opportunity
from crm_pipeline.parties.related_documents import related_documents
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make,
	make_contact,
	make_customer,
	make_lead,
	make_lost_reason,
	make_mail,
	make_opportunity,
	make_quotation,
)


class TestConversion(TestCase):
	def setUp(self):
		super().setUp()
		self.lead = make_lead(company_name="Mills & Sons")
		self.opportunity = make_opportunity(
			opportunity_from="Lead", party_name=self.lead.name, opportunity_amount=50
		)

	def quote(self, **fields):
		return make_quotation(self.opportunity, **fields)

	def convert(self):
		return customer_of_opportunity(self.opportunity.name).insert()

	def party(self, quotation) -> tuple:
		quotation.reload()
		return quotation.quotation_to, quotation.party_name

	def test_drafts_and_open_quotations_become_the_customer_s(self):
		alone = make_quotation(quotation_to="Lead", party_name=self.lead.name, submit=False)
		answered, in_part = self.quote(), self.quote(items=[{"item_name": "A", "qty": 1, "rate": 5}] * 2)
		make_mail(answered, "Received", reference_doctype="Quotation")
		in_part.mark_ordered(items=[in_part.items[0].name])
		passing = [alone, self.quote(submit=False), self.quote(), answered, in_part]
		customer = self.convert()
		for quotation in passing:
			with self.subTest(quotation.reload().status):
				self.assertEqual(self.party(quotation), ("Customer", customer.name))
				self.assertEqual((quotation.customer_name, quotation.title), (customer.name, customer.name))
				self.assertFalse(quotation.company_name)

	def test_they_go_on_from_there(self):
		draft, standing = self.quote(submit=False), self.quote()
		self.convert()
		draft.reload().submit()
		standing.reload().mark_ordered()
		self.opportunity.reload()
		self.assertEqual((self.opportunity.status, self.opportunity.close_revenue), ("Converted", 50))

	def test_what_is_decided_stays_as_it_went_out_and_is_found_all_the_same(self):
		ordered, lost, cancelled, expired = (self.quote() for _ in range(4))
		lost.declare_lost([make_lost_reason().name])
		cancelled.cancel()
		ordered.mark_ordered()
		frappe.db.set_value("Quotation", expired.name, {"status": "Expired", "valid_till": in_days(-1)})
		customer = self.convert()
		found = related_documents("Customer", customer.name)["Quotation"]
		for quotation in (ordered, lost, cancelled, expired):
			self.assertEqual(self.party(quotation), ("Lead", self.lead.name))
			self.assertIn(quotation.name, found)
		self.assertEqual(expired.reload().mark_ordered().status, "Ordered")

	def test_their_timeline_says_so_without_taking_names_for_markup(self):
		quotation = self.quote()
		customer = self.convert()
		line = frappe.get_last_doc("Comment", {"reference_name": quotation.name, "comment_type": "Info"})
		self.assertIn(customer.name.replace("&", "&amp;"), line.content)
		self.assertIn(self.lead.lead_name, line.content)

	def test_quotations_of_others_are_left(self):
		other = make_quotation(quotation_to="Lead", party_name=make_lead().name)
		mine = make_quotation(party_name=make_customer().name)
		parties = [self.party(other), self.party(mine)]
		self.convert()
		self.assertEqual([self.party(other), self.party(mine)], parties)

	def test_contacts_addresses_and_history_follow(self):
		contact = make_contact(self.lead)
		links = [{"link_doctype": "Lead", "link_name": self.lead.name}]
		place = {"address_title": "Mill", "address_type": "Billing", "address_line1": "1 Mill Lane"}
		address = make("Address", **place, city="Leeds", country="United Kingdom", links=links)
		make_mail(self.opportunity, "Received", subject="About the mill")
		customer = self.convert()
		for record in (contact, address):
			own = {"parent": record.name, "link_doctype": "Customer", "link_name": customer.name}
			self.assertEqual(frappe.db.count("Dynamic Link", own), 1)
		self.assertIn("About the mill", [each["subject"] for each in activities("Customer", customer.name)])
		self.assertEqual(make_quotation(party_name=customer.name).customer_address, address.name)

	def test_the_lead_is_converted_and_a_second_conversion_finds_the_first(self):
		customer = self.convert()
		self.assertEqual(self.lead.reload().status, "Converted")
		for again in (
			lambda: customer_of_lead(self.lead.name),
			self.convert,
			lambda: make_customer(lead_name=self.lead.name),
		):
			with self.assertRefused(exceptions.CustomerExists) as refusal:
				again()
			self.assertIn(customer.name.replace("&", "&amp;"), str(refusal.exception))

	def test_a_customer_that_is_there_already_takes_the_lead_over_once(self):
		quotation, contact = self.quote(), make_contact(self.lead)
		customer = make_customer()
		customer.lead_name = self.lead.name
		customer.save()
		self.assertEqual(self.party(quotation), ("Customer", customer.name))
		self.assertEqual(self.lead.reload().status, "Converted")
		customer.reload().save()
		own = {"parent": contact.name, "link_doctype": "Customer", "link_name": customer.name}
		self.assertEqual(frappe.db.count("Dynamic Link", own), 1)

	def test_converting_needs_no_right_on_quotations(self):
		quotation = self.quote()
		customer = customer_of_lead(self.lead.name)
		with self.as_user("Sales User"):
			frappe.permissions.add_user_permission(
				"Quotation", make_quotation().name, frappe.session.user, True
			)
			customer.insert()
		self.assertEqual(self.party(quotation), ("Customer", customer.name))
