"""Rows that are sent under the name of a row elsewhere, and rows that are sent alone."""

import frappe
import frappe.client

from crm_pipeline import exceptions
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	make,
	make_competitor,
	make_lost_reason,
	make_opportunity,
	make_party_opportunity,
	make_process,
	make_quotation,
	make_supplier,
	make_taxes,
	make_team,
	make_user,
	unique,
)
from crm_pipeline.tests.limited import Limited, as_
from crm_pipeline.tests.rest import RestTestCase


def lost():
	return make_party_opportunity(
		status="Lost",
		lost_reasons=[{"lost_reason": make_lost_reason().name}],
		competitors=[{"competitor": make_competitor().name}],
	)


def lost_quotation():
	quotation = make_quotation(make_party_opportunity())
	return quotation.declare_lost([make_lost_reason().name], [make_competitor().name])


def taxed_quotation():
	return make_quotation(submit=False, taxes=[{"description": "VAT", "rate": 19}])


def supplier_quotation():
	rows = [{"item_name": "Advice", "qty": 1, "rate": 10}]
	return make("Supplier Quotation", supplier=make_supplier().name, items=rows)


def demanding_process():
	process = make_process(10, 50)
	process.append("requirements", {"sales_stage": process.stages[1].sales_stage, "requirement": "Item"})
	return process.save()


# Documents whose rows somebody could want, for every table of ours.
WITH_ROWS = {
	("Opportunity", "items"): lost,
	("Opportunity", "lost_reasons"): lost,
	("Opportunity", "competitors"): lost,
	("Quotation", "items"): lost_quotation,
	("Quotation", "lost_reasons"): lost_quotation,
	("Quotation", "competitors"): lost_quotation,
	("Quotation", "taxes"): taxed_quotation,
	("Sales Taxes and Charges Template", "taxes"): make_taxes,
	("Supplier Quotation", "items"): supplier_quotation,
	("Sales Process", "stages"): demanding_process,
	("Sales Team", "members"): lambda: make_team(make_user("Sales User")),
	("Sales Process", "requirements"): demanding_process,
}
# Of a single there is no other document to take rows from.
OF_SINGLES = {("Selling Settings", "party_types"), ("Selling Settings", "disabled_roles")}


def tables() -> set:
	parents = frappe.get_all("DocType", {"module": "CRM Pipeline", "istable": 0}, pluck="name")
	return {
		(doctype, df.fieldname) for doctype in parents for df in frappe.get_meta(doctype).get_table_fields()
	}


def stored_rows(doc, field: str) -> list[dict]:
	rows = frappe.get_doc(doc.doctype, doc.name).get(field)
	return [{**row.as_dict(), "modified": None} for row in rows]


def named_rows(doc, field: str) -> list[dict]:
	return [{"name": row.name} for row in doc.get(field)]


class TestRowsOfOthers(TestCase):
	def test_every_table_is_tried(self):
		self.assertEqual(tables(), set(WITH_ROWS) | OF_SINGLES)

	def test_an_update_takes_no_row(self):
		for (doctype, field), maker in WITH_ROWS.items():
			with self.subTest(doctype=doctype, field=field):
				victim, mine = maker(), maker()
				before = stored_rows(victim, field)
				self.assertTrue(before)
				mine.reload().set(field, named_rows(victim, field))
				with self.assertRefused(exceptions.ForeignRow, before[0]["name"]):
					mine.save()
				self.assertEqual(stored_rows(victim, field), before)

	def test_nor_one_that_does_not_exist(self):
		opportunity = make_opportunity()
		for name in ("none", {"like": "%"}, ["none"], 7, True):
			with self.subTest(name=name):
				opportunity.reload().set("items", [{"name": name, "item_name": "Chair", "rate": 1}])
				with self.assertRaises((exceptions.ForeignRow, exceptions.LinkNotText)):
					opportunity.save()

	def test_nor_one_of_another_table_nor_one_twice(self):
		opportunity = lost()
		opportunity.reload().set("competitors", named_rows(opportunity, "lost_reasons"))
		with self.assertRefused(exceptions.ForeignRow, "Competitors"):
			opportunity.save()
		opportunity.reload().set("items", 2 * named_rows(opportunity, "items"))
		with self.assertRefused(exceptions.ForeignRow, "Items"):
			opportunity.save()

	def test_nor_with_a_mark_that_it_is_new(self):
		victim, mine = make_party_opportunity(), make_opportunity()
		before = stored_rows(victim, "items")
		mine.set(
			"items", [{**named_rows(victim, "items")[0], "__islocal": 1, "item_name": "Chair", "rate": 5}]
		)
		mine.save()
		self.assertEqual(stored_rows(victim, "items"), before)
		self.assertNotEqual(mine.items[0].name, before[0]["name"])

	def test_a_new_document_names_its_rows_itself(self):
		victim = make_party_opportunity()
		before = stored_rows(victim, "items")
		mine = make_opportunity(items=before)
		self.assertEqual(stored_rows(victim, "items"), before)
		self.assertNotEqual(mine.items[0].name, before[0]["name"])
		self.assertEqual(mine.opportunity_amount, 200)

	def test_a_row_says_not_where_it_stands(self):
		victim, mine = make_party_opportunity(), make_opportunity()
		place = {"parent": victim.name, "parenttype": "Quotation", "parentfield": "competitors"}
		frappe.client.save({**mine.as_dict(), "items": [{**place, "item_name": "Chair", "rate": 5}]})
		self.assertEqual(len(stored_rows(victim, "items")), 1)
		self.assertEqual([row["item_name"] for row in stored_rows(mine, "items")], ["Chair"])

	def test_its_own_rows_stay(self):
		opportunity = make_party_opportunity()
		kept = opportunity.items[0].name
		rows = [{"name": kept, "item_name": "Table", "qty": 1, "rate": 3}, {"item_name": "Chair", "rate": 4}]
		opportunity.reload().set("items", rows)
		opportunity.save()
		self.assertEqual(opportunity.reload().items[0].name, kept)
		self.assertEqual(opportunity.opportunity_amount, 7)


class TestHiddenRows(Limited):
	def test_the_answer_is_the_same_for_what_is_there_and_what_is_not(self):
		as_("Administrator")
		hidden = make_party_opportunity().items[0].name
		as_(self.ben)
		told = []
		for name in (hidden, "f" * len(hidden)):
			opportunity = frappe.get_doc("Opportunity", self.own.name)
			opportunity.append("items", {"name": name, "item_name": "Chair", "rate": 1})
			with self.assertRefused(exceptions.ForeignRow) as refusal:
				opportunity.save()
			told.append(str(refusal.exception).replace(name, "NAME"))
		self.assertEqual(told[0], told[1])


class TestRowsAlone(RestTestCase):
	def setUp(self):
		super().setUp()
		row = {"item_name": unique("Chair"), "qty": 1, "rate": 100}
		self.name = self.create("Opportunity", title=unique("With rows"), items=[row])["name"]
		self.row = self.opportunity(self.name)["items"][0]

	def test_a_row_is_neither_changed_nor_moved_nor_deleted_without_its_document(self):
		other = self.create("Opportunity", title=unique("Without rows"))["name"]
		path = f"/api/resource/Opportunity Item/{self.row['name']}"
		place = {"parent": other, "parenttype": "Opportunity", "parentfield": "items"}
		answers = [
			self.api.put(path, rate=1),
			self.api.put(path, **place),
			self.api.put(path, docstatus=1, rate=1),
			self.api.delete(path),
			self.api.post("/api/resource/Opportunity Item", item_name="Table", rate=1, **place),
		]
		for answer in answers:
			self.assertAnswer(answer, 417, "RowWithoutDocument")
		opportunity = self.opportunity(self.name)
		self.assertEqual(
			([row["rate"] for row in opportunity["items"]], opportunity["opportunity_amount"]), ([100], 100)
		)
		self.assertEqual(self.opportunity(other)["items"], [])

	def test_through_its_document_it_is(self):
		answer = self.api.post(
			"/api/method/frappe.client.set_value",
			doctype="Opportunity Item",
			name=self.row["name"],
			fieldname="rate",
			value=70,
		)
		self.assertEqual(answer.status_code, 200, answer.get_data(as_text=True))
		self.assertEqual(self.opportunity(self.name)["opportunity_amount"], 70)

	def test_a_name_given_to_the_document_is_none_for_its_rows(self):
		name = unique("Mine")
		answer = self.api.post(
			"/api/resource/Opportunity", name=name, title=name, items=[{**self.row, "rate": 1}]
		)
		self.assertEqual(answer.status_code, 200, answer.get_data(as_text=True))
		made = answer.json["data"]
		self.made.append(("Opportunity", made["name"]))
		self.assertNotEqual(made["items"][0]["name"], self.row["name"])
		self.assertEqual(self.opportunity(self.name)["items"][0]["rate"], 100)
