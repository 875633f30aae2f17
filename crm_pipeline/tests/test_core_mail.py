"""Mails that people write on an opportunity: what core records, queues and refuses, as the pipeline page asks for it."""

import json
from io import BytesIO
from unittest.mock import patch

import frappe
from frappe.email.doctype.email_account.email_account import EmailAccount
from werkzeug.test import TestResponse

from crm_pipeline.permissions.visibility import OWN
from crm_pipeline.tests.clearing import remove
from crm_pipeline.tests.factories import make_opportunity, unique
from crm_pipeline.tests.http import Api
from crm_pipeline.tests.mail import make_outgoing_account
from crm_pipeline.tests.rest import RestTestCase

MAKE = "/api/method/frappe.core.doctype.communication.email.make"
UPLOAD = "/api/method/upload_file"
PASSWORD_ASKED = "email_user_password"
PLAN = b"Plan,Date\nInstall,2030-01-01\n"


class TestMailWritten(RestTestCase):
	roles = ("Sales User",)

	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		cls.asked_for_password = frappe.db.get_default(PASSWORD_ASKED)
		cls.former = frappe.get_all("Email Account", {"default_outgoing": 1}, pluck="name")
		frappe.db.set_value("Email Account", {"default_outgoing": 1}, "default_outgoing", 0)
		cls.account = make_outgoing_account()
		cls.made.append(("Email Account", cls.account.name))
		frappe.db.commit()

	@classmethod
	def tearDownClass(cls):
		for name in cls.former:
			frappe.db.set_value("Email Account", name, "default_outgoing", 1)
		super().tearDownClass()
		if cls.asked_for_password is None:  # of whose account, Frappe 16 keeps
			frappe.defaults.clear_default(PASSWORD_ASKED, parent="__default")
			frappe.db.commit()

	def setUp(self):
		super().setUp()
		self.doc = make_opportunity(title=unique("Printers"), opportunity_owner=self.api.user)
		frappe.db.commit()
		self.addCleanup(self.forget)

	def forget(self):
		"""Take away the opportunity with all that was written on it."""
		frappe.db.rollback()
		frappe.set_user("Administrator")
		on_it = {"reference_doctype": "Opportunity", "reference_name": self.doc.name}
		mails = frappe.get_all("Communication", on_it, pluck="name")
		for queued in mails and frappe.get_all("Email Queue", {"communication": ["in", mails]}, pluck="name"):
			frappe.delete_doc("Email Queue", queued, force=True)
		for about in (*mails, self.doc.name):
			for file in frappe.get_all("File", {"attached_to_name": about}, pluck="name"):
				frappe.delete_doc("File", file, force=True)
		for mail in mails:
			remove("Communication", mail)
		for account in frappe.get_all("Email Account", {"email_id": self.api.user}, pluck="name"):
			remove("Email Account", account)
		remove("Opportunity", self.doc.name)
		frappe.db.commit()

	def write(self, api: Api | None = None, **values) -> TestResponse:
		mail = {
			"doctype": "Opportunity",
			"name": self.doc.name,
			"recipients": "Ada Byron <ada@outside.example>",
			"subject": "Our offer",
			"content": "<p>Dear Ada</p>",
			"communication_medium": "Email",
			"sent_or_received": "Sent",
			"send_email": 1,
			**values,
		}
		return (api or self.api).post(MAKE, **mail)

	def upload(self, api: Api | None = None, name: str = "plan.csv", **values) -> TestResponse:
		data = {
			"file": (BytesIO(PLAN), name),
			"doctype": "Opportunity",
			"docname": self.doc.name,
			"is_private": "1",
			**values,
		}
		return (api or self.api).call("POST", UPLOAD, data=data)

	def mails(self) -> list:
		on_it = {"reference_doctype": "Opportunity", "reference_name": self.doc.name}
		return frappe.get_all("Communication", on_it, ["*"])

	def queued(self) -> list:
		on_it = {"reference_doctype": "Opportunity", "reference_name": self.doc.name}
		return [
			frappe.get_doc("Email Queue", name) for name in frappe.get_all("Email Queue", on_it, pluck="name")
		]

	def assertNothing(self):
		self.assertEqual((self.mails(), self.queued()), ([], []))

	def test_it_is_recorded_and_waits_in_the_queue(self):
		answer = self.write(
			cc="b@outside.example, Ada Byron <ada@outside.example>", bcc=["c@outside.example"]
		)
		self.assertEqual(answer.status_code, 200, answer.get_data(as_text=True))
		(mail,) = self.mails()
		self.assertEqual(answer.json["message"], {"name": mail.name, "emails_not_sent_to": ""})
		sender = frappe.db.get_value("User", self.api.user, "email")
		expected = {
			"subject": "Our offer",
			"content": "<p>Dear Ada</p>",
			"sender": sender,
			"sender_full_name": "Test",
			"recipients": "Ada Byron <ada@outside.example>",
			"cc": "b@outside.example, Ada Byron <ada@outside.example>",
			"bcc": "c@outside.example",
			"communication_type": "Communication",
			"communication_medium": "Email",
			"sent_or_received": "Sent",
			"status": "Linked",
			"has_attachment": 0,
			"email_account": self.account.name,
			"user": self.api.user,
		}
		self.assertEqual({key: mail[key] for key in expected}, expected)
		(queue,) = self.queued()
		self.assertEqual(
			(queue.status, queue.communication, queue.email_account, queue.message_id, queue.show_as_cc),
			("Not Sent", mail.name, self.account.name, mail.message_id, "b@outside.example"),
		)
		self.assertEqual(queue.sender, f"Test <{sender}>")
		self.assertEqual(
			{row.recipient for row in queue.recipients},
			{"Ada Byron <ada@outside.example>", "b@outside.example", "c@outside.example"},
		)
		headers = queue.message.split("\n\n")[0]
		self.assertIn("Ada Byron <ada@outside.example>", headers)
		self.assertNotIn("c@outside.example", headers)
		self.assertEqual(frappe.db.get_value("Opportunity", self.doc.name, "status"), "Replied")

	def test_files_of_the_opportunity_go_along(self):
		file = self.upload()
		self.assertEqual(file.status_code, 200, file.get_data(as_text=True))
		stored = file.json["message"]
		about = (stored["attached_to_doctype"], stored["attached_to_name"], stored["is_private"])
		self.assertEqual(about, ("Opportunity", self.doc.name, 1))
		self.assertTrue(stored["file_url"].startswith("/private/files/plan"), stored["file_url"])
		self.assertEqual(self.write(attachments=json.dumps([stored["name"]])).status_code, 200)
		(mail,), (queue,) = self.mails(), self.queued()
		self.assertEqual(mail.has_attachment, 1)
		(copy,) = frappe.get_all("File", {"attached_to_name": mail.name}, ["name", "file_url", "is_private"])
		self.assertEqual((copy.file_url, copy.is_private), (stored["file_url"], 1))
		self.assertEqual(json.loads(queue.attachments), [{"fid": copy.name}])
		self.assertEqual(frappe.get_doc("File", copy.name).get_content(), PLAN.decode())

	def test_what_is_made_on_the_way_goes_along_too(self):
		made = {"fname": "greeting.txt", "fcontent": "Hello"}
		self.assertEqual(self.write(attachments=[made]).status_code, 200)
		(file,) = frappe.get_all("File", {"attached_to_name": self.mails()[0].name}, ["name", "is_private"])
		self.assertEqual((frappe.get_doc("File", file.name).get_content(), file.is_private), ("Hello", 1))

	def test_what_is_only_recorded_is_not_queued(self):
		self.assertEqual(
			self.write(send_email=0, communication_medium="Phone", recipients=None).status_code, 200
		)
		(call,) = self.mails()
		self.assertEqual((call.communication_medium, call.email_account, self.queued()), ("Phone", None, []))

	def test_who_wishes_no_mails_of_threads_is_named(self):
		silent = Api("Sales User")
		self.made.append(("User", silent.user))
		frappe.db.set_value("User", silent.user, "thread_notify", 0)
		frappe.db.commit()
		answer = self.write(cc=silent.user.upper())
		self.assertEqual(answer.json["message"]["emails_not_sent_to"], silent.user)
		(queue,) = self.queued()
		self.assertEqual([row.recipient for row in queue.recipients], ["Ada Byron <ada@outside.example>"])

	def test_an_address_that_is_none_is_refused_by_name(self):
		for field in ("recipients", "cc", "bcc"):
			with self.subTest(field):
				answer = self.write(**{field: "ada@outside.example, nobody"})
				self.assertAnswer(answer, 417, "InvalidEmailAddressError")
				self.assertIn("nobody is not a valid Email Address", answer.json["_server_messages"])
		self.assertNothing()

	def test_nobody_writes_on_what_they_may_not_see(self):
		stranger = Api()
		self.made.append(("User", stranger.user))
		self.assertAnswer(self.write(stranger), 403, "PermissionError")
		self.assertAnswer(self.upload(stranger), 403, "PermissionError")
		former = frappe.db.get_single_value("Selling Settings", "opportunity_visibility")
		frappe.db.set_single_value("Selling Settings", "opportunity_visibility", OWN)
		other = Api("Sales User")
		self.made.append(("User", other.user))
		try:
			self.assertAnswer(self.write(other), 403, "PermissionError")
			self.assertIn(self.upload(other).status_code, (404, 417))  # on Frappe 16, a link to nothing
		finally:
			frappe.db.set_single_value("Selling Settings", "opportunity_visibility", former)
			frappe.db.commit()
		self.assertNothing()
		self.assertEqual(frappe.get_all("File", {"attached_to_name": self.doc.name}), [])

	def test_nothing_is_kept_where_no_account_sends(self):
		frappe.db.set_value("Email Account", self.account.name, "enable_outgoing", 0)
		frappe.db.commit()
		try:
			# A site may have one in its site_config.json, too.
			with patch.object(EmailAccount, "find_from_config", return_value=None, create=True):
				answer = self.write()
		finally:
			frappe.db.set_value("Email Account", self.account.name, "enable_outgoing", 1)
			frappe.db.commit()
		self.assertAnswer(answer, 501, "OutgoingEmailError")
		self.assertNothing()

	def test_the_account_of_the_writer_comes_before_the_default_one(self):
		own = self.make_own_account()
		self.assertEqual(self.write().status_code, 200)
		self.assertEqual((self.mails()[0].email_account, self.queued()[0].email_account), (own, own))

	def make_own_account(self) -> str:
		account = frappe.get_doc(
			{
				"doctype": "Email Account",
				"email_account_name": unique("Own"),
				"email_id": self.api.user,
				"enable_outgoing": 1,
			}
		)
		account.flags.ignore_validate = True  # validation would log in to a mail server
		return account.insert().name
