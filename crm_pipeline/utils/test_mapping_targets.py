"""Documents that clients send to the mappers to be filled."""

import ast
import json

import frappe
from frappe.permissions import add_user_permission

from crm_pipeline.crm_pipeline.doctype.lead import lead
from crm_pipeline.crm_pipeline.doctype.opportunity import opportunity
from crm_pipeline.crm_pipeline.doctype.quotation import quotation
from crm_pipeline.crm_pipeline.doctype.supplier_quotation import supplier_quotation
from crm_pipeline.exceptions import LinkNotText, TargetUnfit
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	make,
	make_contact,
	make_customer,
	make_lead,
	make_opportunity,
	make_party_opportunity,
	make_quotation,
	make_supplier,
)
from crm_pipeline.tests.limited import Limited, as_
from crm_pipeline.tests.sources import modules


def offer():
	return make(
		"Supplier Quotation",
		supplier=make_supplier().name,
		items=[{"item_name": "Advice", "qty": 1, "rate": 10}],
	)


def of_lead():
	return make_opportunity(opportunity_from="Lead", party_name=make_lead().name)


# Each mapper with what it maps and what it fills.
MAPPERS = {
	"lead.make_opportunity": (lead.make_opportunity, make_lead, "Opportunity"),
	"lead.make_customer": (lead.make_customer, make_lead, "Customer"),
	"mapping.make_quotation": (opportunity.make_quotation, make_party_opportunity, "Quotation"),
	"mapping.make_supplier_quotation": (
		opportunity.make_supplier_quotation,
		make_party_opportunity,
		"Supplier Quotation",
	),
	"mapping.make_customer": (opportunity.make_customer, of_lead, "Customer"),
	"mapping.make_opportunity_from_contact": (
		opportunity.make_opportunity_from_contact,
		make_contact,
		"Opportunity",
	),
	"revision.make_revision": (quotation.make_revision, make_quotation, "Quotation"),
	"supplier_quotation.make_quotation": (supplier_quotation.make_quotation, offer, "Quotation"),
}


def mappers_in_code() -> set[str]:
	"""Functions of ours that take a document to fill, found in the sources so that a new one is in it."""
	found = set()
	for path in modules():
		if "utils" not in path.parts:
			for node in ast.walk(ast.parse(path.read_text())):
				if isinstance(node, ast.FunctionDef) and "target_doc" in [arg.arg for arg in node.args.args]:
					found.add(f"{path.stem}.{node.name}")
	return found


class TestTargets(TestCase):
	def test_every_mapper_is_tried(self):
		self.assertEqual(mappers_in_code(), set(MAPPERS))

	def test_a_document_of_the_doctype_is_filled(self):
		for name, (mapper, source, doctype) in MAPPERS.items():
			with self.subTest(mapper=name):
				mapped = mapper(source().name, json.dumps({"doctype": doctype, "__islocal": 1}))
				self.assertEqual(mapped.doctype, doctype)

	def test_nothing_else_is(self):
		for name, (mapper, source, _doctype) in MAPPERS.items():
			for sent in ({"doctype": "User"}, {"name": "x"}, ["Opportunity"], 7, "no JSON"):
				with self.subTest(mapper=name, sent=sent), self.assertRefused(TargetUnfit):
					mapper(source().name, sent if sent == "no JSON" else json.dumps(sent))

	def test_its_links_are_text(self):
		for name, (mapper, source, doctype) in MAPPERS.items():
			field = "country" if doctype == "Customer" else "contact_person"
			sent = json.dumps({"doctype": doctype, field: {"name": ["like", "%"]}})
			with self.subTest(mapper=name), self.assertRefused(LinkNotText):
				mapper(source().name, sent)

	def test_the_contact_of_another_is_not_read_through_it(self):
		source, mine, hidden = make_lead(), make_contact(), make_contact(make_customer())
		with self.as_user("Sales User") as user:
			frappe.set_user("Administrator")
			add_user_permission("Contact", mine.name, user)
			frappe.clear_cache(user=user)
			frappe.set_user(user)
			told = []
			for name in (hidden.name, "f" * len(hidden.name)):
				sent = json.dumps({"doctype": "Opportunity", "contact_person": name})
				with self.assertRefused(frappe.LinkValidationError) as refusal:
					lead.make_opportunity(source.name, sent)
				told.append(str(refusal.exception).replace(name, "NAME"))
			self.assertEqual(told[0], told[1])


class TestHiddenOpportunities(Limited):
	def test_a_quotation_to_fill_names_none(self):
		as_("Administrator")
		mine = make_party_opportunity(opportunity_owner=self.ben)
		as_(self.ben)
		for values in (
			{"opportunity": self.colleagues.name},
			{"items": [{"opportunity": self.colleagues.name}]},
		):
			with self.subTest(values=values), self.assertRefused(frappe.LinkValidationError):
				opportunity.make_quotation(mine.name, json.dumps({"doctype": "Quotation", **values}))
