import unittest
from email.message import EmailMessage

from crm_pipeline.rules.automated_mail import is_auto_reply, is_automatic, is_bounce, is_of_site

SITE = "https://crm.example.com"


def mail(sender="Eve <eve@example.org>", **headers) -> EmailMessage:
	message = EmailMessage()
	message["From"] = sender
	for header, value in headers.items():
		message[header.replace("_", "-")] = value
	return message


class TestAutomaticMail(unittest.TestCase):
	def test_people_write_by_hand_and_through_software(self):
		for headers in (
			{},
			{"Auto_Submitted": "no"},
			{"Auto_Submitted": "NO ; comment"},
			{"Auto_Submitted": "auto-generated"},
			{"Auto_Submitted": "auto-forwarded"},
			{"Auto_Submitted": "auto-generated", "X_Auto_Response_Suppress": "All"},  # a shop's request
			{"Auto_Submitted": "auto-generated", "In_Reply_To": "<a@b.example>"},  # a ticket's answer
			{"X_Auto_Response_Suppress": "OOF, DR, RN, NRN", "In_Reply_To": "<a@b.example>"},
			{"Auto_Submitted": "no", "X_Auto_Response_Suppress": "All", "In_Reply_To": "<a@b.example>"},
			{
				"Auto_Submitted": "auto-notified",
				"X_Auto_Response_Suppress": "All",
				"References": "<a@b.example>",
			},
			{"Precedence": "bulk"},
			{"Precedence": "junk"},
			{"Precedence": "list"},
			{"X_Autoreply": "no"},
			{"X_Loop": "list@example.org"},
			{"Return_Path": "<eve@example.org>"},
			{"sender": "ada@postmaster.example.com"},
			{"Return_Path": "<!ada@example.com>"},
		):
			with self.subTest(headers):
				self.assertFalse(is_automatic(mail(**headers)))

	def test_automatic_answers(self):
		for headers in (
			{"Auto_Submitted": 'auto-replied; owner-email="x"'},
			{"Auto_Submitted": "AUTO-REPLIED"},
			{
				"Auto_Submitted": "auto-generated",
				"X_Auto_Response_Suppress": "DR, OOF, AutoReply",
				"In_Reply_To": "<a@b.example>",
			},
			{
				"Auto_Submitted": "auto-generated",
				"X_Auto_Response_Suppress": "All",
				"References": "<a@b.example>",
			},
			{"Precedence": " Auto_Reply "},
			{"X_Autoreply": "yes"},
			{"X_Autorespond": "Re: racks"},
			{"Return_Path": "<>"},
			{"Return_Path": ""},
		):
			with self.subTest(headers):
				self.assertTrue(is_auto_reply(mail(**headers)))
				self.assertTrue(is_automatic(mail(**headers)))
				self.assertFalse(is_bounce(mail(**headers)))

	def test_delivery_reports(self):
		self.assertTrue(is_bounce(mail(Content_Type="multipart/report; report-type=delivery-status")))
		for content in ("multipart/alternative", "application/pdf", "text/html"):
			for parameter in ("", "; report-type=delivery-status"):
				with self.subTest(content, parameter=parameter):
					message = mail(Content_Type=content + parameter)
					self.assertEqual((is_bounce(message), is_automatic(message)), (False, False))

	def test_bounces(self):
		for sender in ("MAILER-DAEMON@mx.example.com", "Post <postmaster@example.com>"):
			with self.subTest(sender):
				self.assertTrue(is_bounce(mail(sender)))
				self.assertTrue(is_automatic(mail(sender)))

	def test_reports(self):
		for kind, bounce in (
			("delivery-status", True),
			("disposition-notification", False),
			("abuse", False),
		):
			report = mail(Content_Type=f'multipart/report; report-type={kind}; boundary="b"')
			with self.subTest(kind):
				self.assertEqual((is_bounce(report), is_automatic(report)), (bounce, True))

	def test_the_sites_own(self):
		self.assertTrue(is_of_site(mail(X_Frappe_Site=SITE), SITE))
		self.assertFalse(is_of_site(mail(X_Frappe_Site="https://other.example.com"), SITE))
		self.assertFalse(is_of_site(mail(), SITE))
