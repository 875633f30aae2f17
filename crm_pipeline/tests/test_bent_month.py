"""A month of work on a site with all customizations at once: much is refused, nothing is lost or contradictory."""

from datetime import date, datetime, time, timedelta
from random import Random

import frappe
from frappe.utils import add_days

from crm_pipeline.tasks import (
	auto_close_opportunities,
	expire_quotations,
	retry_mails,
	revalue_open_opportunities,
	send_follow_up_reminders,
	wake_paused_opportunities,
)
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	make,
	make_customer,
	make_exchange_rate,
	make_lost_reason,
	make_mail,
	make_opportunity,
	make_quotation,
	make_user,
)
from crm_pipeline.tests.invariants import contradictions_of
from crm_pipeline.tests.mail import address, deliver, make_mailbox, write
from crm_pipeline.tests.other_apps import hooked

FIRST_DAY, DAYS, ACTS = date(2026, 3, 2), 30, 6
SETTERS = (
	("Opportunity", "status", "options", "Open\nPaused\nLost\nClosed", "Text"),
	("Opportunity", "sales_stage", "default", "Pitching", "Data"),
	("Opportunity", "opportunity_amount", "permlevel", "1", "Int"),
	("Opportunity", "territory", "reqd", "1", "Check"),
	("Quotation", "territory", "reqd", "1", "Check"),
	("Quotation", "status", "options", "Draft\nOpen\nCancelled", "Text"),
	("Lead", "source", "reqd", "1", "Check"),
	("Customer", None, "autoname", "PARTY-.#####", "Data"),
)


class Objection(frappe.ValidationError):
	"""What another app has against a save, now and then."""


class TestBentMonth(TestCase):
	def setUp(self):
		super().setUp()
		self.random = Random(7)
		make_exchange_rate("EUR", "USD", 1.25, "2026-01-01")
		self.reason, self.user = make_lost_reason().name, make_user("Sales User", "Sales Manager")
		self.mailbox = make_mailbox()
		self.customer = make_customer()
		for doctype, field, prop, value, kind in SETTERS:
			place = {"doctype_or_field": "DocField" if field else "DocType", "doc_type": doctype}
			what = {"property": prop, "value": value, "property_type": kind}
			make("Property Setter", field_name=field, **place, **what)
			frappe.clear_cache(doctype=doctype)
		settings = frappe.get_doc("Selling Settings")
		settings.set("party_types", [{"party_type": "Customer"}])
		settings.close_opportunity_after_days = 5
		settings.save()
		self.names, self.mails = [], []

	def undo(self):
		super().undo()
		for doctype in {setter[0] for setter in SETTERS}:
			frappe.clear_cache(doctype=doctype)

	def meddle(self, doc):
		"""Another app sets what it should not, or objects."""
		chance = self.random.random()
		if chance < 0.1:
			raise Objection("Not now")
		if chance < 0.4:
			values = self.random.choice(
				(
					{"status": self.random.choice(("Open", "Lost", "Closed", "Converted"))},
					{"own_status": "Lost"},
					{"sales_stage": "Won"},
					{"opportunity_amount": 42},
					{"base_opportunity_amount": 42},
					{"probability": 99},
					{"currency": "EUR"},
				)
			)
			doc.update(values)

	def test_nothing_is_lost_and_nothing_contradicts(self):
		with hooked("Opportunity", "validate", "before_save", then=self.meddle):
			for number in range(DAYS):
				day = FIRST_DAY + timedelta(days=number)
				with self.at(datetime.combine(day, time(2))):
					self.night()
				for hour in range(ACTS):
					with self.at(datetime.combine(day, time(9 + hour))):
						self.work()
			self.assertGreater(len(self.names), DAYS / 2)
		self.assertEqual(contradictions_of(self.names), {})
		self.assert_mails_are_there()
		with self.at(datetime.combine(FIRST_DAY + timedelta(days=DAYS + 3), time(9))):
			retry_mails()
		self.assertEqual(frappe.db.count("Mail Intake Log", {**self.of_mailbox(), "result": "Waiting"}), 0)
		self.assertEqual(contradictions_of(self.names), {})

	def of_mailbox(self) -> dict:
		return {"email_account": self.mailbox.name}

	def night(self):
		expire_quotations()
		revalue_open_opportunities()
		wake_paused_opportunities()
		auto_close_opportunities()
		send_follow_up_reminders()
		retry_mails()

	def work(self):
		often = (self.begin, self.mail_in)
		act = self.random.choice(
			(*often, *often, self.mail_out, self.move, self.pause, self.lose, self.win, self.quote, self.edit)
		)
		frappe.db.savepoint("act")
		try:
			act()
		except frappe.ValidationError:
			frappe.db.rollback(save_point="act")
		frappe.set_user("Administrator")
		frappe.clear_messages()

	def one(self):
		return frappe.get_doc("Opportunity", self.random.choice(self.names)) if self.names else self.begin()

	def begin(self):
		rows = [{"item_name": "Chair", "qty": 2, "rate": 50}] if self.random.random() < 0.5 else []
		opportunity = make_opportunity(
			opportunity_from="Customer",
			party_name=self.customer.name,
			currency=self.random.choice(("USD", "EUR")),
			opportunity_amount=1000,
			territory="North",
			items=rows,
			sales_process=self.random.choice(("Standard", "Solution Sale")),
			opportunity_owner=self.user,
		)
		self.names.append(opportunity.name)
		return opportunity

	def mail_in(self):
		sender = address()
		header = {}
		if self.names and self.random.random() < 0.7:
			message_id = f"{frappe.generate_hash(length=12)}@sales.example"
			make_mail(self.one(), message_id=message_id)
			header["In_Reply_To"] = f"<{message_id}>"
		self.mails.append(sender)
		deliver(write(sender, self.mailbox, **header), self.mailbox)

	def mail_out(self):
		make_mail(self.one())

	def move(self):
		self.one().advance()

	def pause(self):
		self.one().pause(str(add_days(frappe.utils.today(), 3)))

	def lose(self):
		self.one().declare_lost([self.reason])

	def win(self):
		self.one().mark_won()

	def edit(self):
		frappe.set_user(self.user)
		opportunity = self.one()
		opportunity.to_discuss = "Price"
		opportunity.save()

	def quote(self):
		quotation = make_quotation(self.one())
		if self.random.random() < 0.5:
			quotation.mark_ordered()

	def assert_mails_are_there(self):
		"""Every mail is a Communication, or its message waits in the log."""
		for sender in self.mails:
			with self.subTest(sender):
				recorded = frappe.db.exists("Communication", {"sender": sender})
				self.assertTrue(recorded or frappe.db.exists("Mail Intake Log", {"sender": sender}))
