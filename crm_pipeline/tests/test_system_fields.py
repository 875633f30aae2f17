"""What the system keeps is not a client's to say, on insert as on update; the lists are tied to the DocTypes."""

import frappe
import frappe.client

from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make_competitor,
	make_contact,
	make_customer,
	make_item,
	make_lead,
	make_lost_reason,
	make_opportunity,
	make_party_opportunity,
	make_quotation,
	make_supplier,
)

FORGED_NUMBER = 4711
FORGED_DAY = "2001-02-03"
# Read-only in the form, since a mapper or Amend fills them: what they name is checked as any other link.
OF_THE_CLIENT = {
	("Quotation", "amended_from"),
	("Supplier Quotation", "amended_from"),
	("Quotation Item", "opportunity"),
	("Quotation Item", "opportunity_item"),
	("Quotation Item", "supplier_quotation"),
	("Quotation Item", "supplier_quotation_item"),
	("Supplier Quotation Item", "opportunity"),
	("Supplier Quotation Item", "opportunity_item"),
	("Lead", "lead_name"),  # from which the parts of the name are taken
}


def rows():
	return [{"item_code": make_item().name, "qty": 2, "rate": 50}]


def taxes():
	freight = {"charge_type": "Actual", "description": "Freight", "tax_amount": 7}
	return [{"charge_type": "On Net Total", "description": "VAT", "rate": 19}, freight]


def party():
	return {"opportunity_from": "Customer", "party_name": make_customer().name}


def lost():
	return {"status": "Lost", "lost_reasons": [{"lost_reason": make_lost_reason().name}]}


# Values of a new record of each DocType that people create and the system keeps fields of, in its several states.
NEW = {
	"Opportunity": (
		lambda: {"title": "Bare"},
		lambda: {**party(), "items": rows(), "next_contact_date": f"{in_days(3)} 10:00:00"},
		lambda: {**party(), "items": rows(), "status": "Converted", "closed_on": in_days(0)},
		lambda: {**party(), "opportunity_amount": 70, **lost()},
		lambda: {"title": "Rests", "status": "Paused", "paused_until": in_days(5)},
		lambda: {"title": "Over", "status": "Closed"},
	),
	"Quotation": (
		lambda: {"quotation_to": "Customer", "party_name": make_customer().name, "items": rows()},
		lambda: {"quotation_to": "Customer", "party_name": make_customer().name, "net_total": 70},
		lambda: {
			"quotation_to": "Customer",
			"party_name": make_customer().name,
			"items": rows(),
			"additional_discount_percentage": 3,
			"taxes": taxes(),
		},
	),
	"Sales Taxes and Charges Template": (lambda: {"title": "Forged", "taxes": taxes()},),
	"Supplier Quotation": (lambda: {"supplier": make_supplier().name, "items": rows()},),
	"Customer": (lambda: {"customer_name": "Acme"},),
	"Supplier": (lambda: {"supplier_name": "Acme"},),
	"Sales Process": (lambda: {"process_name": "Forged", "stages": stages()},),
}


def stages() -> list[dict]:
	return [{"sales_stage": stage} for stage in ("Lead", "Won", "Lost")]


def metas() -> list:
	names = frappe.get_all("DocType", {"module": "CRM Pipeline", "istable": 0}, pluck="name")
	return [frappe.get_meta(name) for name in names]


def is_written_by_people(meta) -> bool:
	return any(each.create or each.write for each in meta.permissions)


def system_fields(meta) -> list:
	"""The fields of a DocType that no form lets anybody write."""
	return [df for df in meta.fields if df.read_only and (meta.name, df.fieldname) not in OF_THE_CLIENT]


def guarded(meta) -> list:
	return system_fields(meta) + [
		df for t in meta.get_table_fields() for df in system_fields(frappe.get_meta(t.options))
	]


def forged(df, plain):
	"""A value for a field that is not the one it has by itself."""
	if df.fieldtype in ("Table", "Table MultiSelect"):
		values = {
			"Lost Reason Detail": ("lost_reason", make_lost_reason),
			"Competitor Detail": ("competitor", make_competitor),
		}
		field, maker = values[df.options]
		return [{field: maker().name}]
	if df.fieldtype in ("Int", "Float", "Currency", "Percent"):
		return FORGED_NUMBER
	if df.fieldtype == "Check":
		return 1
	if df.fieldtype in ("Date", "Datetime"):
		return FORGED_DAY
	if df.fieldtype == "Select":
		return _other_option(df.options.split("\n"), plain)
	if df.fieldtype == "Link":
		return frappe.get_all(df.options, {"name": ["!=", "USD"]}, pluck="name", limit=1)[0]
	return "forged@example.com"


def _other_option(options: list[str], plain: list) -> str:
	return next((option for option in options if option and option not in plain), options[-1])


class TestSystemFields(TestCase):
	def test_every_doctype_that_keeps_some_is_tried(self):
		self.assertEqual(
			{meta.name for meta in metas() if guarded(meta) and is_written_by_people(meta)}, set(NEW)
		)

	def cases(self):
		for doctype, variants in NEW.items():
			meta = frappe.get_meta(doctype)
			for number, values in enumerate(variants):
				for df in system_fields(meta):
					yield doctype, number, values, df, None
				for table in meta.get_table_fields():
					for df in system_fields(frappe.get_meta(table.options)):
						yield doctype, number, values, df, table.fieldname

	def test_none_is_kept_on_insert(self):
		for doctype, number, values, df, table in self.cases():
			sent = values()
			if table and not sent.get(table):
				continue
			with self.subTest(doctype=doctype, case=number, field=df.fieldname):
				plain = self.inserted(doctype, sent, df, table)
				self.assertEqual(
					self.inserted(doctype, self.with_forged(sent, df, table, plain), df, table), plain
				)

	def test_none_is_kept_on_update(self):
		for doctype, number, values, df, table in self.cases():
			sent = values()
			if table and not sent.get(table):
				continue
			with self.subTest(doctype=doctype, case=number, field=df.fieldname):
				frappe.db.savepoint("one_case")
				stored = frappe.client.insert({"doctype": doctype, **sent})
				plain = self.value(frappe.get_doc(doctype, stored.name), df, table)
				form = frappe.get_doc(doctype, stored.name).as_dict()
				frappe.client.save(self.with_forged(form, df, table, plain))
				self.assertEqual(self.value(frappe.get_doc(doctype, stored.name), df, table), plain)
				frappe.db.rollback(save_point="one_case")

	def inserted(self, doctype: str, values: dict, df, table: str | None):
		frappe.db.savepoint("one_insert")
		name = frappe.client.insert({"doctype": doctype, **values}).name
		value = self.value(frappe.get_doc(doctype, name), df, table)
		frappe.db.rollback(save_point="one_insert")
		return value

	def with_forged(self, values: dict, df, table: str | None, plain) -> dict:
		if not table:
			return {**values, df.fieldname: forged(df, plain if table else [plain])}
		return {
			**values,
			table: [{**row, df.fieldname: forged(df, plain if table else [plain])} for row in values[table]],
		}

	def value(self, doc, df, table: str | None):
		if table:
			return [row.get(df.fieldname) for row in doc.get(table)]
		value = doc.get(df.fieldname)
		if df.fieldtype in ("Table", "Table MultiSelect"):
			return len(value)
		return str(value)[:10] if df.fieldtype == "Datetime" else value


class TestStates(TestCase):
	"""What a table of values cannot say."""

	def test_a_submitted_quotation_comes_in_open(self):
		quotation = frappe.get_doc(
			{
				"doctype": "Quotation",
				"quotation_to": "Customer",
				"party_name": make_customer().name,
				"net_total": 10,
				"docstatus": 1,
				"status": "Ordered",
				"ordered_on": in_days(0),
				"order_lost_reason": "Price",
			}
		).insert()
		self.assertEqual(
			(quotation.status, quotation.ordered_on, quotation.order_lost_reason), ("Open", None, None)
		)

	def test_submitting_brings_no_outcome_along(self):
		form = make_quotation(make_party_opportunity(), submit=False).as_dict()
		form.update(docstatus=1, status="Ordered", ordered_on=in_days(0))
		saved = frappe.client.save(form)
		self.assertEqual((saved.status, saved.ordered_on), ("Open", None))

	def test_cancelling_neither(self):
		form = make_quotation(make_party_opportunity()).as_dict()
		form.update(
			docstatus=2, ordered_on=in_days(0), lost_reasons=[{"lost_reason": make_lost_reason().name}]
		)
		frappe.client.save(form)
		stored = frappe.get_doc("Quotation", form.name)
		self.assertEqual((stored.status, stored.ordered_on, stored.lost_reasons), ("Cancelled", None, []))

	def test_the_rate_of_an_ended_opportunity_is_frozen_against_clients_too(self):
		opportunity = make_opportunity(opportunity_amount=100, status="Converted")
		opportunity.reload().conversion_rate = 7
		opportunity.save()
		self.assertEqual((opportunity.conversion_rate, opportunity.base_opportunity_amount), (1, 100))

	def test_the_e_mail_of_a_customer_is_that_of_its_contact(self):
		customer = make_customer(email_id="forged@example.com")
		self.assertFalse(customer.email_id)
		contact = make_contact(customer, email_id="grace@example.org")
		customer.reload().customer_primary_contact = contact.name
		self.assertEqual(customer.save().email_id, "grace@example.org")

	def test_a_lead_is_named_by_its_fields(self):
		self.assertEqual(make_lead(first_name="Ada", last_name="X", lead_name="Forged").lead_name, "Ada X")

	def test_software_writes_them(self):
		opportunity = frappe.get_doc({"doctype": "Opportunity", "title": "Old", "contacted_out": 3})
		opportunity.flags.by_software = True
		self.assertEqual(opportunity.insert().contacted_out, 3)
