"""Links of requests: which open, and what is told of those that do not."""

import frappe
from frappe.utils.password import get_decrypted_password

from crm_pipeline.api.supplier_requests import cancel_request, resend_request
from crm_pipeline.exceptions import RequestLinkExpired, RequestLinkInvalid
from crm_pipeline.quoting.request_links import DOCTYPE, PLACE, link_to_answer, open_link
from crm_pipeline.tests.factories import make_contact, make_supplier, make_user
from crm_pipeline.tests.requesting import RequestCase, make_reachable_supplier, query_of


class TestLinks(RequestCase):
	def setUp(self):
		super().setUp()
		self.asked = self.request(answer_by="2031-05-15")
		self.link = query_of(link_to_answer(self.asked))

	def refused_words(self, **link) -> str:
		with self.assertRefused(RequestLinkInvalid) as refusal:
			open_link(**{**self.link, **link})
		return str(refusal.exception)

	def test_it_opens_its_request_and_no_other(self):
		self.assertEqual(open_link(**self.link), self.asked.name)
		other = self.request(make_reachable_supplier())
		self.refused_words(name=other.name)
		theirs = query_of(link_to_answer(other))
		self.refused_words(signature=theirs["signature"])

	def test_all_that_is_wrong_is_refused_in_the_same_words(self):
		signature = self.link["signature"]
		wrong = (
			{"name": "PUR-SQTN-2031-99999"},
			{"name": ""},
			{"name": "x" * 10_000},
			{"name": "ä\ud800"},
			{"name": None},
			{"name": {"like": "%"}},
			{"expires": "2032-01-01"},
			{"expires": "tomorrow"},
			{"expires": None},
			{"signature": signature[:-1]},
			{"signature": signature.upper()},
			{"signature": "0" * 64},
			{"signature": ""},
			{"signature": None},
			{"signature": ["a"]},
			{"signature": "ü\ud800"},
		)
		told = set()
		for link in wrong:
			with self.subTest(link):
				told.add(self.refused_words(**link))
		cancel_request(self.asked.name)
		told.add(self.refused_words())
		self.assertEqual(len(told), 1)

	def test_its_last_day_is_its_last(self):
		with self.at("2031-05-29 23:59:00"):
			self.assertEqual(open_link(**self.link), self.asked.name)
		with self.at("2031-05-30 00:00:00"):
			with self.assertRefused(RequestLinkExpired):
				open_link(**self.link)
			self.refused_words(signature="0" * 64)

	def test_an_earlier_day_shortens_links_that_were_sent(self):
		with self.at("2031-04-01 12:00:00"):
			undated = self.request(make_reachable_supplier())
		link = query_of(link_to_answer(undated))
		self.assertEqual(link["expires"], "2031-05-31")
		for request in (self.asked, undated):
			frappe.db.set_value(DOCTYPE, request.name, "answer_by", "2031-04-10")
		with self.at("2031-04-24 23:59:00"):
			self.assertEqual(open_link(**link), undated.name)
			self.assertEqual(open_link(**self.link), self.asked.name)
		for later in (link, self.link):
			with self.at("2031-04-25 00:00:00"), self.assertRefused(RequestLinkExpired):
				open_link(**later)
		frappe.db.set_value(DOCTYPE, undated.name, "answer_by", "2031-12-31")
		with self.at("2031-06-01 00:00:00"), self.assertRefused(RequestLinkExpired):
			open_link(**link)  # a later day needs a new one

	def test_sending_again_leaves_the_first_one_good(self):
		resend_request(self.asked.name)
		self.assertEqual(open_link(**self.link), self.asked.name)

	def test_what_ends_a_request_ends_its_link(self):
		self.asked.delete()
		self.refused_words()
		self.assertIsNone(get_decrypted_password(DOCTYPE, self.asked.name, PLACE, raise_exception=False))

	def test_so_does_cancelling(self):
		self.asked.submit()
		self.assertEqual(open_link(**self.link), self.asked.name)  # the page says that it is settled
		self.asked.cancel()
		self.refused_words()

	def test_a_new_secret_after_withdrawing(self):
		cancel_request(self.asked.name)
		self.assertNotEqual(query_of(link_to_answer(self.again()))["signature"], self.link["signature"])
		self.refused_words()

	def test_whoever_is_not_asked_any_more_has_no_key(self):
		for fields in (
			{"contact_email": "right@example.org"},
			{"contact_person": make_contact(make_supplier()).name},
			{"contact_person": ""},
			{"supplier": make_reachable_supplier().name},
		):
			with self.subTest(fields):
				self.asked.reload().update(fields)
				self.asked.save()
				self.refused_words()
				resend_request(self.asked.name)
				self.refused_words()
				self.link = query_of(link_to_answer(self.asked.reload()))
				self.assertEqual(open_link(**self.link), self.asked.name)

	def test_nor_is_it_lost_with_anything_else(self):
		self.asked.update(
			{"contact_mobile": "030 123456", "terms": "x", "contact_email": f"{self.asked.contact_email}"}
		)
		self.asked.save()
		frappe.db.set_value(DOCTYPE, self.asked.name, {"contact_person": None, "contact_email": None})
		self.asked.reload().update({"contact_person": "", "contact_email": ""})
		self.asked.save()
		self.assertEqual(open_link(**self.link), self.asked.name)

	def again(self):
		self.asked.reload()
		self.asked.requested_on = "2031-01-01 00:00:00"
		return self.asked

	def test_nobody_reads_the_secret(self):
		secret = get_decrypted_password(DOCTYPE, self.asked.name, PLACE)
		self.assertEqual(len(secret), 64)
		buyer = make_user("Purchase User", "Sales Manager", "System Manager")
		frappe.set_user(buyer)
		document = frappe.get_doc(DOCTYPE, self.asked.name)
		self.assertNotIn(secret, frappe.as_json(document))
		self.assertFalse(frappe.get_meta(DOCTYPE).has_field(PLACE))
