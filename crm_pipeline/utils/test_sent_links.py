"""Links are text, and lead to what the user may read; else the answer is the same whether there is something or not."""

import json

import frappe
import frappe.client

from crm_pipeline import exceptions
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	make,
	make_customer,
	make_opportunity,
	make_party_opportunity,
	make_quotation,
	make_supplier,
	unique,
)
from crm_pipeline.tests.http import Api, send
from crm_pipeline.tests.limited import Limited, as_
from crm_pipeline.tests.rest import RestTestCase
from crm_pipeline.utils.guarded_document import GuardedDocument, GuardedRow
from crm_pipeline.utils.sent_links import LINKS

MATCHING, MISSING = {"name": ["like", "%"]}, {"name": "no such record"}


def our_metas() -> list:
	names = frappe.get_all("DocType", {"module": "CRM Pipeline"}, pluck="name")
	return [frappe.get_meta(name) for name in names]


class TestGuards(TestCase):
	def test_every_doctype_that_people_write_is_guarded(self):
		for meta in our_metas():
			controller = frappe.model.base_document.get_controller(meta.name)
			written = any(each.create or each.write for each in meta.permissions)
			with self.subTest(doctype=meta.name):
				if meta.istable:
					self.assertTrue(issubclass(controller, GuardedRow))
				elif written:
					self.assertTrue(issubclass(controller, GuardedDocument))

	def test_no_link_is_anything_but_text(self):
		for meta in our_metas():
			if meta.istable or not any(each.create for each in meta.permissions):
				continue
			for df in meta.fields:
				for value in (MATCHING, ["like", "%"], True, 1.5) if df.fieldtype in LINKS else ():
					with self.subTest(doctype=meta.name, field=df.fieldname, value=value):
						with self.assertRefused(exceptions.LinkNotText, "must be text"):
							frappe.client.insert({"doctype": meta.name, df.fieldname: value})

	def test_nor_in_rows(self):
		for field, row in (
			("items", "item_code"),
			("lost_reasons", "lost_reason"),
			("competitors", "competitor"),
		):
			with self.subTest(field=field), self.assertRefused(exceptions.LinkNotText):
				make_opportunity(**{field: [{row: MATCHING}]})

	def test_nor_on_update_nor_in_the_name(self):
		opportunity = make_opportunity()
		with self.assertRefused(exceptions.LinkNotText):
			frappe.client.save({**opportunity.as_dict(), "country": MATCHING})

	def test_a_number_is_text(self):
		customer = make_customer(customer_name="4711")
		opportunity = make_opportunity(opportunity_from="Customer", party_name=4711)
		self.assertEqual(opportunity.party_name, customer.name)


class TestRequests(RestTestCase):
	def told(self, answer) -> tuple:
		messages = [
			json.loads(each)["message"] for each in json.loads(answer.json.get("_server_messages") or "[]")
		]
		return answer.status_code, answer.json.get("exc_type"), messages

	def ask(self, headers: dict, **values) -> tuple:
		return self.told(send("POST", "/api/resource/Opportunity", headers=headers, json=values))

	def test_a_match_and_a_miss_are_answered_alike(self):
		stranger = Api()
		self.made.append(("User", stranger.user))
		for headers in ({}, stranger.headers, self.api.headers):
			for field in ("party_name", "contact_person", "opportunity_owner", "source"):
				values = {"title": unique("Asked"), "opportunity_from": "User"}
				answers = [self.ask(headers, **values, **{field: value}) for value in (MATCHING, MISSING)]
				with self.subTest(user=bool(headers), field=field):
					self.assertEqual(answers[0], answers[1])
					self.assertIn(answers[0][0], (401, 403, 417))

	def test_nor_does_text_tell_those_who_may_not_create(self):
		stranger = Api()
		self.made.append(("User", stranger.user))
		for headers in ({}, stranger.headers):
			answers = [
				self.ask(headers, title="Asked", opportunity_owner=name)
				for name in ("Administrator", "nobody")
			]
			with self.subTest(user=bool(headers)):
				self.assertEqual(answers[0], answers[1])
				self.assertIn(answers[0][0], (401, 403))


class TestHiddenRecords(Limited):
	"""What Ben does not see is told in the words for what is not there."""

	def setUp(self):
		super().setUp()
		as_("Administrator")
		self.hidden = make_party_opportunity()
		self.quotation = make_quotation(self.hidden)
		self.offer = make(
			"Supplier Quotation",
			supplier=make_supplier().name,
			opportunity=self.hidden.name,
			items=[{"item_name": "Advice", "qty": 1, "rate": 10}],
		)
		self.customer = make_customer().name

	def quote(self, **fields):
		rows = [{"item_name": "Advice", "qty": 1, "rate": 10, **fields.pop("row", {})}]
		named = frappe.db.get_value("Opportunity", {"name": fields.get("opportunity") or ""}, "party_name")
		party = {"quotation_to": "Customer", "party_name": named or self.customer}
		return make("Quotation", **{**party, "items": rows, **fields})

	def assertToldAlike(self, write, name: str):
		told = []
		for each in (name, "f" * len(name)):
			as_(self.ben)
			with self.assertRefused(frappe.LinkValidationError, each) as refusal:
				write(each)
			told.append(str(refusal.exception).replace(each, "NAME"))
		self.assertEqual(told[0], told[1])
		self.assertTrue(told[0].startswith("Could not find "))

	def test_links(self):
		for write, name in (
			(lambda name: self.quote(opportunity=name), self.hidden.name),
			(lambda name: self.quote(row={"opportunity": name}), self.hidden.name),
			(lambda name: self.quote(row={"supplier_quotation": name}), self.offer.name),
			(lambda name: self.quote(amended_from=name), self.quotation.name),
		):
			with self.subTest(name=name):
				self.assertToldAlike(write, name)

	def test_links_that_change(self):
		as_(self.ben)
		quotation = self.quote(opportunity=self.own.name).name

		def move(name: str):
			frappe.get_doc("Quotation", quotation).update({"opportunity": name}).save()

		self.assertToldAlike(move, self.hidden.name)

	def test_software_may_name_what_its_user_does_not_see(self):
		as_(self.ben)
		quotation = self.quote().name
		for flag in ("ignore_links", "ignore_permissions"):
			document = frappe.get_doc("Quotation", quotation)
			document.flags[flag] = True
			document.items[0].supplier_quotation = self.offer.name
			self.assertEqual(document.save().items[0].supplier_quotation, self.offer.name)
			frappe.db.set_value("Quotation Item", document.items[0].name, "supplier_quotation", None)

	def test_names_of_rows(self):
		row = self.hidden.items[0].name
		self.assertToldAlike(lambda name: self.quote(row={"opportunity_item": name}), row)
		mine = {"opportunity": self.own.name}
		self.assertToldAlike(lambda name: self.quote(row={**mine, "opportunity_item": name}), row)

	def test_what_is_stored_already_stays(self):
		as_("Administrator")
		quotation = self.quote(opportunity=self.hidden.name)
		frappe.share.add("Quotation", quotation.name, self.ben, write=1)
		as_(self.ben)
		quotation = frappe.get_doc("Quotation", quotation.name)
		quotation.valid_till = "2199-01-01"
		self.assertEqual(quotation.save().opportunity, self.hidden.name)
