"""One test per complaint that users of ERPNext raised about its opportunities: here it must not come true."""

import frappe

from crm_pipeline import exceptions
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	make_competitor,
	make_customer,
	make_lost_reason,
	make_mail,
	make_opportunity,
	make_party_opportunity,
	make_quotation,
)


def make_opportunity_without_items():
	return make_opportunity(
		opportunity_from="Customer", party_name=make_customer().name, opportunity_amount=750
	)


class TestComplaints(TestCase):
	def test_erpnext_13302_the_status_follows_from_quotation_to_order(self):
		opportunity = make_party_opportunity()
		quotation = make_quotation(opportunity)
		self.assertEqual(opportunity.reload().status, "Quotation")
		quotation.mark_ordered()
		self.assertEqual((opportunity.reload().status, opportunity.sales_stage), ("Converted", "Won"))

	def test_erpnext_10303_an_order_converts_an_opportunity_without_items(self):
		opportunity = make_opportunity_without_items()
		make_quotation(opportunity).mark_ordered()
		self.assertEqual((opportunity.reload().status, opportunity.close_revenue), ("Converted", 750))

	def test_erpnext_35001_a_quotation_moves_an_opportunity_without_items(self):
		opportunity = make_opportunity_without_items()
		quotation = make_quotation(opportunity)
		self.assertEqual(opportunity.reload().status, "Quotation")
		quotation.cancel()
		self.assertEqual(opportunity.reload().status, "Open")

	def test_erpnext_46948_a_lost_quotation_hands_over_its_reasons_and_the_opportunity_saves(self):
		reason, competitor = make_lost_reason().name, make_competitor().name
		for opportunity in (make_party_opportunity(), make_opportunity_without_items()):
			make_quotation(opportunity).declare_lost([reason], [competitor], "Half our price")
			opportunity.reload().to_discuss = "Ask again next year"
			opportunity.save()
			self.assertEqual((opportunity.status, opportunity.order_lost_reason), ("Lost", "Half our price"))
			self.assertEqual([row.lost_reason for row in opportunity.lost_reasons], [reason])
			self.assertEqual([row.competitor for row in opportunity.competitors], [competitor])

	def test_erpnext_36719_nothing_is_lost_without_a_reason(self):
		opportunity, quotation = make_opportunity(), make_quotation(make_party_opportunity())
		with self.assertRefused(exceptions.LostReasonsMissing):
			opportunity.declare_lost([])
		for values in ({"status": "Lost"}, {"sales_stage": "Lost"}):
			opportunity.reload().update(values)
			with self.assertRefused(exceptions.LostReasonsMissing):
				opportunity.save()
		with self.assertRefused(exceptions.LostReasonsMissing):
			quotation.declare_lost([])
		with self.assertRefused(exceptions.LostReasonsMissing):
			make_opportunity(status="Lost")

	def test_erpnext_5067_closed_by_hand_stays_closed(self):
		opportunity = make_party_opportunity()
		quotation = make_quotation(opportunity)
		opportunity.reload().status = "Closed"
		opportunity.save()
		make_mail(opportunity, "Received")
		make_mail(opportunity, "Sent")
		make_quotation(frappe.get_doc("Opportunity", opportunity.name))
		quotation.reload().mark_ordered()
		opportunity.reload().to_discuss = "Nothing"
		self.assertEqual(opportunity.save().status, "Closed")
