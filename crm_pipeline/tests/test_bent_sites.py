"""What a site asks of people does not stop what the software does by itself."""

import frappe

from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	make,
	make_lost_reason,
	make_mail,
	make_opportunity,
	make_party_opportunity,
	make_quotation,
)


def make_setter(doctype: str, field: str, prop: str, value: str, kind: str = "Text") -> None:
	setter = {"doctype_or_field": "DocField", "property": prop, "property_type": kind, "value": value}
	make("Property Setter", doc_type=doctype, field_name=field, **setter)
	frappe.clear_cache(doctype=doctype)


class TestMandatoryLater(TestCase):
	def undo(self):
		super().undo()
		for doctype in ("Opportunity", "Quotation"):
			frappe.clear_cache(doctype=doctype)

	def test_a_submitted_quotation_is_ordered_or_lost(self):
		ordered, lost, draft = (
			make_quotation(make_party_opportunity(), submit=each < 2) for each in range(3)
		)
		make_setter("Quotation", "territory", "reqd", "1", "Check")
		make_setter("Opportunity", "territory", "reqd", "1", "Check")
		self.assertEqual(ordered.reload().mark_ordered().status, "Ordered")
		self.assertEqual(lost.reload().declare_lost([make_lost_reason().name]).status, "Lost")
		with self.assertRefused(frappe.MandatoryError):
			frappe.get_doc("Quotation", draft.name).submit()

	def test_a_reason_that_is_none_is_refused_all_the_same(self):
		with self.assertRefused(frappe.LinkValidationError):
			make_quotation().declare_lost(["No such reason"])

	def test_a_mail_passes_where_an_option_is_gone(self):
		opportunity = make_opportunity(status="Replied")
		make_setter("Opportunity", "status", "options", "Replied\nQuotation\nPaused\nConverted\nLost\nClosed")
		make_mail(opportunity, "Received")
		opportunity = frappe.get_doc("Opportunity", opportunity.name)
		self.assertEqual((opportunity.status, opportunity.own_status), ("Open", "Open"))
		with self.assertRefused(frappe.ValidationError, "Open"):
			opportunity.save()
