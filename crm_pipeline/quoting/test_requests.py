"""Asking suppliers for rates, again, and no more."""

import frappe
from frappe.utils import today

from crm_pipeline import exceptions
from crm_pipeline.api.supplier_requests import cancel_request, request_rates, resend_request
from crm_pipeline.quoting.request_links import open_link
from crm_pipeline.tests.factories import (
	in_days,
	make_exchange_rate,
	make_item,
	make_opportunity,
	make_supplier,
	make_user,
)
from crm_pipeline.tests.requesting import RequestCase, make_reachable_supplier, query_of


class TestAsking(RequestCase):
	def test_each_supplier_gets_a_draft_with_the_rows_and_without_rates(self):
		other = make_reachable_supplier()
		asked = self.ask(self.supplier, other, answer_by=in_days(7))
		self.assertEqual(set(asked["requested"]), {self.supplier.name, other.name})
		request = frappe.get_doc("Supplier Quotation", asked["requested"][other.name])
		self.assertEqual((request.docstatus, request.request_status), (0, "Asked"))
		self.assertEqual((request.opportunity, str(request.answer_by)), (self.opportunity.name, in_days(7)))
		self.assertEqual(str(request.requested_on)[:10], today())
		self.assertEqual(
			[(row.item_name, row.qty, row.rate, row.opportunity_item) for row in request.items],
			[(row.item_name, row.qty, 0, row.name) for row in self.opportunity.items],
		)
		self.assertEqual(request.net_total, 0)

	def test_no_selling_price_is_filled_in(self):
		item = make_item(standard_rate=4321).name
		self.opportunity = make_opportunity(items=[{"item_code": item, "qty": 1, "rate": 98765}])
		request = self.request()
		self.assertEqual(request.items[0].rate, 0)
		(mail,) = self.mails(request)
		self.assertNotTold(mail.text, "4321", "4,321", "98765", "98,765")

	def test_only_the_rows_that_were_picked(self):
		request = self.request(items=[self.opportunity.items[1].name])
		self.assertEqual([row.item_name for row in request.items], ["Cable"])

	def test_the_supplier_is_asked_in_their_currency(self):
		make_exchange_rate("JPY", "USD", 0.01)
		request = self.request(make_reachable_supplier(default_currency="JPY"))
		self.assertEqual((request.currency, request.conversion_rate), ("JPY", 0.01))

	def test_without_a_rate_for_it_nobody_is_asked(self):
		supplier = make_reachable_supplier(default_currency="KWD")
		with self.assertRefused(exceptions.ExchangeRateMissing):
			self.ask(self.supplier, supplier)
		self.assertFalse(frappe.db.exists("Supplier Quotation", {"opportunity": self.opportunity.name}))

	def test_the_mail_goes_to_the_contact_with_the_link_and_the_words(self):
		frappe.db.set_single_value("Selling Settings", "company_name", "Acme & Co")
		frappe.clear_document_cache("Selling Settings", "Selling Settings")
		request = self.request(answer_by=in_days(5), message="Mind <b>the</b>\nsize")
		(mail,) = self.mails(request)
		self.assertEqual(mail.to, [request.contact_email])
		self.assertIn("Acme & Co asks for your rates", mail.subject)
		self.assertIn("Mind &lt;b&gt;the&lt;/b&gt;<br>size", mail.text)
		for text in ("Crane", "Lifts 6 t", "10.5", "Acme &amp; Co"):
			self.assertIn(text, mail.text)
		self.assertNotIn(self.opportunity.name, mail.text)
		self.assertNotTold(mail.text, "777", "888")
		link = query_of(self.url(mail))
		self.assertEqual(open_link(**link), request.name)
		self.assertEqual(link["expires"], in_days(5 + 14))
		self.assertIn(request.contact_email, self.comments(request)[0])

	def url(self, mail) -> str:
		return mail.text.split('href="')[1].split('"')[0].replace("&amp;", "&")

	def test_it_speaks_the_suppliers_language(self):
		for fields, words in (
			({"correspondence_language": "de"}, "bittet um Ihre Preise"),
			({}, "asks for your rates"),
		):
			with self.subTest(fields):
				(mail,) = self.mails(self.request(make_reachable_supplier(**fields)))
				self.assertIn(words, mail.subject)

	def test_else_that_of_the_contacts_user(self):
		user = make_user()
		frappe.db.set_value("User", user, "language", "de")
		request = self.request(send=False)
		frappe.db.set_value("Contact", request.contact_person, "user", user)
		resend_request(request.name)
		self.assertIn("bittet um Ihre Preise", self.mails(request)[0].subject)

	def test_without_mail_the_draft_alone(self):
		supplier = make_supplier()
		request = self.request(supplier, send=False)
		self.assertEqual((request.request_status, self.mails(request)), ("Asked", []))


class TestRefusals(RequestCase):
	def test_who_has_no_address_is_named_and_not_asked(self):
		mute = make_supplier()
		asked = self.ask(self.supplier, mute)
		self.assertEqual((list(asked["requested"]), asked["no_address"]), ([self.supplier.name], [mute.name]))
		self.assertFalse(frappe.db.exists("Supplier Quotation", {"supplier": mute.name}))

	def test_if_nobody_has_one_nothing_is_done(self):
		mute = make_supplier()
		with self.assertRefused(exceptions.SupplierAddressMissing, mute.name):
			self.ask(mute)

	def test_input_that_makes_no_request(self):
		other = make_opportunity(items=[{"item_name": "Alien", "qty": 1}])
		for refusal, arguments in (
			(exceptions.RequestItemsMissing, {"items": [other.items[0].name]}),
			(exceptions.RequestItemsMissing, {"items": ["none such"]}),
			(exceptions.UnreadableList, {"items": "{"}),
			(exceptions.AnswerDatePast, {"answer_by": in_days(-1)}),
			(exceptions.ImpossibleDate, {"answer_by": "2031-02-30"}),
			(frappe.CharacterLengthExceededError, {"message": "x" * 5001}),
		):
			with self.subTest(arguments), self.assertRefused(refusal):
				self.ask(**arguments)
		with self.assertRefused(exceptions.RequestSuppliersMissing):
			request_rates(self.opportunity.name, [])
		with self.assertRefused(exceptions.RequestItemsMissing):
			request_rates(make_opportunity().name, [self.supplier.name])
		with self.assertRefused(exceptions.TooManyRecords):
			request_rates(self.opportunity.name, [f"Supplier {number}" for number in range(51)])
		with self.assertRefused(frappe.DoesNotExistError):
			request_rates(self.opportunity.name, [self.supplier.name, "No such supplier"])
		self.assertEqual(self.request(answer_by=today()).request_status, "Asked")

	def test_an_opportunity_that_has_ended(self):
		self.opportunity.mark_won()
		with self.assertRefused(exceptions.OpportunityEnded, "Reopen"):
			self.ask()
		self.opportunity.reload().reopen()
		self.assertTrue(self.ask()["requested"])

	def test_a_disabled_supplier(self):
		disabled = make_reachable_supplier(disabled=1)
		with self.assertRefused(exceptions.MasterDisabled):
			self.ask(self.supplier, disabled)
		self.assertFalse(frappe.db.exists("Supplier Quotation", {"supplier": self.supplier.name}))

	def test_a_template_that_the_company_deleted(self):
		frappe.delete_doc("Email Template", "Supplier Request", force=True)
		with self.assertRefused(exceptions.RequestTemplateMissing, "Supplier Request"):
			self.ask()
		self.assertEqual(self.request(send=False).request_status, "Asked")

	def test_who_may_not_make_supplier_quotations_may_not_ask(self):
		with self.as_user("Website Manager"):
			with self.assertRefused(frappe.PermissionError):
				self.ask()
		with self.as_user("Purchase User"):
			self.assertEqual(len(self.ask()["requested"]), 1)


class TestTwice(RequestCase):
	def test_the_second_click_asks_nobody(self):
		request = self.request()
		again = self.ask()
		self.assertEqual((again["requested"], again["standing"]), ({}, {self.supplier.name: request.name}))
		self.assertEqual(len(self.mails(request)), 1)

	def test_only_what_was_not_asked_for_yet(self):
		first, second = self.opportunity.items
		self.request(items=[first.name])
		more = self.request()
		self.assertEqual([row.opportunity_item for row in more.items], [second.name])

	def test_who_declined_may_be_asked_again(self):
		request = self.request()
		request.flags.by_software = True
		request.update({"decline_reason": "Busy", "answered_on": today()})
		request.save()
		self.assertNotEqual(self.request().name, request.name)

	def test_a_supplier_may_be_asked_for_another_opportunity(self):
		self.request()
		self.opportunity = make_opportunity(items=[{"item_name": "Crane", "qty": 1}])
		self.assertEqual(self.request().request_status, "Asked")


class TestAgain(RequestCase):
	def test_it_is_mailed_once_more_with_the_later_day(self):
		request = self.request(answer_by=in_days(3))
		request.answer_by = in_days(9)
		request.save()
		resend_request(request.name)
		first, second = self.mails(request)
		self.assertNotEqual(first.text, second.text)
		self.assertIn(in_days(9 + 14), second.text)
		self.assertIn(in_days(3 + 14), first.text)

	def test_what_is_no_request_is_not_sent(self):
		plain = make_opportunity(items=[{"item_name": "Crane", "qty": 1}])
		draft = frappe.get_doc(
			{
				"doctype": "Supplier Quotation",
				"supplier": self.supplier.name,
				"opportunity": plain.name,
				"items": [{"item_name": "Crane", "qty": 1, "rate": 5}],
			}
		).insert()
		submitted = self.request().submit()
		for document in (draft, submitted):
			with self.subTest(document.docstatus):
				with self.assertRefused(exceptions.RequestNotWaiting):
					resend_request(document.name)
				with self.assertRefused(exceptions.RequestNotWaiting):
					cancel_request(document.name)

	def test_without_an_address_it_is_not_sent(self):
		request = self.request(make_supplier(), send=False)
		with self.assertRefused(exceptions.SupplierAddressMissing):
			resend_request(request.name)

	def test_whoever_may_only_read_neither_sends_nor_withdraws(self):
		request = self.request()
		reader = make_user("Website Manager")
		frappe.share.add("Supplier Quotation", request.name, reader, read=1)
		frappe.set_user(reader)
		for act in (resend_request, cancel_request):
			with self.assertRefused(frappe.PermissionError):
				act(request.name)

	def test_withdrawn_it_is_a_draft_like_any_other(self):
		request = self.request(answer_by=in_days(3))
		cancel_request(request.name)
		request.reload()
		self.assertEqual((request.request_status, request.requested_on, request.docstatus), ("", None, 0))
		self.assertEqual(len(self.ask()["requested"]), 1)


class TestStatus(RequestCase):
	def test_submitting_what_somebody_typed_in_answers_it(self):
		request = self.request()
		request.items[0].rate = 50
		request.submit()
		self.assertEqual((request.request_status, str(request.answered_on)[:10]), ("Answered", today()))

	def test_another_day_to_answer_by_is_not_late(self):
		with self.at("2031-05-14 12:00:00"):
			request = self.request(answer_by="2031-05-15")
		with self.at("2031-05-16 12:00:00"):
			request.save()
			self.assertEqual(request.reload().request_status, "Late")
			request.answer_by = "2031-05-16"
			request.save()
			self.assertEqual(request.request_status, "Asked")

	def test_an_amendment_was_not_asked_for(self):
		request = self.request()
		request.items[0].rate = 50
		request.submit()
		request.cancel()
		amendment = frappe.copy_doc(request, ignore_no_copy=False)
		amendment.update({"amended_from": request.name, "docstatus": 0})
		self.assertEqual(amendment.insert().request_status, "")

	def test_negative_lead_times_and_quantities_are_refused(self):
		for field in ("lead_time_days", "minimum_qty"):
			request = self.request(make_reachable_supplier())
			request.items[0].set(field, -1)
			with self.subTest(field), self.assertRefused(frappe.NonNegativeError):
				request.save()
