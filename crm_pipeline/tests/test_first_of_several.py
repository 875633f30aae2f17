"""Where several would do, the one that counts does not depend on how the database happens to sort."""

import frappe
from frappe.custom.doctype.property_setter.property_setter import make_property_setter
from frappe.utils import add_days, getdate, now_datetime

from crm_pipeline.mail.senders import find_or_make_sender, find_sender, lead_with
from crm_pipeline.mail.senders import make_lead as make_lead_of_sender
from crm_pipeline.money.exchange_rates import exchange_rate
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make,
	make_contact,
	make_customer,
	make_exchange_rate,
	make_lead,
	unique,
)
from crm_pipeline.tests.mail import address, deliver, make_mailbox, write


class TestSenders(TestCase):
	"""Made in both orders, so that neither names nor rows tell which is the older."""

	def age(self, doc, days: int):
		"""Let a record, and the addresses of it, have been made so many days ago."""
		creation = add_days(now_datetime(), -days)
		frappe.db.set_value(doc.doctype, doc.name, "creation", creation, update_modified=False)
		for row in doc.get("email_ids") or []:
			frappe.db.set_value("Contact Email", row.name, "creation", creation, update_modified=False)

	def test_the_oldest_contact_with_the_address(self):
		for ages in ((9, 5, 1), (1, 9, 5), (5, 1, 9)):
			sender, customers = address(), [make_customer() for _age in ages]
			contacts = [make_contact(customer, email_id=sender) for customer in customers]
			for contact, days in zip(contacts, ages, strict=True):
				self.age(contact, days)
			oldest = ages.index(9)
			expected = ("Customer", customers[oldest].name, contacts[oldest].name)
			with self.subTest(ages=ages):
				self.assertEqual(find_sender(sender.upper()), expected)

	def test_of_one_contact_the_first_link(self):
		for forward in (True, False):
			sender = address()
			parties = sorted((make_customer() for _ in range(2)), key=lambda party: party.name)
			links = parties if forward else parties[::-1]
			rows = [{"link_doctype": each.doctype, "link_name": each.name} for each in links]
			make_contact(email_id=sender, links=rows)
			with self.subTest(forward=forward):
				self.assertEqual(find_sender(sender).party, links[0].name)

	def test_a_customer_before_an_older_lead(self):
		sender = address()
		lead, customer = make_lead(), make_customer()
		self.age(make_contact(lead, email_id=sender), 9)
		make_contact(customer, email_id=sender)
		self.assertEqual(find_sender(sender)[:2], ("Customer", customer.name))

	def test_the_oldest_lead_with_the_address(self):
		for ages in ((9, 1), (1, 9)):
			sender = address()
			leads = [make_lead(email_id=sender) for _age in ages]
			for lead, days in zip(leads, ages, strict=True):
				self.age(lead, days)
			with self.subTest(ages=ages):
				self.assertEqual(lead_with(sender), leads[ages.index(9)].name)
				self.assertEqual(find_sender(sender), ("Lead", leads[ages.index(9)].name, None))


class TestNamesakes(TestCase):
	"""A site may name leads by their persons: who else is called so has nothing to do with a mail."""

	def setUp(self):
		super().setUp()
		make_property_setter("Lead", None, "autoname", "field:first_name", "Data", for_doctype=True)
		frappe.clear_cache(doctype="Lead")
		self.addCleanup(frappe.clear_cache, doctype="Lead")
		self.person = unique("Eve")
		self.namesake = make_lead(first_name=self.person, last_name=None, email_id=address())
		self.assertEqual(self.namesake.name, self.person)

	def test_a_namesake_is_somebody_else(self):
		sender = address()
		self.assertIsNone(find_sender(sender))
		lead = find_or_make_sender(sender, self.person, ["Lead"])
		self.assertEqual(lead.party, f"{self.person} {sender}")
		self.assertEqual(frappe.db.get_value("Lead", lead.party, "email_id"), sender)
		self.assertEqual(find_or_make_sender(sender, "Somebody Else", ["Lead"]), lead)

	def test_nor_does_a_mail_go_to_it(self):
		before = frappe.get_doc("Lead", self.namesake.name).as_dict()
		for doctype in ("Opportunity", "Lead"):
			sender, mailbox = address(), make_mailbox(doctype)
			communication = deliver(write(f"{self.person} <{sender}>", mailbox), mailbox)
			lead = communication.reference_name
			if doctype == "Opportunity":
				lead = frappe.db.get_value("Opportunity", lead, "party_name")
			self.assertEqual(frappe.db.get_value("Lead", lead, "email_id"), sender)
		self.assertEqual(frappe.get_doc("Lead", self.namesake.name).as_dict(), before)

	def test_no_message_of_the_refused_name_stays(self):
		frappe.clear_messages()
		make_lead_of_sender(address(), self.person)
		self.assertEqual(frappe.local.message_log, [])


class TestRates(TestCase):
	def setUp(self):
		super().setUp()
		self.base = frappe.get_cached_doc("Selling Settings").base_currency
		self.currency = make("Currency", currency_name=unique("X")[-10:], enabled=1).name

	def rate(self, days: int = 0) -> float:
		return float(exchange_rate(self.currency, self.base, getdate(in_days(days))))

	def test_recorded_both_ways_on_a_day_the_direct_one(self):
		direct, inverse = (self.currency, self.base, 1.5), (self.base, self.currency, 2)
		for day, order in enumerate(((direct, inverse), (inverse, direct))):
			for source, target, rate in order:
				make_exchange_rate(source, target, rate, in_days(day))
			self.assertEqual(self.rate(day), 1.5)

	def test_the_newest_day_before_the_direct_one(self):
		make_exchange_rate(self.currency, self.base, 1.5, in_days(-1))
		make_exchange_rate(self.base, self.currency, 2, in_days(0))
		make_exchange_rate(self.currency, self.base, 9, in_days(1))
		self.assertEqual([self.rate(days) for days in (-1, 0, 1, 2)], [1.5, 0.5, 9, 9])
