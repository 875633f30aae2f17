"""Whatever a client sends is answered or refused, never a fault of the app: no 500 that the description of the API can reach."""

from collections.abc import Iterator
from inspect import Parameter, signature
from itertools import cycle, islice

import frappe
from frappe.model import no_value_fields, table_fields

from crm_pipeline.api import openapi
from crm_pipeline.api.activities import activities
from crm_pipeline.api.party_history import party_history
from crm_pipeline.exceptions import ArgumentsUnfit, ImpossibleNumber, LinkNotText
from crm_pipeline.permissions.visibility import matches, visible_to
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import make_lead, make_opportunity, make_quotation, make_supplier
from crm_pipeline.tests.properties import example

# Of any type that JSON has, and what texts may be taken for.
ANYTHING = (
	[], {}, [[]], {"a": []}, ["a"], [{}], [None], True, -1, 10**30, 1e308, "", " ", "\0", "%", "[", "{}", "null", "-1",
	"NaN", "9999-99-99", "9999-12-31 23:59:59", "0001-01-01", "2026-01-01T10:00:00+02:00", "a" * 300, "<b>", "DocType",
)  # fmt: skip
# Frappe 16 writes values into the text of a statement for SQLite, whose driver takes no null character there.
CORES = "the query contains a null character"
# Of these, in turn, so that all come to every kind of argument and field.
AT_ONCE = 5
# What the functions of the API do by committing, or keep beyond a rollback.
COMMITTING = {"act_on_many", "undo_many", "undo_auto_close"}
VALUES = {
	"doctype": "Opportunity",
	"kind": "Note",
	"scope": "all",
	"sales_process": "Standard",
	"stage": "Lead",
}
RECORDS = {
	"Competitor": {"competitor_name": "Any Input"},
	"Currency Exchange": {"from_currency": "CHF", "to_currency": "SEK", "exchange_rate": 2},
	"Customer": {"customer_name": "Any Input"},
	"Item": {"item_code": "Any Input"},
	"Lead": {"first_name": "Any Input"},
	"Lead Source": {"source_name": "Any Input"},
	"Lost Reason": {"lost_reason": "Any Input"},
	"Opportunity": {"title": "Any Input"},
	"Opportunity Type": {"type_name": "Any Input"},
	"Pipeline View": {"title": "Any Input"},
	"Quotation": {"quotation_to": "Lead", "currency": "USD"},
	"Sales Process": {
		"process_name": "Any Input",
		"stages": [{"sales_stage": each} for each in ("Lead", "Won", "Lost")],
	},
	"Sales Stage": {"stage_name": "Any Input"},
	"Sales Taxes and Charges Template": {"title": "Any Input"},
	"Sales Team": {"team_name": "Any Input"},
	"Supplier": {"supplier_name": "Any Input"},
	"Supplier Quotation": {"currency": "USD"},
}


class TestAnyInput(TestCase):
	def setUp(self):
		super().setUp()
		self.opportunity = make_opportunity(items=[{"item_name": "A", "qty": 1, "rate": 1}]).name
		self.quotation = make_quotation(submit=False).name
		self.lead, self.supplier = make_lead().name, make_supplier().name

	def assert_answered(self, what: str, act):
		"""Fail where something raises what has no status of its own, and would be answered with 500."""
		with self.subTest(what), example():
			try:
				act()
			except Exception as error:
				if getattr(error, "http_status_code", 500) >= 500 and CORES not in str(error):
					raise

	def test_arguments_of_functions(self):
		anything = cycle(ANYTHING)
		for function in openapi.functions_of_api():
			if function.__name__ not in COMMITTING:
				good = self.arguments(function)
				for name in signature(function).parameters:
					for value in islice(anything, AT_ONCE):
						what = f"{function.__module__}.{function.__name__}({name}={value!r:.40})"
						self.assert_answered(what, lambda: frappe.call(function, **{**good, name: value}))  # noqa: B023

	def arguments(self, function) -> dict:
		names = {
			"opportunity": self.opportunity,
			"quotation": self.quotation,
			"name": self.opportunity,
			**VALUES,
		}
		needed = (each for each in signature(function).parameters.values() if each.default is Parameter.empty)
		return {each.name: names.get(each.name, "2026-01-01") for each in needed}

	def test_fields_of_records(self):
		anything = cycle(ANYTHING)
		for doctype, values in self.records():
			with self.subTest(doctype), example():
				frappe.get_doc({"doctype": doctype, **values}).insert()
			for df in frappe.get_meta(doctype).fields:
				if df.fieldtype not in (*no_value_fields, *table_fields):
					for value in ([], *islice(anything, 2)):
						what = f"{doctype}.{df.fieldname} = {value!r:.40}"
						sent = {"doctype": doctype, **values, df.fieldname: value}
						self.assert_answered(what, lambda: frappe.get_doc(sent).insert())  # noqa: B023

	def test_texts_and_dates_that_are_none(self):
		for value in ([], ["a"], {"a": 1}, True):
			for field in ("title", "to_discuss", "status", "expected_closing", "next_contact_date"):
				with self.subTest(field, value=value), self.assertRefused(LinkNotText, "must be text"):
					make_opportunity(**{field: value})
		self.assertEqual(make_opportunity(title=5, campaign=1.5).reload().campaign, "1.5")

	def test_null_characters(self):
		for sent in ({"sales_process": "\0"}, {"source": "A\0"}, {"lost_reasons": [{"lost_reason": "\0"}]}):
			with self.subTest(sent), self.assertRefused(LinkNotText, "has a null character"):
				make_opportunity(**sent)

	def test_a_time_of_the_last_change_that_is_none(self):
		for modified in ("0000-00-00 00:00:00", "2026-28-16 94:66:23", "soon"):
			doc = frappe.get_doc("Opportunity", self.opportunity)
			with self.subTest(modified), self.assertRefused(frappe.TimestampMismatchError):
				doc.update({"modified": modified}).save()

	def test_names_that_are_filters(self):
		frappe.db.set_single_value("Selling Settings", "opportunity_visibility", "Own, Assigned and Shared")
		frappe.clear_document_cache("Selling Settings", "Selling Settings")
		hidden = make_opportunity(opportunity_amount=4711).name
		with self.as_user("Sales User"):
			own = make_opportunity().name
			for doctype, name in (("Opportunity", own), ("Pipeline View", self.view())):
				for sent in (
					{"name": hidden},
					{"title": "none"},
					["a"],
					[["name", "=", hidden]],
					[None, None],
					True,
				):
					with self.subTest(doctype, sent=sent), self.assertRefused(LinkNotText, "must be text"):
						frappe.get_doc(doctype, name).update({"name": sent}).save()
			for sent in ([hidden], {"name": hidden}, True):
				with self.subTest(reference=sent):
					self.assertFalse(matches("Opportunity", sent, visible_to(frappe.session.user)))

	def view(self) -> str:
		return frappe.get_doc({"doctype": "Pipeline View", "title": "Any Input"}).insert().name

	def test_positions(self):
		for value in ("[]", "first", 1.5, True, ["a"], 10**30, -(10**30), "1e30"):
			for sent in ({"idx": value}, {"items": [{"item_name": "A", "qty": 1, "idx": value}]}):
				with self.subTest(sent), self.assertRefused(ImpossibleNumber):
					make_opportunity(**sent)
		self.assertEqual(make_opportunity(idx="3").idx, 3)

	def test_arguments_that_a_method_does_not_take(self):
		doc = frappe.get_doc("Opportunity", self.opportunity)
		for method, arguments, told in (
			("advance", {"to_stage": "Won"}, "It also takes: override_reason, from_stage."),
			("declare_lost", {}, "It needs: lost_reasons."),
			("pause", {"until": "2050-01-01", "data": None}, "It needs: until."),
		):
			with self.subTest(method), self.assertRefused(ArgumentsUnfit, told):
				doc.run_method(method, **arguments)
		with self.as_user("Purchase User"), self.assertRaises(frappe.PermissionError):
			frappe.get_doc("Opportunity", self.opportunity).advance(to_stage="Won")

	def test_what_has_no_context(self):
		for doctype in ("", "No Such DocType", "Selling Settings", "System Settings"):
			for act in (activities, party_history):
				with (
					self.subTest(act.__name__, doctype=doctype),
					self.assertRefused(frappe.DoesNotExistError),
				):
					act(doctype, self.opportunity)

	def records(self) -> Iterator[tuple[str, dict]]:
		more = {"Quotation": {"party_name": self.lead}, "Supplier Quotation": {"supplier": self.supplier}}
		for doctype, values in RECORDS.items():
			yield doctype, {**values, **more.get(doctype, {})}
