"""Which mails a machine wrote."""

from email.message import EmailMessage
from unittest import TestCase

from crm_pipeline.rules.automatic_mail import is_automatic, is_bounce

SITE = "crm.example.com"


def mail(**headers: str) -> EmailMessage:
	message = EmailMessage()
	message["From"] = headers.pop("sender", "Ada Byron <ada@example.com>")
	for name, value in headers.items():
		message[name.replace("_", "-")] = value
	return message


class TestAutomaticMail(TestCase):
	def test_people_write_by_hand(self):
		self.assertFalse(is_automatic(mail(), SITE))
		self.assertFalse(is_automatic(mail(Auto_Submitted="no"), SITE))
		self.assertFalse(is_automatic(mail(Auto_Submitted="NO ; comment"), SITE))
		self.assertFalse(is_automatic(mail(Precedence="normal"), SITE))
		for site in ("other.example.com", "a.example.com"):
			self.assertFalse(is_automatic(mail(X_Frappe_Site=site), SITE))
		self.assertFalse(is_automatic(mail(Return_Path="<ada@example.com>"), SITE))

	def test_machines_say_so(self):
		for headers in (
			{"Auto_Submitted": 'auto-replied; owner-email="x"'},
			{"Auto_Submitted": "Auto-Generated"},
			{"Precedence": " Auto_Reply "},
			{"X_Frappe_Site": SITE},
		):
			with self.subTest(headers):
				self.assertTrue(is_automatic(mail(**headers), SITE))

	def test_bounces(self):
		for headers in (
			{"Return_Path": "<>"},
			{"Return_Path": ""},
			{"sender": "MAILER-DAEMON@mx.example.com"},
			{"sender": "Post <postmaster@example.com>"},
		):
			with self.subTest(headers):
				self.assertTrue(is_bounce(mail(**headers)))
				self.assertTrue(is_automatic(mail(**headers), SITE))
		self.assertFalse(is_bounce(mail(sender="ada@postmaster.example.com")))
		self.assertFalse(is_bounce(mail(Return_Path="<!ada@example.com>")))

	def test_delivery_reports(self):
		self.assertTrue(is_bounce(mail(Content_Type="multipart/report; report-type=delivery-status")))
		for content in ("multipart/alternative", "application/pdf", "text/html"):
			with self.subTest(content):
				self.assertFalse(is_bounce(mail(Content_Type=content)))
