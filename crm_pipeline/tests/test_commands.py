"""The tasks of the scheduler by hand: what they say they would do, what they do, and what they refuse."""

from contextlib import contextmanager
from unittest.mock import patch

import frappe
from click.testing import CliRunner
from frappe.utils import add_days, now_datetime

from crm_pipeline.commands import crm_pipeline, scheduled, undo
from crm_pipeline.tests.factories import (
	in_days,
	make_exchange_rate,
	make_opportunity,
	make_party_opportunity,
	make_quotation,
	make_user,
)
from crm_pipeline.tests.quiet_deals import AutoCloseCase


@contextmanager
def on_this_site(context):
	"""Within the test's transaction, that is."""
	yield


class TestCommands(AutoCloseCase):
	def command(self, *words: str) -> str:
		"""Run a command; returns what it said."""
		with patch.object(scheduled, "on_site", on_this_site), patch.object(undo, "on_site", on_this_site):
			result = CliRunner().invoke(crm_pipeline, words, obj=frappe._dict(sites=[], profile=False))
		if result.exception and not isinstance(result.exception, SystemExit):
			raise result.exception
		self.assertEqual(result.exit_code, 0, result.output)
		return result.output

	def status(self, opportunity) -> str:
		return opportunity.reload().status

	def test_auto_close_and_its_undoing(self):
		opportunity = self.quiet_deal()
		told = self.command("auto-close", "--dry-run")
		self.assertIn(f"Closed: {opportunity.name} {opportunity.title}: No contact since", told)
		self.assertEqual(self.status(opportunity), "Replied")
		told = self.command("auto-close")
		batch = self.row(opportunity).batch
		self.assertIn(f"{batch}: ", told)
		self.assertEqual(self.status(opportunity), "Closed")
		self.assertIn("are as they were before, 0 were left.", self.command("undo-auto-close", batch))
		self.assertEqual(self.status(opportunity), "Replied")

	def test_waking(self):
		opportunity = make_opportunity()
		opportunity.pause(in_days(3))
		frappe.db.set_value("Opportunity", opportunity.name, "paused_until", in_days(-1))
		self.assertIn(f"{opportunity.name} {opportunity.title}", self.command("wake", "--dry-run"))
		self.assertEqual(self.status(opportunity), "Paused")
		self.assertIn("opportunities taken up.", self.command("wake"))
		self.assertEqual(self.status(opportunity), "Open")
		self.assertNotIn(opportunity.name, self.command("wake", "--dry-run"))

	def test_expiring(self):
		opportunity = make_party_opportunity()
		quotation = make_quotation(opportunity)
		frappe.db.set_value("Quotation", quotation.name, "valid_till", in_days(-1))
		self.assertIn(quotation.name, self.command("expire", "--dry-run"))
		self.assertEqual((quotation.reload().status, self.status(opportunity)), ("Open", "Quotation"))
		self.assertIn("quotations expired.", self.command("expire"))
		self.assertEqual((quotation.reload().status, self.status(opportunity)), ("Expired", "Open"))

	def test_revaluing(self):
		base = frappe.db.get_single_value("Selling Settings", "base_currency")
		currency = "CHF" if base != "CHF" else "NOK"
		make_exchange_rate(currency, base, 2, in_days(-9))
		opportunity = make_opportunity(currency=currency, opportunity_amount=100)
		frappe.db.set_value("Opportunity", opportunity.name, "conversion_rate", 1)
		self.assertIn(f"{currency}: ", self.command("revalue", "--dry-run"))
		self.assertEqual(opportunity.reload().conversion_rate, 1)
		self.assertIn(f"{currency}: ", self.command("revalue"))
		self.assertEqual(
			(opportunity.reload().conversion_rate, opportunity.base_opportunity_amount), (2, 200)
		)
		self.assertNotIn(f"{currency}: ", self.command("revalue"))

	def missed(self):
		"""A next contact that was due an hour ago; returns the deal and the user."""
		user = make_user("Sales User")
		opportunity = make_opportunity(next_contact_by=user, next_contact_date=in_days(1))
		hour_ago = add_days(now_datetime(), -1 / 24)
		frappe.db.set_value("Opportunity", opportunity.name, "next_contact_date", hour_ago)
		return opportunity, user

	def test_reminding(self):
		opportunity, user = self.missed()
		self.assertIn(f"{user}: {opportunity.name}", self.command("remind", "--dry-run"))
		self.assertEqual(self.told(user), [])
		self.assertIn("users reminded.", self.command("remind"))
		self.assertEqual(len(self.told(user)), 1)
		self.assertNotIn(user, self.command("remind", "--dry-run"))

	def test_the_mail_of_the_morning(self):
		_opportunity, user = self.missed()
		self.assertIn(f"{user}: 1 overdue, 0 today", self.command("digest", "--dry-run"))
		self.assertIn("users mailed.", self.command("digest"))
		self.assertNotIn(user, self.command("digest", "--dry-run"))

	def test_restoring_calendar_entries(self):
		opportunity, _user = self.missed()
		frappe.db.delete("Event", {"name": opportunity.follow_up_event})
		self.assertIn(opportunity.name, self.command("restore-events", "--dry-run"))
		self.assertIn("calendar entries made anew.", self.command("restore-events"))
		self.assertTrue(frappe.db.exists("Event", opportunity.reload().follow_up_event))

	def test_while_opportunities_are_off_they_rest(self):
		opportunity = self.quiet_deal()
		frappe.db.set_single_value("Selling Settings", "disable_opportunities", 1)
		frappe.clear_document_cache("Selling Settings", "Selling Settings")
		for words in (["auto-close", "--dry-run"], ["auto-close"], ["wake"], ["remind"], ["digest"]):
			self.assertIn("switched off", self.command(*words))
		self.assertEqual(self.status(opportunity), "Replied")

	def test_a_batch_that_is_not_there_is_named(self):
		with self.assertRaisesRegex(AssertionError, "There is no Auto Close Batch Nowhere"):
			self.command("undo-auto-close", "Nowhere")
