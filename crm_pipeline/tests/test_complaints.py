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


def make_deal_without_items():
	return make_opportunity(
		opportunity_from="Customer", party_name=make_customer().name, opportunity_amount=750
	)


class TestComplaints(TestCase):
	def test_erpnext_13302_the_status_follows_from_quotation_to_order(self):
		deal = make_party_opportunity()
		quotation = make_quotation(deal)
		self.assertEqual(deal.reload().status, "Quotation")
		quotation.mark_ordered()
		self.assertEqual((deal.reload().status, deal.sales_stage), ("Converted", "Won"))

	def test_erpnext_10303_an_order_converts_a_deal_without_items(self):
		deal = make_deal_without_items()
		make_quotation(deal).mark_ordered()
		self.assertEqual((deal.reload().status, deal.close_revenue), ("Converted", 750))

	def test_erpnext_35001_a_quotation_moves_a_deal_without_items(self):
		deal = make_deal_without_items()
		quotation = make_quotation(deal)
		self.assertEqual(deal.reload().status, "Quotation")
		quotation.cancel()
		self.assertEqual(deal.reload().status, "Open")

	def test_erpnext_46948_a_lost_quotation_hands_over_its_reasons_and_the_deal_saves(self):
		reason, competitor = make_lost_reason().name, make_competitor().name
		for deal in (make_party_opportunity(), make_deal_without_items()):
			make_quotation(deal).declare_lost([reason], [competitor], "Half our price")
			deal.reload().to_discuss = "Ask again next year"
			deal.save()
			self.assertEqual((deal.status, deal.order_lost_reason), ("Lost", "Half our price"))
			self.assertEqual([row.lost_reason for row in deal.lost_reasons], [reason])
			self.assertEqual([row.competitor for row in deal.competitors], [competitor])

	def test_erpnext_36719_nothing_is_lost_without_a_reason(self):
		deal, quotation = make_opportunity(), make_quotation(make_party_opportunity())
		with self.assertRefused(exceptions.LostReasonsMissing):
			deal.declare_lost([])
		for values in ({"status": "Lost"}, {"sales_stage": "Lost"}):
			deal.reload().update(values)
			with self.assertRefused(exceptions.LostReasonsMissing):
				deal.save()
		with self.assertRefused(exceptions.LostReasonsMissing):
			quotation.declare_lost([])
		with self.assertRefused(exceptions.LostReasonsMissing):
			make_opportunity(status="Lost")

	def test_erpnext_5067_closed_by_hand_stays_closed(self):
		deal = make_party_opportunity()
		quotation = make_quotation(deal)
		deal.reload().status = "Closed"
		deal.save()
		make_mail(deal, "Received")
		make_mail(deal, "Sent")
		make_quotation(frappe.get_doc("Opportunity", deal.name))
		quotation.reload().mark_ordered()
		deal.reload().to_discuss = "Nothing"
		self.assertEqual(deal.save().status, "Closed")
