"""Losing an opportunity with the quotations that stand against it, and what the form offers for that."""

import frappe
from frappe.custom.doctype.property_setter.property_setter import make_property_setter

from crm_pipeline.crm_pipeline.doctype.opportunity.form_data import facts_for_form
from crm_pipeline.exceptions import (
	ActiveQuotationStands,
	LostReasonsMissing,
	PauseDateMissing,
	QuotationOfOthers,
)
from crm_pipeline.tasks import expire_quotations
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make,
	make_competitor,
	make_customer,
	make_opportunity,
	make_quotation,
	make_user,
)
from crm_pipeline.tests.limited import Limited, as_


class TestLosingQuotations(TestCase):
	def setUp(self):
		customer = make_customer().name
		self.opportunity = make_opportunity(opportunity_from="Customer", party_name=customer)

	def test_a_standing_quotation_is_lost_too(self):
		quotation, rival = make_quotation(self.opportunity), make_competitor().name
		self.opportunity.reload()
		self.opportunity.declare_lost(["Price"], [rival], "Too late", lose_quotations=True)
		for doc in (quotation, self.opportunity):
			doc.reload()
			self.assertEqual(doc.status, "Lost")
			self.assertEqual([row.lost_reason for row in doc.lost_reasons], ["Price"])
			self.assertEqual([row.competitor for row in doc.competitors], [rival])
			self.assertEqual(doc.order_lost_reason, "Too late")

	def test_each_of_several(self):
		quotations = [make_quotation(self.opportunity) for _ in range(2)]
		self.opportunity.reload()
		self.opportunity.declare_lost(["Price"], lose_quotations=True)
		self.assertEqual([doc.reload().status for doc in quotations], ["Lost", "Lost"])
		self.assertEqual(self.opportunity.reload().status, "Lost")

	def test_without_any_only_the_opportunity(self):
		self.opportunity.declare_lost(["Price"], lose_quotations=True)
		self.assertEqual(self.opportunity.status, "Lost")

	def test_an_expired_one_is_left_as_it_is(self):
		quotation = make_quotation(self.opportunity)
		quotation.db_set("valid_till", in_days(-1))
		self.opportunity.reload()
		self.opportunity.declare_lost(["Price"], lose_quotations=True)
		self.assertEqual((quotation.reload().status, self.opportunity.status), ("Open", "Lost"))

	def test_unasked_it_is_refused(self):
		make_quotation(self.opportunity)
		self.opportunity.reload()
		with self.assertRaises(ActiveQuotationStands):
			self.opportunity.declare_lost(["Price"])

	def test_it_is_offered_to_whom_it_works(self):
		quotation = make_quotation(self.opportunity)
		self.opportunity.reload()
		facts = facts_for_form(self.opportunity)
		self.assertEqual((facts["may_lose_quotations"], facts["why_not_lost_too_html"]), (True, ""))
		with self.as_user("Purchase User"):
			facts = facts_for_form(self.opportunity)
		self.assertFalse(facts["may_lose_quotations"])
		self.assertIn(quotation.name, facts["why_not_lost_too_html"])

	def test_who_may_not_submit_it_is_refused_by_name_and_nothing_is_lost(self):
		quotations = [make_quotation(self.opportunity) for _ in range(2)]
		make("Custom DocPerm", parent="Quotation", role="Sales User", read=1, write=1, create=1, permlevel=0)
		self.addCleanup(frappe.clear_cache, doctype="Quotation")
		frappe.clear_cache(doctype="Quotation")
		with self.as_user("Sales User"):
			opportunity = frappe.get_doc("Opportunity", self.opportunity.name)
			words = facts_for_form(opportunity)["why_not_lost_too_html"]
			self.assertIn(quotations[0].name, words)
			with self.assertRefused(frappe.PermissionError, quotations[0].name):
				opportunity.declare_lost(["Price"], lose_quotations=True)
		self.assertEqual([doc.reload().status for doc in quotations], ["Open", "Open"])
		self.assertEqual(self.opportunity.reload().status, "Quotation")

	def test_one_ordered_in_part_is_named_before_anything_is_lost(self):
		whole = make_quotation(self.opportunity)
		part = make_quotation(
			self.opportunity, items=[{"item_name": each, "qty": 1, "rate": 5} for each in "ab"]
		)
		part.mark_ordered(items=[part.items[0].name])
		self.opportunity.reload()
		self.assertIn(part.name, facts_for_form(self.opportunity)["why_not_lost_too_html"])
		with self.assertRefused(ActiveQuotationStands, part.name):
			self.opportunity.declare_lost(["Price"], lose_quotations=True)
		self.assertEqual(whole.reload().status, "Open")


class TestQuotationsForSeveral(Limited):
	"""A quotation whose rows are for two opportunities, one of which the user does not see."""

	def setUp(self):
		super().setUp()
		as_("Administrator")
		customer = make_customer().name
		self.own, self.colleagues = (
			make_opportunity(opportunity_from="Customer", party_name=customer, opportunity_owner=owner)
			for owner in (self.ben, self.anna)
		)
		self.alone = make_quotation(self.own)
		self.quotation = make_quotation(self.own, items=self.rows())

	def rows(self) -> list[dict]:
		return [
			{"item_name": "Advice", "qty": 1, "rate": 10, "opportunity": each.name}
			for each in (self.own, self.colleagues)
		]

	def test_those_of_others_are_not_lost(self):
		as_(self.ben)
		opportunity = frappe.get_doc("Opportunity", self.own.name)
		self.assertTrue(self.quotation.has_permission("submit"))
		self.assertFalse(facts_for_form(opportunity)["may_lose_quotations"])
		with self.assertRaises(QuotationOfOthers) as refusal:
			opportunity.declare_lost(["Price"], lose_quotations=True)
		self.assertIn(self.quotation.name, str(refusal.exception))
		self.assertNotIn(self.colleagues.name, str(refusal.exception))
		statuses = [doc.reload().status for doc in (self.alone, self.quotation, self.colleagues)]
		self.assertEqual(statuses, ["Open", "Open", "Quotation"])

	def test_who_may_edit_all_loses_all(self):
		frappe.share.add("Opportunity", self.colleagues.name, self.ben, write=1)
		as_(self.ben)
		opportunity = frappe.get_doc("Opportunity", self.own.name)
		self.assertTrue(facts_for_form(opportunity)["may_lose_quotations"])
		opportunity.declare_lost(["Price"], lose_quotations=True)
		self.assertEqual([doc.reload().status for doc in (self.own, self.colleagues)], ["Lost", "Lost"])

	def moves(self) -> dict:
		"""What people do to a quotation that its opportunities follow."""
		return {
			"lost": lambda doc: doc.declare_lost(["Price"]),
			"ordered": lambda doc: doc.mark_ordered(),
			"cancelled": lambda doc: doc.cancel(),
		}

	def test_whatever_is_done_to_the_quotation_itself_moves_none_of_others(self):
		for what, move in self.moves().items():
			as_(self.ben)
			quotation = frappe.get_doc("Quotation", self.quotation.name)
			with self.subTest(what), self.assertRaises(QuotationOfOthers) as refusal:
				move(quotation)
			self.assertIn(self.quotation.name, str(refusal.exception))
			self.assertNotIn(self.colleagues.name, str(refusal.exception))
			states = [doc.reload().status for doc in (self.quotation, self.own, self.colleagues)]
			self.assertEqual(states, ["Open", "Quotation", "Quotation"])

	def test_a_draft_is_not_submitted_over_those_of_others(self):
		as_("Administrator")
		draft = make_quotation(self.own, submit=False, items=self.rows())
		as_(self.ben)
		with self.assertRaises(QuotationOfOthers):
			frappe.get_doc("Quotation", draft.name).submit()

	def test_a_validity_that_a_site_lets_people_change_moves_none_of_others(self):
		as_("Administrator")
		make_property_setter("Quotation", "valid_till", "allow_on_submit", 1, "Check")
		self.addCleanup(frappe.clear_cache, doctype="Quotation")
		as_(self.ben)
		quotation = frappe.get_doc("Quotation", self.quotation.name)
		quotation.valid_till = in_days(60)
		self.assertRaises(QuotationOfOthers, quotation.save)

	def test_a_reader_of_another_opportunity_does_not_move_it(self):
		frappe.share.add("Opportunity", self.colleagues.name, self.ben, read=1)
		for what, move in self.moves().items():
			as_(self.ben)
			with self.subTest(what), self.assertRaises(QuotationOfOthers):
				move(frappe.get_doc("Quotation", self.quotation.name))

	def test_who_may_edit_all_does_what_moves_them(self):
		for what, move in self.moves().items():
			as_("Administrator")
			frappe.share.add("Opportunity", self.colleagues.name, self.ben, write=1)
			quotation = make_quotation(self.own, items=self.rows())
			as_(self.ben)
			with self.subTest(what):
				move(frappe.get_doc("Quotation", quotation.name))

	def test_one_of_their_own_alone_is_theirs_to_lose(self):
		as_(self.ben)
		frappe.get_doc("Quotation", self.alone.name).declare_lost(["Price"])
		self.assertEqual(self.alone.reload().status, "Lost")

	def test_a_night_that_expires_it_asks_nobody(self):
		self.quotation.db_set("valid_till", in_days(-1))
		as_("Administrator")
		expire_quotations()
		self.assertEqual(self.colleagues.reload().status, "Open")


class TestOffers(TestCase):
	def test_a_paused_one_is_not_paused_again(self):
		opportunity = make_opportunity()
		self.assertIn("pause", facts_for_form(opportunity)["actions"])
		opportunity.pause(in_days(3))
		self.assertNotIn("pause", facts_for_form(opportunity)["actions"])

	def test_the_form_says_by_name_who_makes_the_next_contact(self):
		user = make_user("Sales User")
		opportunity = make_opportunity(next_contact_by=user, next_contact_date=in_days(2))
		self.assertEqual(facts_for_form(opportunity)["next_contact_by_name"], "Test")

	def test_a_refusal_that_a_board_can_ask_about_names_its_opportunity(self):
		"""Desk's board sends a status only, and opens the dialog of what is missing."""
		opportunity = make_opportunity()
		for status, refusal in (("Lost", LostReasonsMissing), ("Paused", PauseDateMissing)):
			with self.subTest(status), self.assertRaises(refusal):
				frappe.local.response.pop("opportunity", None)
				try:
					frappe.client.set_value("Opportunity", opportunity.name, "status", status)
				finally:
					self.assertEqual(frappe.local.response.get("opportunity"), opportunity.name)
