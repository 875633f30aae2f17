import frappe

from crm_pipeline import exceptions
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make_competitor,
	make_contact,
	make_customer,
	make_exchange_rate,
	make_item,
	make_lead,
	make_lost_reason,
	make_opportunity,
	make_party_opportunity,
	make_process,
	make_quotation,
	unique,
)


class TestOpportunityBasics(TestCase):
	def test_a_name_is_enough(self):
		opportunity = make_opportunity(title="Printer for the office")
		self.assertEqual(opportunity.status, "Open")
		self.assertEqual(opportunity.sales_process, "Standard")
		self.assertEqual((opportunity.sales_stage, opportunity.probability), ("Lead", 10))
		self.assertRegex(opportunity.name, r"^CRM-OPP-\d{4}-\d{5}$")

	def test_the_name_follows_from_the_party(self):
		customer = make_customer(customer_name=unique("Acme"))
		opportunity = make_opportunity(title=None, opportunity_from="Customer", party_name=customer.name)
		self.assertEqual(opportunity.title, customer.customer_name)
		self.assertEqual(opportunity.customer_name, customer.customer_name)

	def test_the_name_follows_from_a_contact_email(self):
		self.assertEqual(
			make_opportunity(title=None, contact_email="eve@example.org").title, "eve@example.org"
		)

	def test_no_name_at_all_is_refused(self):
		with self.assertRefused(exceptions.OpportunityNameMissing, "Enter a name"):
			make_opportunity(title=None)

	def test_contact_details_come_from_the_party_s_contact_and_stay_cleared(self):
		customer = make_customer()
		contact = make_contact(customer, email_id="grace@example.org")
		opportunity = make_opportunity(opportunity_from="Customer", party_name=customer.name)
		self.assertEqual(opportunity.contact_person, contact.name)
		self.assertEqual(opportunity.contact_email, "grace@example.org")
		opportunity.contact_email = None
		self.assertFalse(opportunity.save().contact_email)

	def test_another_party_has_another_contact(self):
		first, second = make_customer(), make_customer()
		make_contact(first, email_id="carl@example.org")
		make_contact(second, email_id="bob@example.org")
		opportunity = make_opportunity(opportunity_from="Customer", party_name=first.name)
		opportunity.party_name = second.name
		self.assertEqual(opportunity.save().contact_email, "bob@example.org")

	def test_a_lead_s_own_address_is_the_contact(self):
		lead = make_lead(email_id="Ada@Example.org", mobile_no="+1 555 0100")
		opportunity = make_opportunity(opportunity_from="Lead", party_name=lead.name)
		self.assertEqual(opportunity.contact_email, "ada@example.org")
		self.assertEqual(opportunity.contact_mobile, "+1 555 0100")
		self.assertEqual(lead.reload().status, "Opportunity")

	def test_a_party_type_not_in_settings_is_refused(self):
		with self.assertRefused(exceptions.PartyTypeNotAllowed, "Selling Settings"):
			make_opportunity(opportunity_from="Item", party_name=make_item().name)

	def test_whoever_enters_it_owns_it(self):
		with self.as_user("Sales User") as user:
			self.assertEqual(make_opportunity().opportunity_owner, user)

	def test_deleting_takes_the_history_along(self):
		opportunity = make_opportunity()
		opportunity.delete()
		self.assertFalse(frappe.get_all("Pipeline Change", {"opportunity": opportunity.name}))

	def test_deleting_with_a_quotation_is_refused_naming_it(self):
		opportunity = make_party_opportunity()
		quotation = make_quotation(opportunity, submit=False)
		with self.assertRefused(frappe.LinkExistsError, quotation.name):
			opportunity.delete()


class TestOpportunityMoney(TestCase):
	def test_items_make_the_amount_once(self):
		opportunity = make_opportunity(
			opportunity_amount=999,
			items=[{"item_name": "Chair", "qty": 3, "rate": 33.335}, {"item_name": "Desk", "rate": 50}],
		)
		self.assertEqual([row.amount for row in opportunity.items], [100.01, 50])
		self.assertEqual(opportunity.total, 150.01)
		self.assertEqual(opportunity.opportunity_amount, 150.01)
		self.assertEqual(opportunity.base_opportunity_amount, 150.01)
		self.assertEqual(opportunity.with_items, 1)
		self.assertEqual(opportunity.weighted_amount, 15.0)

	def test_a_row_takes_name_and_rate_from_its_item(self):
		item = make_item(item_name="Lamp", standard_rate=12.5)
		row = make_opportunity(items=[{"item_code": item.name, "qty": 2}]).items[0]
		self.assertEqual((row.item_name, row.rate, row.amount, row.uom), ("Lamp", 12.5, 25, "Nos"))

	def test_decimals_are_the_currency_s(self):
		make_exchange_rate("JPY", "USD", 0.0067)
		make_exchange_rate("KWD", "USD", 3.25)
		yen = make_opportunity(currency="JPY", items=[{"item_name": "Pen", "qty": 3, "rate": 33.335}])
		dinar = make_opportunity(currency="KWD", items=[{"item_name": "Pen", "qty": 3, "rate": 33.3335}])
		self.assertEqual(yen.opportunity_amount, 100)
		self.assertEqual(yen.base_opportunity_amount, 0.67)
		self.assertEqual(dinar.opportunity_amount, 100.001)

	def test_base_amount_at_the_newest_rate(self):
		make_exchange_rate("EUR", "USD", 1.05, in_days(-30))
		make_exchange_rate("USD", "EUR", 0.8, in_days(-1))
		make_exchange_rate("EUR", "USD", 9, in_days(1))
		opportunity = make_opportunity(currency="EUR", opportunity_amount=15000)
		self.assertEqual(opportunity.conversion_rate, 1.25)
		self.assertEqual(opportunity.base_opportunity_amount, 18750)

	def test_a_missing_rate_is_an_error(self):
		with self.assertRefused(exceptions.ExchangeRateMissing, "Currency Exchange"):
			make_opportunity(currency="CHF", opportunity_amount=10)

	def test_the_rate_is_frozen_on_closing_and_floats_after_reopening(self):
		make_exchange_rate("EUR", "USD", 1.09, in_days(-2))
		opportunity = make_opportunity(currency="EUR", opportunity_amount=15000)
		opportunity.mark_won()
		make_exchange_rate("EUR", "USD", 1.15)
		opportunity.reload().save()
		self.assertEqual(opportunity.base_opportunity_amount, 16350)
		opportunity.reopen()
		self.assertEqual(opportunity.base_opportunity_amount, 17250)

	def test_a_new_currency_converts_what_was_left_as_it_was(self):
		make_exchange_rate("EUR", "USD", 1.25)
		opportunity = make_opportunity(currency="USD", opportunity_amount=100)
		opportunity.currency = "EUR"
		self.assertEqual(opportunity.save().opportunity_amount, 80)
		self.assertEqual(opportunity.base_opportunity_amount, 100)
		opportunity.update({"currency": "USD", "opportunity_amount": 70})
		self.assertEqual(opportunity.save().opportunity_amount, 70)

	def test_what_a_form_has_converted_already_is_left_alone(self):
		make_exchange_rate("EUR", "USD", 1.25)
		opportunity = make_opportunity(currency="USD", opportunity_amount=100)
		opportunity.update({"currency": "EUR", "__amounts_in": "EUR"})
		self.assertEqual(opportunity.save().opportunity_amount, 100)

	def test_rows_are_converted_too(self):
		make_exchange_rate("EUR", "USD", 1.25)
		opportunity = make_opportunity(currency="USD", items=[{"item_name": "Chair", "qty": 2, "rate": 50}])
		opportunity.currency = "EUR"
		opportunity.save()
		self.assertEqual((opportunity.items[0].rate, opportunity.opportunity_amount), (40, 80))


class TestOpportunityStages(TestCase):
	def test_a_stage_brings_its_probability_unless_set_by_hand(self):
		opportunity = make_opportunity()
		opportunity.advance()
		self.assertEqual((opportunity.sales_stage, opportunity.probability), ("Pitching", 25))
		opportunity.probability = 33
		opportunity.save()
		opportunity.advance()
		self.assertEqual((opportunity.sales_stage, opportunity.probability), ("Quoting", 33))
		opportunity.step_back()
		self.assertEqual(opportunity.sales_stage, "Pitching")

	def test_there_is_no_stage_before_the_first(self):
		with self.assertRefused(exceptions.NoFurtherStage):
			make_opportunity().step_back()

	def test_advancing_into_the_won_stage_wins(self):
		opportunity = make_opportunity(sales_stage="Closing", opportunity_amount=500)
		opportunity.advance()
		self.assertEqual(
			(opportunity.status, opportunity.sales_stage, opportunity.probability), ("Converted", "Won", 100)
		)
		self.assertEqual(opportunity.close_revenue, 500)

	def test_moving_into_a_won_stage_by_hand_wins_with_the_amount(self):
		opportunity = make_opportunity(sales_stage="Closing", opportunity_amount=500)
		opportunity.sales_stage = "Won"
		opportunity.save()
		self.assertEqual((opportunity.status, opportunity.close_revenue), ("Converted", 500))

	def test_a_stage_is_known_by_its_type_not_its_name(self):
		process = make_process(20, 60)
		first, _second, won, _lost = (row.sales_stage for row in process.stages)
		opportunity = make_opportunity(sales_process=process.name)
		self.assertEqual((opportunity.sales_stage, opportunity.probability), (first, 20))
		renamed = frappe.rename_doc("Sales Stage", won, unique("Gewonnen"))
		opportunity.reload().mark_won()
		self.assertEqual((opportunity.status, opportunity.sales_stage), ("Converted", renamed))

	def test_the_process_is_found_by_the_stage(self):
		self.assertEqual(make_opportunity(sales_stage="Negotiation").sales_process, "Solution Sale")

	def test_a_stage_of_another_process_is_refused(self):
		with self.assertRefused(exceptions.StageNotInProcess, "Pitching"):
			make_opportunity(sales_process="Standard", sales_stage="Negotiation")

	def test_stage_and_status_may_not_contradict(self):
		opportunity = make_opportunity()
		opportunity.update({"status": "Replied", "sales_stage": "Won"})
		with self.assertRefused(exceptions.StageContradictsStatus):
			opportunity.save()

	def test_probability_lies_between_0_and_100(self):
		for probability in (-1, 100.5, 1000):
			with self.assertRefused(exceptions.ProbabilityOutOfRange):
				make_opportunity(probability=probability)


class TestOpportunityOutcome(TestCase):
	def test_lost_needs_a_reason(self):
		opportunity = make_opportunity()
		with self.assertRefused(exceptions.LostReasonsMissing):
			opportunity.declare_lost([])
		opportunity = opportunity.reload()
		opportunity.status = "Lost"
		with self.assertRefused(exceptions.LostReasonsMissing):
			opportunity.save()

	def test_declare_lost_records_why(self):
		reason, competitor = make_lost_reason().name, make_competitor().name
		opportunity = make_opportunity(sales_stage="Quoting")
		opportunity.declare_lost([reason], [competitor], "Half our price")
		opportunity.reload()
		self.assertEqual(
			(opportunity.status, opportunity.sales_stage, opportunity.probability), ("Lost", "Lost", 0)
		)
		self.assertEqual([row.lost_reason for row in opportunity.lost_reasons], [reason])
		self.assertEqual([row.competitor for row in opportunity.competitors], [competitor])
		self.assertEqual(opportunity.order_lost_reason, "Half our price")
		self.assertEqual(str(opportunity.closed_on), frappe.utils.today())

	def test_lost_is_refused_while_a_quotation_stands(self):
		opportunity = make_party_opportunity()
		quotation = make_quotation(opportunity)
		opportunity.reload()
		with self.assertRefused(exceptions.ActiveQuotationStands, quotation.name):
			opportunity.declare_lost([make_lost_reason().name])

	def test_lost_by_hand_with_reasons_in_the_same_save(self):
		opportunity = make_opportunity()
		opportunity.update({"status": "Lost", "lost_reasons": [{"lost_reason": make_lost_reason().name}]})
		self.assertEqual(opportunity.save().sales_stage, "Lost")

	def test_reopen_goes_back_to_the_last_open_stage(self):
		opportunity = make_opportunity(sales_stage="Quoting", probability=61)
		opportunity.declare_lost([make_lost_reason().name])
		opportunity.reopen()
		self.assertEqual(
			(opportunity.status, opportunity.sales_stage, opportunity.probability), ("Open", "Quoting", 61)
		)
		self.assertFalse(opportunity.closed_on or opportunity.lost_reasons or opportunity.close_revenue)

	def test_won_with_revenue_and_day(self):
		opportunity = make_opportunity(opportunity_amount=500, transaction_date=in_days(-9))
		opportunity.mark_won(close_revenue=450, closed_on=in_days(-2))
		opportunity.reload()
		self.assertEqual((opportunity.close_revenue, opportunity.base_close_revenue), (450, 450))
		self.assertEqual(str(opportunity.closed_on), in_days(-2))

	def test_closing_before_the_deal_came_in_or_in_the_future_is_refused(self):
		for day in (in_days(-10), in_days(1)):
			opportunity = make_opportunity(transaction_date=in_days(-9))
			with self.assertRefused(exceptions.ClosedOutOfTime):
				opportunity.mark_won(closed_on=day)

	def test_pause_and_resume(self):
		opportunity = make_opportunity()
		opportunity.pause(in_days(5), "Budget next quarter")
		self.assertEqual((opportunity.status, opportunity.pause_reason), ("Paused", "Budget next quarter"))
		opportunity.resume()
		self.assertEqual((opportunity.status, opportunity.paused_until), ("Open", None))

	def test_only_a_paused_deal_resumes_and_only_an_ended_one_reopens(self):
		lost, paused = make_opportunity(), make_opportunity()
		lost.declare_lost([make_lost_reason().name])
		paused.pause(in_days(5))
		for act in (lost.resume, paused.reopen, make_opportunity().resume, make_opportunity().reopen):
			with self.assertRefused(exceptions.IllegalStatusChange):
				act()

	def test_names_that_are_no_list(self):
		for names in ("[oops", [1, 2], "{"):
			with self.assertRefused(exceptions.UnreadableList):
				make_opportunity().declare_lost(names)

	def test_pause_needs_a_day_after_today(self):
		opportunity = make_opportunity()
		for day, refusal in (
			("", exceptions.PauseDateMissing),
			(frappe.utils.today(), exceptions.PauseDatePassed),
			(in_days(-1), exceptions.PauseDatePassed),
			("2026-02-30", exceptions.ImpossibleDate),
		):
			with self.assertRefused(refusal):
				opportunity.reload().pause(day)

	def test_what_the_table_does_not_have_is_refused(self):
		won = make_opportunity()
		won.mark_won()
		for deal, asked in (
			(won, "Lost"),
			(won, "Closed"),
			(make_opportunity(), "Quotation"),
			(make_opportunity(), "Converted"),
		):
			deal.reload().status = asked
			with self.assertRefused(exceptions.IllegalStatusChange, asked):
				deal.save()

	def test_a_new_deal_may_come_in_ended(self):
		won = make_opportunity(
			status="Converted", opportunity_amount=70, transaction_date=in_days(-40), closed_on=in_days(-4)
		)
		self.assertEqual((won.sales_stage, won.probability, won.close_revenue), ("Won", 100, 70))
		lost = make_opportunity(sales_stage="Lost", lost_reasons=[{"lost_reason": make_lost_reason().name}])
		self.assertEqual((lost.status, lost.probability), ("Lost", 0))
		with self.assertRefused(exceptions.LostReasonsMissing):
			make_opportunity(status="Lost")
		with self.assertRefused(exceptions.IllegalStatusChange):
			make_opportunity(status="Quotation")
