"""Mails whose headers and names are legal and rare."""

import email

import frappe
from frappe.utils import parse_addr

from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import make_customer
from crm_pipeline.tests.mail import address, deliver, make_mailbox, write


class TestHeaders(TestCase):
	def setUp(self):
		super().setUp()
		self.mailbox = make_mailbox("Lead")

	def test_a_surname_before_the_name(self):
		sender = address()
		mail = email.message_from_bytes(
			f"From: =?utf-8?q?M=C3=BCller=2C_J=C3=B6rg?= <{sender}>\nSubject: Angebot\n\nBitte".encode()
		)
		mail["Message-ID"] = f"<{sender}>"
		received = deliver(mail, self.mailbox)
		self.assertEqual((received.sender, received.sender_full_name), (sender, "Müller Jörg"))

	def test_a_subject_in_brackets(self):
		received = deliver(write(address(), self.mailbox, "[EXTERNAL] Offer for doors"), self.mailbox)
		self.assertEqual(received.subject, "[EXTERNAL] Offer for doors")
		self.assertEqual(received.reference_doctype, "Lead")

	def test_a_charset_that_nobody_knows(self):
		sender = address()
		head = f"From: {sender}\nMessage-ID: <{sender}>\nSubject: =?x-unknown?q?Offer_for_caf=E9?=\n"
		body = b"Content-Type: text/plain; charset=x-unknown\n\nTables for a caf\xe9 tomorrow"
		received = deliver(email.message_from_bytes(head.encode() + body), self.mailbox)
		self.assertEqual(received.subject, "Offer for caf\N{REPLACEMENT CHARACTER}")
		self.assertRegex(received.content, "^Tables for a caf.? tomorrow")

	def test_names_and_addresses_are_distinguished(self):
		for written, read in (
			("Müller, Jörg <joerg@buyer.example>", ("Müller Jörg", "joerg@buyer.example")),
			('"A, B" <a@b.example>', ("A B", "a@b.example")),
			("a@b.example", ("a@b.example", "a@b.example")),
			("x <y> z@q.example", ("x y", "z@q.example")),
			("nonsense", (None, "nonsense")),
		):
			with self.subTest(written):
				self.assertEqual(parse_addr(written), read)


class TestNames(TestCase):
	def test_one_that_looks_like_json(self):
		for start in ("[Plan B]", "{Curly}", '["x"]'):
			name = f"{start} {frappe.generate_hash(length=8)}"
			with self.subTest(name):
				self.assertIsNone(frappe.db.exists("Customer", name))
				self.assertEqual(make_customer(customer_name=name).name, name)
				self.assertEqual(frappe.db.get_value("Customer", name, "customer_name"), name)
				self.assertEqual(frappe.db.count("Customer", {"name": name}), 1)
