import frappe

from crm_pipeline.api.party_history import party_history
from crm_pipeline.crm_pipeline.doctype.lead.lead import make_customer as map_customer
from crm_pipeline.permissions.visibility import OWN
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make_customer,
	make_exchange_rate,
	make_lead,
	make_lost_reason,
	make_opportunity,
)


def opportunity_of(party, amount: float = 100, **fields):
	return make_opportunity(
		opportunity_from=party.doctype, party_name=party.name, opportunity_amount=amount, **fields
	)


class TestPartyHistory(TestCase):
	def names(self, doc) -> set[str]:
		return {row["name"] for row in party_history(doc.doctype, doc.name)["opportunities"]}

	def test_results_values_days_and_win_rate(self):
		customer, reasons = make_customer(), [make_lost_reason().name for _ in range(2)]
		won = opportunity_of(customer, transaction_date=in_days(-10))
		won.mark_won(close_revenue=80, closed_on=in_days(-4))
		for _ in range(2):
			opportunity_of(customer, 50).declare_lost(reasons)
		closed, running = (
			opportunity_of(customer, 30),
			opportunity_of(customer, 20, transaction_date=in_days(-3)),
		)
		closed.status = "Closed"
		closed.save()
		history = party_history("Customer", customer.name)
		self.assertEqual(history["counts"], {"Open": 1, "Won": 1, "Lost": 2, "Closed": 1})
		self.assertEqual(history["values"], {"Open": 20, "Won": 80, "Lost": 100, "Closed": 30})
		self.assertEqual(history["win_rate"], 33.3)
		rows = {row["name"]: row for row in history["opportunities"]}
		self.assertEqual(
			(rows[won.name]["result"], rows[won.name]["value"], rows[won.name]["days"]), ("Won", 80, 6)
		)
		self.assertEqual((rows[running.name]["result"], rows[running.name]["days"]), ("Open", 3))
		lost = next(row for row in history["opportunities"] if row["result"] == "Lost")
		self.assertEqual(lost["reasons"], reasons)
		self.assertEqual(party_history("Opportunity", won.name), history)

	def test_values_are_in_base_currency(self):
		base = frappe.db.get_single_value("Selling Settings", "base_currency")
		other = "EUR" if base != "EUR" else "USD"
		make_exchange_rate(other, base, 2)
		customer = make_customer()
		opportunity_of(customer, 100, currency=other)
		history = party_history("Customer", customer.name)
		self.assertEqual((history["currency"], history["values"]["Open"]), (base, 200))

	def test_a_party_without_opportunities_has_no_win_rate(self):
		history = party_history("Customer", make_customer().name)
		self.assertEqual((history["opportunities"], history["win_rate"]), ([], None))
		opportunity_of(customer := make_customer())
		self.assertIsNone(party_history("Customer", customer.name)["win_rate"])
		self.assertEqual(party_history("Opportunity", make_opportunity().name)["counts"]["Open"], 0)

	def test_a_leads_history_continues_in_its_customer(self):
		lead = make_lead()
		early = opportunity_of(lead)
		customer = map_customer(lead.name).insert()
		late = opportunity_of(customer)
		other = opportunity_of(make_customer())
		for doc in (lead, customer, early, late):
			self.assertEqual(self.names(doc), {early.name, late.name})
		self.assertEqual(self.names(other), {other.name})

	def test_a_lead_and_a_customer_of_one_name_are_not_mixed_up(self):
		lead = make_lead()
		customer = make_customer(customer_name=lead.name)
		opportunity_of(lead)
		self.assertEqual(self.names(customer), set())

	def test_the_list_is_limited_and_the_figures_are_not(self):
		customer = make_customer()
		for _ in range(3):
			opportunity_of(customer)
		history = party_history("Customer", customer.name, limit=2)
		self.assertEqual((len(history["opportunities"]), history["counts"]["Open"]), (2, 3))

	def test_only_what_the_user_sees_is_listed_and_counted(self):
		settings = frappe.get_doc("Selling Settings")
		settings.opportunity_visibility = OWN
		settings.save()
		customer = make_customer()
		opportunity_of(customer)
		with self.as_user("Sales User") as seller:
			own = opportunity_of(customer, 70)
			self.assertEqual(own.opportunity_owner, seller)
			history = party_history("Customer", customer.name)
			self.assertEqual([row["name"] for row in history["opportunities"]], [own.name])
			self.assertEqual((history["counts"]["Open"], history["values"]["Open"]), (1, 70))
		self.assertEqual(party_history("Customer", customer.name)["counts"]["Open"], 2)

	def test_permission_comes_first(self):
		customer = make_customer()
		with self.as_user("Sales User"):
			self.assertTrue(party_history("Customer", customer.name))
		with self.as_user():
			with self.assertRaises(frappe.PermissionError):
				party_history("Customer", customer.name)
