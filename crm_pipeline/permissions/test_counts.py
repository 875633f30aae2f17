"""`frappe.client.get_count` counts what lists show and no more, of every DocType."""

from unittest.mock import patch

import frappe
from frappe.custom.doctype.property_setter.property_setter import make_property_setter

from crm_pipeline.exceptions import FieldOutOfReach
from crm_pipeline.permissions.desk_overrides import get_count
from crm_pipeline.tests.factories import make_party_opportunity, make_user
from crm_pipeline.tests.http import Api
from crm_pipeline.tests.limited import Limited, as_, settings
from crm_pipeline.tests.rest import RestTestCase

COUNTED = (
	"Opportunity",
	"Quotation",
	"Supplier Quotation",
	"Lead",
	"Customer",
	"Supplier",
	"Item",
	"Pipeline Change",
	"Sales Stage",
	"User",
	"Role",
	"Communication",
	"Comment",
	"DocShare",
	"Email Queue",
)


class TestCounts(Limited):
	def setUp(self):
		super().setUp()
		as_("Administrator")
		self.addCleanup(frappe.clear_cache)
		settings(opportunity_visibility="All")
		self.opportunity = make_party_opportunity(opportunity_amount=500)

	def test_a_counter_sees_what_lists_show(self):
		for user in (make_user(), make_user("Purchase User"), self.ben):
			for doctype in COUNTED:
				as_(user)
				with self.subTest(user=user, doctype=doctype):
					try:
						names = self.names(doctype)
					except frappe.PermissionError:
						with self.assertRefused(frappe.PermissionError):
							get_count(doctype, {"owner": "Administrator"})
					else:
						self.assertEqual(get_count(doctype), len(names))

	def test_rows_need_a_parent(self):
		as_(self.ben)
		self.assertEqual(get_count("Opportunity Item", {"parent": self.opportunity.name}), 1)
		with self.assertRefused(frappe.PermissionError):
			get_count("Has Role", {"role": "System Manager"})

	def test_virtual_ones_are_for_readers_too(self):
		as_(self.ben)
		with patch.dict(vars(frappe.get_meta("DocShare")), is_virtual=1):
			with self.assertRefused(frappe.PermissionError):
				get_count("DocShare")

	def test_nothing_is_counted_by_a_field_out_of_reach(self):
		make_property_setter("Opportunity", "opportunity_amount", "permlevel", 1, "Int")
		make_property_setter("Opportunity Item", "rate", "permlevel", 1, "Int")
		as_(self.ben)
		self.assertEqual(get_count("Opportunity", {"name": self.opportunity.name}), 1)
		for doctype, filters in (
			("Opportunity", {"opportunity_amount": [">", 1]}),
			("Opportunity", [["opportunity_amount", ">", 1]]),
			("Opportunity", [["Opportunity", "opportunity_amount", ">", 1]]),
			(
				"Opportunity",
				[
					[["opportunity_amount", ">", 1], "or", ["status", "=", "Open"]],
					"or",
					["name", "is", "set"],
				],
			),
			("Opportunity", [["Opportunity Item", "rate", ">", 1]]),
			("Opportunity", [["items.rate", ">", 1]]),
			("Opportunity Item", {"rate": [">", 1]}),
			("Quotation", [["opportunity.opportunity_amount", ">", 1]]),
		):
			with self.subTest(filters), self.assertRefused(FieldOutOfReach):
				get_count(doctype, frappe.as_json(filters))


class TestStrangers(RestTestCase):
	"""Over REST: whoever is signed in without a role, in Desk or on the website only."""

	roles = ()

	def test_everything_is_refused(self):
		website = Api()
		self.made.append(("User", website.user))
		frappe.db.set_value("User", website.user, "user_type", "Website User")
		frappe.clear_cache(user=website.user)
		frappe.db.commit()
		for api in (self.api, website):
			for doctype in (
				"Opportunity",
				"Quotation",
				"Lead",
				"Customer",
				"DocShare",
				"Email Queue",
			):
				answer = api.get("/api/method/frappe.client.get_count", doctype=doctype)
				with self.subTest(doctype, user=api.user):
					self.assertAnswer(answer, 403, "PermissionError")
