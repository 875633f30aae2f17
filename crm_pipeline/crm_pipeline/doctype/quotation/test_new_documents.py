"""What a new quotation or opportunity may name, and what an amended one is."""

import frappe

from crm_pipeline import exceptions
from crm_pipeline.crm_pipeline.doctype.lead.lead import make_customer as customer_of_lead
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make,
	make_customer,
	make_item,
	make_lead,
	make_lost_reason,
	make_mail,
	make_opportunity,
	make_party_opportunity,
	make_quotation,
	make_supplier,
)

ROW = {"item_name": "Chair", "qty": 1, "rate": 5}


class TestAmended(TestCase):
	def amend(self, quotation, **fields):
		amended = frappe.copy_doc(quotation.reload())  # with what is marked as no_copy, as Desk amends
		amended.update({"docstatus": 0, "amended_from": quotation.name, **fields})
		return amended.insert()

	def cancelled(self, act, **fields):
		fields = {"transaction_date": in_days(-9), "valid_till": in_days(-1), **fields}
		quotation = make_quotation(make_party_opportunity(transaction_date=in_days(-9)), **fields)
		act(quotation)
		quotation.reload().cancel()
		return quotation

	def test_it_is_a_fresh_draft(self):
		reason = make_lost_reason().name
		for act in (lambda each: each.declare_lost([reason], None, "Dear"), lambda each: each.mark_ordered()):
			amended = self.amend(self.cancelled(act))
			self.assertEqual((amended.status, amended.ordered_on, amended.lost_reasons), ("Draft", None, []))
			self.assertFalse(amended.order_lost_reason)
			self.assertEqual(str(amended.transaction_date), frappe.utils.today())
			self.assertEqual(amended.valid_till, make_quotation(submit=False).valid_till)
			self.assertEqual(amended.submit().status, "Open")

	def test_dates_that_were_chosen_stay(self):
		quotation = self.cancelled(lambda each: None, valid_till=in_days(6))
		amended = self.amend(quotation, transaction_date=in_days(-2))
		self.assertEqual([str(amended.transaction_date), str(amended.valid_till)], [in_days(-2), in_days(6)])

	def test_from_a_supplier_too(self):
		dates = {"transaction_date": in_days(-9), "valid_till": in_days(-1)}
		offer = make("Supplier Quotation", supplier=make_supplier().name, items=[ROW], **dates).submit()
		offer.cancel()
		amended = self.amend(offer)
		self.assertEqual((str(amended.transaction_date), amended.valid_till), (frappe.utils.today(), None))


class TestDisabledMasters(TestCase):
	def refused(self, name: str):
		return self.assertRefused(exceptions.MasterDisabled, name)

	def disabled(self, doc):
		doc.disabled = 1
		return doc.save().name

	def test_nothing_new_names_them(self):
		customer, supplier, item = map(self.disabled, (make_customer(), make_supplier(), make_item()))
		with self.refused(customer):
			make_opportunity(opportunity_from="Customer", party_name=customer)
		with self.refused(customer):
			make_quotation(party_name=customer)
		with self.refused(supplier):
			make("Supplier Quotation", supplier=supplier, items=[ROW])
		row = {**ROW, "item_code": item}
		with self.refused(item):
			make_opportunity(items=[row])
		with self.refused(item):
			make_quotation(items=[row])
		with self.refused(item):
			make("Supplier Quotation", supplier=make_supplier().name, items=[row])
		opportunity = make_opportunity()
		opportunity.append("items", row)
		with self.refused(item):
			opportunity.save()

	def test_what_names_them_keeps_them(self):
		opportunity = make_party_opportunity()
		quotation = make_quotation(opportunity, submit=False)
		self.disabled(frappe.get_doc("Customer", opportunity.party_name))
		self.disabled(frappe.get_doc("Item", opportunity.items[0].item_code))
		make_mail(opportunity, "Received")
		opportunity.reload().to_discuss = "Delivery"
		opportunity.save()
		quotation.reload().submit().mark_ordered()
		self.assertEqual(opportunity.reload().status, "Converted")


class TestOtherParty(TestCase):
	def test_a_quotation_to_another_customer_is_refused(self):
		opportunity, other = make_party_opportunity(), make_customer()
		with self.assertRefused(exceptions.PartyUnlike, opportunity.customer_name):
			make_quotation(opportunity, party_name=other.name)
		draft = make_quotation(opportunity, submit=False)
		draft.party_name = other.name
		with self.assertRefused(exceptions.PartyUnlike):
			draft.save()

	def test_the_customer_that_the_lead_became_is_none_other(self):
		lead = make_lead()
		opportunity = make_opportunity(opportunity_from="Lead", party_name=lead.name)
		customer = customer_of_lead(lead.name).insert()
		quotation = make_quotation(opportunity, quotation_to="Customer", party_name=customer.name)
		self.assertEqual(opportunity.reload().status, "Quotation")
		opportunity.db_set({"opportunity_from": "Customer", "party_name": make_customer().name})
		self.assertEqual(quotation.reload().mark_ordered().status, "Ordered")

	def test_an_opportunity_of_nobody_takes_any(self):
		opportunity = make_opportunity()
		quotation = {"quotation_to": "Customer", "party_name": make_customer().name, "items": [ROW]}
		make("Quotation", opportunity=opportunity.name, **quotation).submit()
		self.assertEqual(opportunity.reload().status, "Quotation")


class TestSecondLead(TestCase):
	def messages(self) -> str:
		told, frappe.local.message_log = frappe.local.message_log, []
		return str(told)

	def test_the_one_of_the_same_address_is_named(self):
		address = f"{frappe.generate_hash(length=8)}@example.org"
		first = make_lead(email_id=address)
		self.messages()
		second = make_lead(email_id=address.upper())
		self.assertIn(first.name, self.messages())
		second.reload().save()
		self.assertNotIn(first.name, self.messages())
		make_lead(email_id=f"x{address}")
		self.assertNotIn(first.name, self.messages())
