"""The tasks of the scheduler by hand: what they say they would do, what they do, and what they refuse."""

from contextlib import contextmanager
from unittest.mock import patch

import frappe
from click.testing import CliRunner
from frappe.utils import add_days, now_datetime

from crm_pipeline import tasks
from crm_pipeline.commands import crm_pipeline, scheduled, undo
from crm_pipeline.crm_pipeline.doctype.opportunity.opportunity import Opportunity
from crm_pipeline.follow_ups import mails
from crm_pipeline.tests.assigning import forget_rules, make_rule
from crm_pipeline.tests.factories import (
	in_days,
	make_exchange_rate,
	make_opportunity,
	make_party_opportunity,
	make_quotation,
	make_user,
)
from crm_pipeline.tests.inactive_opportunities import DAYS, AutoCloseCase
from crm_pipeline.tests.mail import address, deliver, make_mailbox, make_outgoing_account, write


@contextmanager
def on_this_site(site: str):
	"""Within the test's transaction, that is."""
	yield


def refuse(opportunity):
	raise frappe.ValidationError("Not today")


class TestCommands(AutoCloseCase):
	def command(self, *words: str, sites: tuple[str, ...] = ("here",)) -> str:
		"""Run a command; returns what it said."""
		context = frappe._dict(sites=list(sites), profile=False)
		with patch.object(scheduled, "on_site", on_this_site), patch.object(undo, "on_site", on_this_site):
			result = CliRunner().invoke(crm_pipeline, words, obj=context)
		if result.exception and not isinstance(result.exception, SystemExit):
			raise result.exception
		self.assertEqual(result.exit_code, 0, result.output)
		return result.output

	def status(self, opportunity) -> str:
		return opportunity.reload().status

	def test_auto_close_and_its_undoing(self):
		opportunity = self.inactive_opportunity()
		told = self.command("auto-close", "--dry-run")
		self.assertIn(f"Closed: {opportunity.name} {opportunity.title}: No contact since", told)
		self.assertEqual(self.status(opportunity), "Replied")
		told = self.command("auto-close")
		batch = self.row(opportunity).batch
		self.assertIn(f"{batch}: ", told)
		self.assertEqual(self.status(opportunity), "Closed")
		self.assertIn("are as they were before, 0 were left.", self.command("undo-auto-close", batch))
		self.assertEqual(self.status(opportunity), "Replied")

	def test_auto_close_tells_whom_it_warns_of_what_it_does_not_close_yet(self):
		owner = make_user("Sales User")
		for days in (DAYS, DAYS - 3, DAYS - 2):
			self.inactive_opportunity(days, opportunity_owner=owner)
		warning = f"Warned: {owner}: 2 opportunities"
		self.assertIn(warning, self.command("auto-close", "--dry-run"))
		self.assertEqual(self.told(owner), [])
		self.command("auto-close")
		self.assertEqual(
			sum("2 of your opportunities will be closed" in told for told in self.told(owner)), 1
		)
		self.assertNotIn(owner, self.command("auto-close", "--dry-run"))

	def test_auto_close_tells_of_all_page_by_page(self):
		names = [self.inactive_opportunity().name for _number in range(3)]
		with patch("crm_pipeline.commands.jobs.PAGE", 2):
			told = self.command("auto-close", "--dry-run")
		self.assertEqual([told.count(f"Closed: {name} ") for name in names], [1, 1, 1])

	def test_waking(self):
		opportunity = make_opportunity()
		opportunity.pause(in_days(3))
		frappe.db.set_value("Opportunity", opportunity.name, "paused_until", in_days(-1))
		self.assertIn(f"{opportunity.name} {opportunity.title}", self.command("wake", "--dry-run"))
		self.assertEqual(self.status(opportunity), "Paused")
		self.assertIn("opportunities resumed.", self.command("wake"))
		self.assertEqual(self.status(opportunity), "Open")
		self.assertNotIn(opportunity.name, self.command("wake", "--dry-run"))

	def test_expiring(self):
		opportunity = make_party_opportunity()
		quotation = make_quotation(opportunity)
		frappe.db.set_value("Quotation", quotation.name, "valid_till", in_days(-1))
		endless = make_quotation()
		frappe.db.set_value("Quotation", endless.name, "valid_till", None)
		told = self.command("expire", "--dry-run")
		self.assertIn(quotation.name, told)
		self.assertNotIn(endless.name, told)
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
		self.assertIn(f"{currency}: 1 opportunities revalued.", self.command("revalue"))
		self.assertEqual(
			(opportunity.reload().conversion_rate, opportunity.base_opportunity_amount), (2, 200)
		)
		self.assertNotIn(f"{currency}: ", self.command("revalue"))

	def test_revaluing_says_what_is_left_of_a_currency_that_somebody_holds(self):
		base = frappe.db.get_single_value("Selling Settings", "base_currency")
		make_exchange_rate("ISK", base, 2, in_days(-9))
		opportunity = make_opportunity(currency="ISK", opportunity_amount=100)
		frappe.db.set_value("Opportunity", opportunity.name, "conversion_rate", 1)
		with patch.object(tasks, "revalue", side_effect=frappe.QueryTimeoutError):
			told = self.command("revalue")
		self.assertIn("ISK: 0 opportunities revalued. 1 still to be revalued: see the Error Log.", told)

	def test_revaluing_without_a_rate_says_that_nothing_was_done(self):
		opportunity = make_opportunity(opportunity_amount=100)
		frappe.db.set_value("Opportunity", opportunity.name, {"currency": "ISK", "conversion_rate": 3})
		frappe.db.delete("Currency Exchange", {"from_currency": "ISK"})
		frappe.db.delete("Currency Exchange", {"to_currency": "ISK"})
		self.assertIn(
			"ISK: no exchange rate, the opportunities keep theirs", self.command("revalue", "--dry-run")
		)
		self.assertIn("ISK: no exchange rate, the opportunities kept theirs.", self.command("revalue"))
		self.assertEqual(opportunity.reload().conversion_rate, 3)

	def missed(self):
		"""A next contact that was due an hour ago; returns the opportunity and the user."""
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
		make_outgoing_account()
		self.addCleanup(setattr, frappe.local, "outgoing_email_account", {})
		_opportunity, user = self.missed()
		self.assertIn(f"{user}: 1 overdue, 0 today", self.command("digest", "--dry-run"))
		told = self.command("digest")
		self.assertIn("users mailed.", told)
		self.assertNotIn("Error Log", told)
		self.assertNotIn(user, self.command("digest", "--dry-run"))

	def test_a_morning_mail_that_fails_is_still_due(self):
		_opportunity, user = self.missed()
		frappe.db.set_value("Email Template", mails.DIGEST, "subject", "{{ overdue[0].no.such }}")
		frappe.clear_document_cache("Email Template", mails.DIGEST)
		self.addCleanup(frappe.clear_document_cache, "Email Template", mails.DIGEST)
		self.assertIn("still to be mailed: see the Error Log.", self.command("digest"))
		self.assertIn(user, self.command("digest", "--dry-run"))

	def test_without_the_text_of_the_morning_mail_nobody_is_due(self):
		_opportunity, user = self.missed()
		frappe.delete_doc("Email Template", mails.DIGEST)
		self.assertNotIn(user, self.command("digest", "--dry-run"))
		self.assertIn("0 users mailed.\n", self.command("digest"))

	def test_saying_what_is_due_locks_and_writes_nothing(self):
		self.missed()
		self.inactive_opportunity()
		for name in scheduled.TASKS:
			with self.subTest(name), patch.object(frappe.db, "sql", wraps=frappe.db.sql) as sql:
				self.command(name, "--dry-run")
				statements = [str(call.args[0]).lstrip().upper() for call in sql.call_args_list]
				self.assertTrue(statements)
				for statement in statements:
					self.assertTrue(statement.startswith(("SELECT", "WITH", "(SELECT")), statement)
					self.assertNotIn("FOR UPDATE", statement)

	def test_restoring_calendar_entries(self):
		opportunity, _user = self.missed()
		frappe.db.delete("Event", {"name": opportunity.follow_up_event})
		self.assertIn(opportunity.name, self.command("restore-events", "--dry-run"))
		self.assertIn("calendar entries made anew.", self.command("restore-events"))
		self.assertTrue(frappe.db.exists("Event", opportunity.reload().follow_up_event))

	def test_reassigning_from_who_has_left(self):
		opportunity, user = self.missed()
		successor = make_user("Sales User")
		rule = make_rule(successor)
		frappe.db.set_value(
			"Opportunity", opportunity.name, {"campaign": rule.campaign, "opportunity_owner": user}
		)
		frappe.db.set_value("User", user, "enabled", 0)
		self.addCleanup(forget_rules)
		self.assertIn(f"{user}: 1 opportunities and leads", self.command("reassign", "--dry-run"))
		self.assertIn("1 opportunities and leads reassigned", self.command("reassign"))
		self.assertNotIn("no rule is for them", self.command("reassign"))
		self.assertEqual(opportunity.reload().opportunity_owner, successor)

	def test_trying_mails_again_without_waiting_for_the_next_try(self):
		mailbox, sender = make_mailbox(), address()
		with patch.object(Opportunity, "validate", refuse):
			mail = deliver(write(sender, mailbox, "Racks"), mailbox)
		entry = {"communication": mail.name}
		frappe.db.set_value("Mail Intake Log", entry, "next_attempt", in_days(1))
		told = self.command("retry-mails", "--dry-run")
		self.assertIn(f"Judge: {sender}: Racks: ValidationError: Not today", told)
		self.assertIsNone(mail.reload().reference_name)
		told = self.command("retry-mails")
		self.assertIn(" mails tried.", told)
		self.assertTrue(mail.reload().reference_name)
		self.assertEqual(frappe.db.get_value("Mail Intake Log", entry, "result"), "Settled")

	def test_a_mail_that_fails_again_still_waits(self):
		mailbox = make_mailbox()
		with patch.object(Opportunity, "validate", refuse):
			deliver(write(address(), mailbox), mailbox)
			self.assertIn("still wait: see the Mail Intake Log.", self.command("retry-mails"))

	def test_while_opportunities_are_off_they_rest(self):
		opportunity = self.inactive_opportunity()
		frappe.db.set_single_value("Selling Settings", "disable_opportunities", 1)
		frappe.clear_document_cache("Selling Settings", "Selling Settings")
		for words in (["auto-close", "--dry-run"], ["auto-close"], ["wake"], ["remind"], ["digest"]):
			self.assertIn("switched off", self.command(*words))
		self.assertEqual(self.status(opportunity), "Replied")

	def test_a_batch_that_is_not_there_is_named(self):
		with self.assertRaisesRegex(AssertionError, "There is no Auto Close Batch Nowhere"):
			self.command("undo-auto-close", "Nowhere")

	def test_several_sites_take_their_turns_and_are_named(self):
		told = self.command("expire", "--dry-run", sites=("one", "two"))
		self.assertRegex(told, r"(?s)^one:\n.*due\.\ntwo:\n.*due\.\n$")
		self.assertNotIn("one:", self.command("expire", "--dry-run", sites=("one",)))

	def test_a_batch_is_undone_on_one_site_only(self):
		with self.assertRaisesRegex(AssertionError, "one site at a time"):
			self.command("undo-auto-close", "Nowhere", sites=("one", "two"))
