"""Two sellers of whom each sees only what is their own."""

import frappe

from crm_pipeline.permissions.visibility import OWN
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import make_competitor, make_lost_reason, make_party_opportunity, make_user

SELLER = "Sales User"


def settings(**values) -> None:
	doc = frappe.get_doc("Selling Settings")
	doc.update(values)
	doc.save()


def as_(user: str):
	frappe.set_user(user)
	frappe.clear_messages()


class Limited(TestCase):
	"""Two sellers, each with an opportunity."""

	def setUp(self):
		super().setUp()
		settings(opportunity_visibility=OWN)
		self.anna, self.ben = make_user(SELLER), make_user(SELLER)
		reason, rival = make_lost_reason().name, make_competitor().name
		self.colleagues, self.own = (
			make_party_opportunity(
				opportunity_owner=user,
				competitors=[{"competitor": rival}],
				lost_reasons=[{"lost_reason": reason}],
				status="Lost",
			)
			for user in (self.anna, self.ben)
		)
		as_(self.ben)

	def names(self, doctype="Opportunity", **options) -> set[str]:
		return set(frappe.get_list(doctype, pluck="name", limit_page_length=0, **options))
