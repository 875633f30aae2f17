import frappe

from crm_pipeline import exceptions
from crm_pipeline.crm_pipeline.doctype.lead.lead import make_customer as customer_from_lead
from crm_pipeline.crm_pipeline.doctype.lead.lead import make_opportunity as opportunity_from_lead
from crm_pipeline.crm_pipeline.doctype.opportunity.opportunity import (
	make_customer as customer_from_opportunity,
)
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	make,
	make_contact,
	make_customer,
	make_exchange_rate,
	make_item,
	make_lead,
	make_opportunity,
	make_process,
	make_stage,
	make_supplier,
	unique,
)


class TestLead(TestCase):
	def test_a_person_an_organization_or_an_address_is_enough(self):
		self.assertEqual(make_lead(first_name="Ada", last_name="Byron").lead_name, "Ada Byron")
		self.assertEqual(make_lead(first_name=None, last_name=None, company_name="Acme").lead_name, "Acme")
		lead = make_lead(first_name=None, last_name=None, email_id="Eve@Example.org")
		self.assertEqual((lead.lead_name, lead.email_id), ("Eve@Example.org", "eve@example.org"))
		with self.assertRefused(exceptions.LeadNameMissing):
			make_lead(first_name=None, last_name=None)

	def test_several_opportunities_from_one_lead(self):
		lead = make_lead(
			company_name="Acme",
			source="Website",
			campaign="Fair",
			territory="North",
			email_id="a@example.org",
		)
		for _attempt in range(2):
			opportunity = frappe.get_doc(opportunity_from_lead(lead.name).as_dict()).insert()
			self.assertEqual((opportunity.opportunity_from, opportunity.party_name), ("Lead", lead.name))
			self.assertEqual((opportunity.sales_stage, opportunity.probability), ("Lead", 10))
			self.assertEqual(
				(opportunity.source, opportunity.campaign, opportunity.territory, opportunity.contact_email),
				("Website", "Fair", "North", "a@example.org"),
			)
			self.assertEqual(opportunity.title, lead.lead_name)
		self.assertEqual(lead.reload().status, "Opportunity")

	def test_it_becomes_a_customer_once_and_brings_its_contacts(self):
		lead = make_lead(company_name=unique("Acme"))
		contact = make_contact(lead)
		customer = customer_from_lead(lead.name).insert()
		self.assertEqual((customer.customer_name, customer.lead_name), (lead.company_name, lead.name))
		self.assertEqual(lead.reload().status, "Converted")
		links = {(row.link_doctype, row.link_name) for row in contact.reload().links}
		self.assertEqual(links, {("Lead", lead.name), ("Customer", customer.name)})
		with self.assertRefused(exceptions.CustomerExists, customer.name):
			customer_from_lead(lead.name)
		with self.assertRefused(exceptions.CustomerExists, customer.name):
			make_customer(lead_name=lead.name)

	def test_a_customer_from_an_opportunity_of_a_lead(self):
		lead = make_lead()
		opportunity = opportunity_from_lead(lead.name).insert()
		self.assertEqual(customer_from_opportunity(opportunity.name).lead_name, lead.name)
		other = make_opportunity(opportunity_from="Customer", party_name=make_customer().name)
		with self.assertRefused(exceptions.CustomerNotNeeded):
			customer_from_opportunity(other.name)
		with self.assertRefused(exceptions.PartyMissing):
			customer_from_opportunity(make_opportunity().name)


class TestPartiesAndItems(TestCase):
	def test_a_second_party_of_the_same_name_gets_a_suffix(self):
		name = unique("Acme")
		self.assertEqual([make_customer(customer_name=name).name for _ in range(2)], [name, f"{name} - 1"])
		self.assertEqual([make_supplier(supplier_name=name).name for _ in range(2)], [name, f"{name} - 1"])

	def test_an_item_code_is_unique(self):
		item = make_item()
		self.assertEqual(item.item_name, item.item_code)
		with self.assertRaises((frappe.DuplicateEntryError, frappe.UniqueValidationError)):
			make_item(item_code=item.item_code)

	def test_a_primary_address_is_shown(self):
		if not frappe.db.exists("Address Template", {"is_default": 1}):
			make("Address Template", country="United Kingdom", is_default=1)
		customer = make_customer()
		address = make(
			"Address",
			address_title=customer.name,
			address_type="Billing",
			address_line1="1 High Street",
			city="York",
			country="United Kingdom",
			links=[{"link_doctype": "Customer", "link_name": customer.name}],
		)
		customer.customer_primary_address = address.name
		self.assertIn("1 High Street", customer.save().primary_address)


class TestSetup(TestCase):
	def test_a_process_is_complete(self):
		open_stage, won, lost = make_stage().name, make_stage("Won").name, make_stage("Lost").name
		for stages in ([open_stage, won], [won, lost], [open_stage, open_stage, won, lost]):
			with self.assertRefused(exceptions.SalesProcessIncomplete):
				make(
					"Sales Process",
					process_name=unique("P"),
					stages=[{"sales_stage": stage} for stage in stages],
				)
		process = make_process(10)
		self.assertEqual([row.probability for row in process.stages], [10, 100, 0])

	def test_only_one_process_is_the_default(self):
		process = make_process(10, is_default=1)
		self.assertEqual(frappe.get_all("Sales Process", {"is_default": 1}, pluck="name"), [process.name])
		self.assertEqual(make_opportunity().sales_process, process.name)
		for change in ({"is_default": 0}, {"disabled": 1}):
			with self.assertRefused(exceptions.DefaultProcessMissing):
				process.reload().update(change).save()
		frappe.db.set_value("Sales Process", process.name, "is_default", 0)
		with self.assertRefused(exceptions.DefaultProcessMissing):
			make_opportunity()

	def test_a_stage_in_use_keeps_its_type_and_cannot_be_deleted(self):
		process = make_process(10)
		opportunity = make_opportunity(sales_process=process.name)
		stage = frappe.get_doc("Sales Stage", opportunity.sales_stage)
		stage.stage_type = "Won"
		with self.assertRefused(exceptions.StageTypeInUse):
			stage.save()
		with self.assertRefused(frappe.LinkExistsError):
			stage.delete()

	def test_an_exchange_rate_is_positive_and_between_two_currencies(self):
		for source, target, rate in (("EUR", "USD", 0), ("EUR", "EUR", 1)):
			with self.assertRefused(exceptions.ExchangeRateInvalid):
				make_exchange_rate(source, target, rate)

	def test_the_base_currency_is_fixed_once_amounts_exist(self):
		make_opportunity(opportunity_amount=1)
		settings = frappe.get_doc("Selling Settings")
		settings.base_currency = "EUR"
		with self.assertRefused(exceptions.BaseCurrencyFixed):
			settings.save()

	def test_a_currency_s_own_decimals_count(self):
		frappe.db.set_value("Currency", "USD", "decimals", "0")
		frappe.clear_document_cache("Currency", "USD")
		self.addCleanup(frappe.clear_document_cache, "Currency", "USD")
		self.assertEqual(make_opportunity(opportunity_amount=10.5).opportunity_amount, 11)
