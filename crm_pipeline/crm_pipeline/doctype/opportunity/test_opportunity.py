import frappe

from crm_pipeline import exceptions
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	make_contact,
	make_customer,
	make_item,
	make_lead,
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
