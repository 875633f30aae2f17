import frappe

from crm_pipeline import exceptions
from crm_pipeline.crm_pipeline.doctype.opportunity.opportunity import make_quotation as map_quotation
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make_competitor,
	make_customer,
	make_exchange_rate,
	make_item,
	make_lost_reason,
	make_opportunity,
	make_party_opportunity,
	make_quotation,
	make_user,
)


class TestQuotationFromOpportunity(TestCase):
	def test_everything_relevant_is_carried_over(self):
		make_exchange_rate("EUR", "USD", 1.25)
		item = make_item(description="Solid oak")
		opportunity = make_party_opportunity(
			currency="EUR",
			contact_email="eve@example.org",
			items=[{"item_code": item.name, "qty": 4, "uom": "Box", "rate": 25, "description": "Oiled oak"}],
		)
		quotation = map_quotation(opportunity.name)
		self.assertTrue(quotation.is_new())
		self.assertEqual((quotation.quotation_to, quotation.party_name), ("Customer", opportunity.party_name))
		self.assertEqual(quotation.contact_email, "eve@example.org")
		self.assertEqual((quotation.currency, quotation.conversion_rate), ("EUR", 1.25))
		self.assertEqual((quotation.net_total, quotation.base_net_total), (100, 125))
		self.assertEqual(quotation.opportunity, opportunity.name)
		row = quotation.items[0]
		self.assertEqual((row.item_code, row.qty, row.uom, row.rate), (item.name, 4, "Box", 25))
		self.assertIn("Oiled oak", row.description)
		self.assertEqual(
			(row.opportunity, row.opportunity_item), (opportunity.name, opportunity.items[0].name)
		)

	def test_without_items_the_amount_becomes_the_net_total(self):
		opportunity = make_party_opportunity(items=[], opportunity_amount=1234.5)
		quotation = map_quotation(opportunity.name).insert()
		self.assertEqual((quotation.net_total, quotation.total), (1234.5, 0))

	def test_without_party_it_is_refused(self):
		with self.assertRefused(exceptions.PartyMissing):
			map_quotation(make_opportunity().name)

	def test_validity_before_the_date_is_refused(self):
		with self.assertRefused(exceptions.ValidityBeforeDate):
			make_quotation(valid_till=in_days(-1), submit=False)

	def test_a_row_needs_an_item_or_a_name(self):
		with self.assertRefused(exceptions.ItemMissing, "Row 1"):
			make_quotation(items=[{"qty": 1, "rate": 5}], submit=False)

	def test_totals_add_up(self):
		quotation = make_quotation(
			items=[{"item_name": "A", "qty": 3, "rate": 33.335}, {"item_name": "B", "qty": 1, "rate": 1}]
		)
		self.assertEqual((quotation.total_qty, quotation.total, quotation.net_total), (4, 101.01, 101.01))
		self.assertEqual(quotation.status, "Open")


class TestStatusFromQuotations(TestCase):
	"""Each case once for opportunities with items and once for opportunities without (frappe/erpnext 13302, 10303, 35001)."""

	def opportunities(self):
		yield make_party_opportunity()
		yield make_party_opportunity(items=[], opportunity_amount=500)

	def check(self, opportunity, *expected):
		opportunity.reload()
		self.assertEqual((opportunity.status, opportunity.sales_stage), expected)

	def test_a_draft_changes_nothing(self):
		for opportunity in self.opportunities():
			make_quotation(opportunity, submit=False)
			self.check(opportunity, "Open", "Lead")

	def test_submitted_and_cancelled_again(self):
		for opportunity in self.opportunities():
			opportunity.status = "Replied"
			opportunity.save()
			quotation = make_quotation(opportunity)
			self.check(opportunity, "Quotation", "Lead")
			quotation.cancel()
			self.assertEqual(quotation.status, "Cancelled")
			self.check(opportunity, "Replied", "Lead")

	def test_ordered_wins_with_what_was_ordered(self):
		for opportunity in self.opportunities():
			quotation = make_quotation(opportunity)
			quotation.mark_ordered()
			self.assertEqual((quotation.status, str(quotation.ordered_on)), ("Ordered", frappe.utils.today()))
			self.check(opportunity, "Converted", "Won")
			self.assertEqual(opportunity.close_revenue, quotation.net_total)
			with self.assertRefused(exceptions.OrderedQuotationStands, quotation.name):
				opportunity.reopen()
			quotation.reload().cancel()
			self.check(opportunity, "Open", "Lead")

	def test_all_lost_loses_with_their_reasons(self):
		price, late = make_lost_reason().name, make_lost_reason().name
		rival = make_competitor().name
		for opportunity in self.opportunities():
			first, second = make_quotation(opportunity), make_quotation(opportunity)
			first.declare_lost([price], [rival], "Too dear")
			self.check(opportunity, "Quotation", "Lead")
			second.declare_lost([price, late])
			self.check(opportunity, "Lost", "Lost")
			self.assertEqual({row.lost_reason for row in opportunity.lost_reasons}, {price, late})
			self.assertEqual([row.competitor for row in opportunity.competitors], [rival])
			self.assertEqual(opportunity.order_lost_reason, "Too dear")

	def test_losing_a_quotation_needs_a_reason(self):
		with self.assertRefused(exceptions.LostReasonsMissing):
			make_quotation().declare_lost([])

	def test_expired_ones_do_not_count(self):
		opportunity = make_party_opportunity()
		quotation = make_quotation(opportunity)
		self.check(opportunity, "Quotation", "Lead")
		frappe.db.set_value("Quotation", quotation.name, "valid_till", in_days(-1))
		self.check(opportunity.reload().save(), "Open", "Lead")

	def test_a_link_on_a_row_alone_is_enough(self):
		opportunity = make_party_opportunity()
		quotation = map_quotation(opportunity.name)
		quotation.opportunity = None
		quotation.insert().submit()
		self.check(opportunity, "Quotation", "Lead")

	def test_a_second_outcome_is_refused_and_changes_nothing(self):
		quotation = make_quotation()
		quotation.mark_ordered()
		for attempt in (quotation.mark_ordered, lambda: quotation.declare_lost([make_lost_reason().name])):
			with self.assertRefused(exceptions.QuotationNotOpen, "Ordered"):
				attempt()
		with self.assertRefused(exceptions.QuotationNotOpen):
			make_quotation(submit=False).mark_ordered()

	def test_a_bare_update_cannot_order_it(self):
		quotation = make_quotation()
		quotation.status = "Ordered"
		with self.assertRefused(exceptions.QuotationNotOpen, "Mark as Ordered"):
			quotation.save()

	def test_the_outcome_s_details_are_fixed_too(self):
		quotation = make_quotation()
		quotation.mark_ordered()
		quotation = quotation.reload().save()
		for change in (
			{"lost_reasons": [{"lost_reason": make_lost_reason().name}]},
			{"order_lost_reason": "Never"},
			{"ordered_on": in_days(-1)},
		):
			with self.assertRefused(exceptions.QuotationNotOpen):
				quotation.reload().update(change).save()
		with self.assertRefused(frappe.CharacterLengthExceededError):
			quotation.reload().update({"order_lost_reason": "x" * 70_000}).save()

	def test_ordered_between_its_date_and_today(self):
		opportunity = make_party_opportunity(transaction_date=in_days(-30))
		quotation = make_quotation(opportunity, transaction_date=in_days(-9))
		for day, refusal in (
			(in_days(1), exceptions.OrderedOutOfTime),
			(in_days(-10), exceptions.OrderedOutOfTime),
			("garbage", exceptions.ImpossibleDate),
		):
			with self.assertRefused(refusal):
				quotation.reload().mark_ordered(day)
		quotation.reload().mark_ordered(in_days(-4))
		self.assertEqual(str(opportunity.reload().closed_on), in_days(-4))

	def test_each_opportunity_is_won_with_its_own_rows(self):
		first, second = make_party_opportunity(), make_party_opportunity()
		rows = [{"item_name": "A", "qty": 1, "rate": 100, "opportunity": first.name}]
		rows.append({"item_name": "B", "qty": 1, "rate": 300, "opportunity": second.name})
		make_quotation(party_name=first.party_name, items=rows).mark_ordered()
		self.assertEqual([opportunity.reload().close_revenue for opportunity in (first, second)], [100, 300])

	def test_revenue_follows_what_is_ordered(self):
		opportunity = make_party_opportunity()
		orders = [make_quotation(opportunity) for _ in range(2)]
		for quotation in orders:
			quotation.mark_ordered()
		self.assertEqual(opportunity.reload().close_revenue, 400)
		orders[0].reload().cancel()
		self.assertEqual(opportunity.reload().close_revenue, 200)

	def test_an_opportunity_whose_quotations_are_lost_needs_a_new_one(self):
		opportunity = make_party_opportunity()
		quotation, reason = make_quotation(opportunity), make_lost_reason().name
		quotation.declare_lost([reason])
		with self.assertRefused(exceptions.LostQuotationsStand):
			opportunity.reload().reopen()
		make_quotation(opportunity)
		self.check(opportunity, "Quotation", "Lead")
		self.assertFalse(opportunity.lost_reasons)

	def test_a_lost_opportunity_comes_back_when_quoted_and_rests_again_when_that_ends(self):
		opportunity = make_party_opportunity(sales_stage="Quoting")
		opportunity.declare_lost([make_lost_reason().name])
		quotation = make_quotation(opportunity)
		self.check(opportunity, "Quotation", "Quoting")
		quotation.cancel()
		self.check(opportunity, "Lost", "Lost")

	def test_paused_stays_paused_and_closed_stays_closed(self):
		paused, closed = make_party_opportunity(), make_party_opportunity()
		paused.pause(in_days(3))
		closed.status = "Closed"
		closed.save()
		for opportunity, status in ((paused, "Paused"), (closed, "Closed")):
			make_quotation(opportunity)
			self.check(opportunity, status, "Lead")
		self.assertEqual(paused.resume().status, "Quotation")

	def test_an_order_on_a_closed_opportunity_notifies_its_owner(self):
		owner, opportunity = make_user("Sales User"), make_party_opportunity(title="<i>Chairs</i>")
		quotation = make_quotation(opportunity)
		opportunity.reload().update({"status": "Closed", "opportunity_owner": owner})
		opportunity.save()
		quotation.mark_ordered()
		self.check(opportunity, "Closed", "Lead")
		told = frappe.get_all(
			"Notification Log",
			{"for_user": owner, "document_type": "Opportunity", "document_name": opportunity.name},
			pluck="subject",
		)
		self.assertEqual(len(told), 1)
		self.assertIn(quotation.name, told[0])
		self.assertIn("&lt;i&gt;Chairs", told[0])
		self.check(opportunity.reopen(), "Converted", "Won")

	def test_an_order_on_an_opportunity_in_play_notifies_nobody(self):
		opportunity = make_party_opportunity(opportunity_owner=make_user("Sales User"))
		make_quotation(opportunity).mark_ordered()
		self.assertFalse(frappe.db.exists("Notification Log", {"document_name": opportunity.name}))

	def test_whoever_may_submit_the_quotation_moves_the_opportunity(self):
		opportunity = make_party_opportunity()
		quotation = make_quotation(opportunity, submit=False)
		with self.as_user("Sales User"):
			frappe.get_doc("Quotation", quotation.name).submit()
		self.check(opportunity, "Quotation", "Lead")

	def test_an_amended_quotation_keeps_its_links(self):
		opportunity = make_party_opportunity()
		quotation = make_quotation(opportunity)
		quotation.cancel()
		amended = frappe.copy_doc(quotation)
		amended.update({"amended_from": quotation.name, "docstatus": 0})
		amended.insert().submit()
		self.assertEqual(amended.items[0].opportunity, opportunity.name)
		self.check(opportunity, "Quotation", "Lead")


class TestQuotationAlone(TestCase):
	def test_to_any_customer_without_opportunity(self):
		quotation = make_quotation(party_name=make_customer(customer_name="Plain").name)
		self.assertEqual((quotation.title, quotation.status), ("Plain", "Open"))

	def test_a_second_submit_changes_nothing(self):
		quotation = make_quotation()
		stale = frappe.get_doc("Quotation", quotation.name)
		stale.submit()
		self.assertEqual(frappe.db.get_value("Quotation", quotation.name, "status"), "Open")
