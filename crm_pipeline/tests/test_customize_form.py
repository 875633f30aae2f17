"""What a site sets in Customize Form and in its roles holds, and breaks nothing else."""

import frappe

from crm_pipeline import exceptions
from crm_pipeline.api.pipeline import get_board, get_cards
from crm_pipeline.crm_pipeline.doctype.lead import lead as lead_mappers
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	make,
	make_customer,
	make_lead,
	make_opportunity,
	make_process,
	make_supplier,
	make_user,
	unique,
)
from crm_pipeline.www.pipeline import get_context


class CustomizedCase(TestCase):
	def setUp(self):
		super().setUp()
		self.customized = set()

	def undo(self):
		super().undo()
		for doctype in self.customized:
			frappe.clear_cache(doctype=doctype)

	def customize(self, doctype: str, field: str | None, prop: str, value: str, kind: str = "Data"):
		"""Set a property of a field, or of the DocType, as Customize Form does."""
		make(
			"Property Setter",
			doctype_or_field="DocField" if field else "DocType",
			doc_type=doctype,
			field_name=field,
			property=prop,
			property_type=kind,
			value=value,
		)
		self.customized.add(doctype)
		frappe.clear_cache(doctype=doctype)


class TestNaming(CustomizedCase):
	def test_customers_and_suppliers_are_named_as_the_site_says(self):
		for doctype, field, make_one in (
			("Customer", "customer_name", make_customer),
			("Supplier", "supplier_name", make_supplier),
		):
			self.customize(doctype, None, "autoname", "PARTY-.#####")
			self.customize(doctype, None, "naming_rule", "Expression (old style)")
			name = unique("Acme")
			party = make_one(**{field: f" {name} "})
			self.assertRegex(party.name, r"^PARTY-\d{5}$")
			self.assertEqual(party.get(field), name)

	def test_opportunities_and_quotations_call_them_by_their_names(self):
		self.customize("Customer", None, "autoname", "PARTY-.#####")
		customer = make_customer()
		opportunity = make_opportunity(opportunity_from="Customer", party_name=customer.name)
		self.assertEqual(opportunity.customer_name, customer.customer_name)
		lead = make_lead()
		self.assertRegex(lead_mappers.make_customer(lead.name).insert().name, r"^PARTY-\d{5}$")

	def test_without_a_name_none_is_made(self):
		self.customize("Customer", None, "autoname", "PARTY-.#####")
		with self.assertRefused(exceptions.NameMissing):
			make_customer(customer_name=" ")


class TestDefaultStage(CustomizedCase):
	def setUp(self):
		super().setUp()
		self.process = make_process(10, 50)
		self.first, self.second = (row.sales_stage for row in self.process.stages[:2])
		self.customize("Opportunity", "sales_stage", "default", self.second)

	def stage_of(self, **fields) -> str:
		return make_opportunity(**fields).sales_stage

	def test_it_is_for_its_own_process(self):
		self.assertEqual(self.stage_of(sales_process=self.process.name), self.second)
		other = make_process(20)
		self.assertEqual(self.stage_of(sales_process=other.name), other.stages[0].sales_stage)
		opportunity = make_opportunity()
		self.assertEqual(
			(opportunity.sales_stage, opportunity.sales_process), (self.second, self.process.name)
		)

	def test_a_stage_that_is_chosen_counts(self):
		self.assertEqual(self.stage_of(sales_stage=self.first), self.first)

	def test_it_follows_when_the_stage_is_renamed(self):
		renamed = frappe.rename_doc("Sales Stage", self.second, unique("Renamed"))
		self.assertEqual(self.stage_of(sales_process=self.process.name), renamed)

	def test_one_that_is_gone_is_none(self):
		frappe.db.set_value("Property Setter", {"property": "default", "value": self.second}, "value", "Gone")
		frappe.clear_cache(doctype="Opportunity")
		self.assertEqual(self.stage_of(sales_process=self.process.name), self.first)
		lead = make_lead()
		self.assertEqual(lead_mappers.make_opportunity(lead.name).insert().status, "Open")


class TestOtherDefaults(CustomizedCase):
	def test_defaults_of_processes_types_and_sources_follow_or_are_none(self):
		process = make_process(10)
		source = make("Lead Source", source_name=unique("Source"))
		kind = make("Opportunity Type", type_name=unique("Type"))
		for field, record in (("sales_process", process), ("source", source), ("opportunity_type", kind)):
			self.customize("Opportunity", field, "default", record.name)
			renamed = frappe.rename_doc(record.doctype, record.name, unique("Renamed"))
			self.assertEqual(make_opportunity().get(field), renamed)
			frappe.db.set_value("Property Setter", {"property": "default", "value": renamed}, "value", "Gone")
			frappe.clear_cache(doctype="Opportunity")
			self.assertNotEqual(make_opportunity().get(field), "Gone")


class TestRoleOfOnesOwn(CustomizedCase):
	"""A role that may read opportunities, and nothing else of the app."""

	def setUp(self):
		super().setUp()
		self.role = make("Role", role_name=unique("Onlooker"), desk_access=1).name
		for doctype in ("Opportunity", "Sales Process"):
			frappe.permissions.setup_custom_perms(doctype)
			self.customized.add(doctype)
		frappe.permissions.add_permission("Opportunity", self.role)
		frappe.clear_cache(doctype="Opportunity")
		self.opportunity = make_opportunity(opportunity_amount=100)
		frappe.set_user(make_user(self.role))

	def test_the_board_and_its_page(self):
		board = get_board()
		self.assertEqual(board["sales_process"], "Standard")
		cards = get_cards("Standard", self.opportunity.sales_stage, limit=200)["cards"]
		self.assertIn(self.opportunity.name, [card.name for card in cards])
		context = frappe._dict()
		get_context(context)
		boot = frappe.parse_json(context.boot)
		self.assertIn("Standard", boot["processes"])
		self.assertFalse(boot["may_write"])

	def test_reading_and_no_more(self):
		opportunity = frappe.get_doc("Opportunity", self.opportunity.name)
		opportunity.check_permission("read")
		opportunity.run_method("onload")
		self.assertTrue(opportunity.get_onload("desk")["stages"])
		with self.assertRefused(frappe.PermissionError):
			opportunity.advance()

	def test_a_process_that_user_permissions_hide_stays_hidden(self):
		user = frappe.session.user
		frappe.set_user("Administrator")
		frappe.permissions.add_permission("Sales Process", self.role)
		frappe.clear_cache(doctype="Sales Process")
		seen = make_process(10).name
		make("User Permission", user=user, allow="Sales Process", for_value=seen)
		frappe.set_user(user)
		context = frappe._dict()
		get_context(context)
		boot = frappe.parse_json(context.boot)
		self.assertEqual((boot["processes"], boot["process"]), ([seen], seen))
		self.assertEqual(boot["first"]["sales_process"], seen)
		with self.assertRefused(frappe.PermissionError):
			get_board("Standard")
