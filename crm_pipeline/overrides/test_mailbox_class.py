"""Another app has a class of its own for Email Accounts: both work, whichever comes last."""

import pickle
from contextlib import contextmanager
from unittest.mock import patch

import frappe
from frappe.email.doctype.email_account.email_account import EmailAccount as FrappesEmailAccount
from frappe.email.receive import InboundMail
from frappe.model.base_document import get_controller, import_controller

from crm_pipeline.mail.intake import PipelineMail
from crm_pipeline.overrides import email_account
from crm_pipeline.overrides.email_account import PipelineMailbox, laid_over
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.mail import address, make_mailbox, write

OURS = "crm_pipeline.overrides.email_account.EmailAccount"
RIVALS = f"{__name__}.RivalMailbox"


class RivalMailbox(FrappesEmailAccount):
	def receive(self):
		self.fetched = self.get_inbound_mails()

	def get_inbound_mails(self) -> list:
		message = write(address(), self).as_bytes()
		return [InboundMail(message, self)]


class TestTwoApps(TestCase):
	@contextmanager
	def overridden_by(self, *paths: str, extended: bool):
		"""Let apps override the class in this order, on a Frappe that extends classes or on one that does not."""
		hooks = frappe.get_hooks

		def patched(hook=None, default=None, **options):
			if hook == "override_doctype_class":
				return {"Email Account": list(paths)}
			if hook == "extend_doctype_class" and not extended:
				return {}
			return hooks(hook, default, **options) if default is not None else hooks(hook, **options)

		with patch.object(frappe, "get_hooks", patched):
			yield import_controller("Email Account")

	def assertBoth(self, controller: type):
		self.assertTrue(issubclass(controller, RivalMailbox))
		self.assertLess(controller.__mro__.index(PipelineMailbox), controller.__mro__.index(RivalMailbox))
		self.assertEqual(controller.__mro__.count(PipelineMailbox), 1)

	def test_by_itself_it_stands_before_frappes(self):
		self.assertTrue(issubclass(get_controller("Email Account"), PipelineMailbox))
		with self.overridden_by(OURS, extended=False) as controller:
			self.assertTrue(issubclass(controller, (PipelineMailbox, FrappesEmailAccount)))

	def test_where_frappe_extends_classes(self):
		if frappe.get_hooks("extend_doctype_class"):
			with self.overridden_by(RIVALS, extended=True) as controller:
				self.assertBoth(controller)

	def test_where_it_does_not_and_our_app_is_the_last(self):
		with self.overridden_by(RIVALS, OURS, extended=False) as controller:
			self.assertBoth(controller)

	def test_where_it_does_not_and_the_other_is_the_last(self):
		with self.overridden_by(OURS, RIVALS, extended=False) as controller:
			self.assertBoth(laid_over(controller))
			self.assertBoth(laid_over(laid_over(controller)))

	def test_requests_and_jobs_lay_it_over_the_other(self):
		"""Where Frappe does not extend classes; else these hooks are not there."""
		if frappe.get_hooks("extend_doctype_class"):
			return
		self.assertIn(f"{email_account.__name__}.stand_before_other_apps", frappe.get_hooks("before_job"))
		self.assertIn(f"{email_account.__name__}.stand_before_other_apps", frappe.get_hooks("before_request"))
		controllers = frappe.controllers[frappe.local.site]
		self.addCleanup(controllers.pop, "Email Account", None)
		controllers["Email Account"] = RivalMailbox
		email_account.stand_before_other_apps()
		self.assertBoth(get_controller("Email Account"))
		account = make_mailbox()
		self.assertEqual(pickle.loads(pickle.dumps(account)).name, account.name)

	def test_each_does_its_part(self):
		account = laid_over(RivalMailbox)("Email Account", make_mailbox().name)
		account.receive()
		self.assertEqual([type(mail).__mro__[1:3] for mail in account.fetched], [(PipelineMail, InboundMail)])
