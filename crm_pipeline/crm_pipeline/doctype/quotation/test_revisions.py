"""Quotations that stand for former ones: the newest that is submitted counts alone."""

import frappe

from crm_pipeline import exceptions
from crm_pipeline.crm_pipeline.doctype.quotation.quotation import make_revision
from crm_pipeline.quoting.quotations import quotations_of
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make_lead,
	make_lost_reason,
	make_opportunity,
	make_party_opportunity,
	make_quotation,
)


class RevisionCase(TestCase):
	def setUp(self):
		super().setUp()
		self.opportunity = make_party_opportunity()
		self.first = make_quotation(self.opportunity)

	def revise(self, quotation, submit=True, **fields):
		revision = make_revision(quotation.name).update(fields).insert()
		return revision.submit() if submit else revision

	def replaced_by(self, *quotations) -> list:
		return [each.reload().replaced_by for each in quotations]

	def assertCounting(self, *quotations):
		self.assertEqual(
			[each.name for each in quotations_of(self.opportunity.name)], [each.name for each in quotations]
		)


class TestWhatCounts(RevisionCase):
	def test_a_revision_is_a_draft_of_today_with_all_that_was_offered(self):
		self.first.db_set({"transaction_date": in_days(-9), "terms": "In advance"})
		revision = make_revision(self.first.name)
		self.assertTrue(revision.is_new())
		self.assertEqual(
			(revision.replaces, str(revision.transaction_date)), (self.first.name, frappe.utils.today())
		)
		self.assertEqual((revision.net_total, revision.terms), (200, "In advance"))
		row, former = revision.items[0], self.first.items[0]
		for field in ("item_code", "qty", "rate", "opportunity", "opportunity_item"):
			self.assertEqual(row.get(field), former.get(field))

	def test_only_the_newest_submitted_one(self):
		second = self.revise(self.first, submit=False)
		self.assertCounting(self.first)
		second.submit()
		self.assertCounting(second)
		third = self.revise(second)
		self.assertCounting(third)
		self.assertEqual(self.replaced_by(self.first, second, third), [third.name, third.name, None])

	def test_cancelled_the_former_one_counts_again(self):
		second = self.revise(self.first)
		third = self.revise(second)
		third.cancel()
		self.assertCounting(second)
		self.assertEqual(self.replaced_by(self.first, second), [second.name, None])
		second.reload().cancel()
		self.assertCounting(self.first)
		self.assertEqual(self.replaced_by(self.first), [None])

	def test_one_in_between_is_cancelled_and_nothing_changes(self):
		second = self.revise(self.first)
		third = self.revise(second)
		second.reload().cancel()
		self.assertCounting(third)
		third.reload().cancel()
		self.assertCounting(self.first)

	def test_the_opportunity_is_lost_with_the_newest_alone(self):
		second = self.revise(self.first)
		second.declare_lost([make_lost_reason().name])
		self.assertEqual(self.opportunity.reload().status, "Lost")
		second.reload().cancel()
		self.assertEqual(self.opportunity.reload().status, "Quotation")

	def test_of_two_revisions_the_one_that_goes_out_later_counts(self):
		one, other = (self.revise(self.first, submit=False) for _ in range(2))
		other.submit()
		one.reload().submit()
		self.assertCounting(one)
		self.assertEqual(one.replaces, other.name)
		self.assertEqual(self.replaced_by(self.first, other), [one.name, one.name])

	def test_an_amendment_replaces_what_it_amends(self):
		second = self.revise(self.first)
		second.cancel()
		amended = frappe.copy_doc(second.reload())
		amended.update({"docstatus": 0, "amended_from": second.name})
		amended.insert().submit()
		self.assertEqual(amended.replaces, second.name)
		self.assertCounting(amended)
		self.assertEqual(self.replaced_by(self.first, second), [amended.name, amended.name])

	def test_an_amendment_of_what_was_revised_meanwhile_comes_after_that(self):
		second = self.revise(self.first)
		second.cancel()
		third = self.revise(self.first)
		amended = frappe.copy_doc(second.reload())
		amended.update({"docstatus": 0, "amended_from": second.name})
		amended.insert().submit()
		self.assertEqual(amended.replaces, third.name)
		self.assertCounting(amended)

	def test_an_amendment_for_somebody_else_replaces_nothing(self):
		self.first.cancel()
		amended = frappe.copy_doc(self.first.reload())
		amended.update({"docstatus": 0, "amended_from": self.first.name, "opportunity": None})
		for row in amended.items:
			row.update({"opportunity": None, "opportunity_item": None})
		self.assertIsNone(amended.insert().replaces)

	def test_the_opportunities_of_the_former_one_follow_too(self):
		other = make_opportunity()
		first = make_quotation(
			self.opportunity,
			items=[
				{"item_name": "A", "qty": 1, "rate": 5},
				{"item_name": "B", "qty": 1, "rate": 5, "opportunity": other.name},
			],
		)
		self.assertEqual(other.reload().status, "Quotation")
		second = self.revise(first, items=[{"item_name": "A", "qty": 1, "rate": 5}])
		self.assertEqual(other.reload().status, "Open")
		second.cancel()
		self.assertEqual(other.reload().status, "Quotation")


class TestRefusals(RevisionCase):
	def refuses(self, message: str = ""):
		return self.assertRefused(exceptions.RevisionUnfit, message)

	def test_a_replaced_one_is_neither_ordered_nor_lost(self):
		second = self.revise(self.first)
		self.first.reload()
		for attempt in (
			lambda: self.first.mark_ordered(),
			lambda: self.first.declare_lost([make_lost_reason().name]),
		):
			with self.assertRefused(exceptions.QuotationReplaced, second.name):
				attempt()
		second.cancel()
		self.assertEqual(self.first.reload().mark_ordered().status, "Ordered")

	def test_not_itself(self):
		draft = make_quotation(self.opportunity, submit=False)
		draft.replaces = draft.name
		with self.refuses():
			draft.save()

	def test_no_draft(self):
		draft = make_quotation(self.opportunity, submit=False)
		with self.refuses("Draft"):
			make_quotation(self.opportunity, submit=False, replaces=draft.name)

	def test_nothing_that_was_ordered(self):
		rows = [{"item_name": each, "qty": 1, "rate": 5} for each in "AB"]
		for items in (None, "first"):
			quotation = make_quotation(self.opportunity, items=rows)
			quotation.mark_ordered(items=items and [quotation.items[0].name])
			with self.subTest(quotation.status), self.refuses(quotation.status):
				make_revision(quotation.name)

	def test_an_order_meanwhile_stops_the_revision(self):
		second = self.revise(self.first, submit=False)
		self.first.mark_ordered()
		with self.refuses("Ordered"):
			second.reload().submit()
		self.assertCounting(self.first)

	def test_no_other_party_or_opportunity(self):
		elsewhere = make_quotation(make_party_opportunity())
		with self.refuses(elsewhere.name):
			make_quotation(self.opportunity, submit=False, replaces=elsewhere.name)
		same_party = make_opportunity(opportunity_from="Customer", party_name=self.opportunity.party_name)
		with self.refuses(self.first.name):
			make_quotation(same_party, submit=False, replaces=self.first.name, net_total=5)
		alone = make_quotation()
		with self.refuses(alone.name):
			make_quotation(submit=False, replaces=alone.name)

	def test_the_lead_is_the_same_business_as_its_customer(self):
		from crm_pipeline.crm_pipeline.doctype.lead.lead import make_customer

		lead = make_lead()
		first = make_quotation(quotation_to="Lead", party_name=lead.name)
		customer = make_customer(lead.name).insert()
		second = make_quotation(party_name=customer.name, replaces=first.name)
		self.assertEqual(self.replaced_by(first), [second.name])

	def test_a_lost_and_an_expired_one_may_be_offered_anew(self):
		self.first.declare_lost([make_lost_reason().name])
		second = self.revise(self.first)
		self.assertEqual(self.opportunity.reload().status, "Quotation")
		frappe.db.set_value("Quotation", second.name, {"valid_till": in_days(-1), "status": "Expired"})
		third = self.revise(second)
		self.assertCounting(third)

	def test_what_stands_for_it_is_nobody_s_to_send(self):
		draft = make_quotation(self.opportunity, submit=False, replaced_by=self.first.name)
		self.assertIsNone(draft.replaced_by)
		with self.assertRefused(exceptions.SettledBySaving):
			self.first.db_set("replaced_by", "X")

	def test_one_that_a_user_does_not_see_cannot_be_named(self):
		hidden = make_quotation(make_party_opportunity())
		frappe.get_doc("Selling Settings").update(
			{"opportunity_visibility": "Own, Assigned and Shared"}
		).save()
		with self.as_user("Sales User"), self.assertRefused(frappe.LinkValidationError):
			make_quotation(submit=False, replaces=hidden.name)
		with self.as_user("Sales User"), self.assertRaises(frappe.PermissionError):
			make_revision(hidden.name)

	def test_a_circle_written_past_all_checks_ends(self):
		second = self.revise(self.first)
		frappe.db.set_value("Quotation", self.first.name, "replaces", second.name)
		second.reload().cancel()
		self.assertEqual(second.status, "Cancelled")
