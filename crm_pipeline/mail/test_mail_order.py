"""Status and turn follow the mails' own times, whatever order they arrive in."""

import random
from datetime import datetime, timedelta
from itertools import permutations

import frappe
from frappe.utils import add_to_date, get_datetime

from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import in_days, make_lost_reason, make_mail, make_opportunity

BEGIN = datetime(2026, 3, 2, 9)


class NaiveConversation:
	"""What mails read in the order of their own times lead to, step by step."""

	def __init__(self, status: str, ended: bool = False, reopens: bool = False):
		self.status, self.ended, self.reopens = status, ended, reopens
		self.turn, self.since, self.first_response, self.theirs, self.ours = "Nobody", None, None, None, None

	def read(self, mails: list[tuple[int, str]]):
		# In the same second ours answers theirs.
		for minute, direction in sorted(mails, key=lambda mail: (mail[0], mail[1] == "Sent")):
			at = BEGIN + timedelta(minutes=minute)
			getattr(self, direction.lower())(at)
		return self

	def sent(self, at: datetime):
		self.ours = at
		self.first_response = self.first_response or at
		if self.status == "Open":
			self.status = "Replied"
		self.pass_turn("Nobody" if self.ended else "Them", at)

	def received(self, at: datetime):
		self.theirs = at
		if self.status in ("Replied", "Paused") or self.reopens:
			self.status, self.ended, self.reopens = "Open", False, False
		self.pass_turn("Us", at)

	def pass_turn(self, turn: str, at: datetime):
		if turn != self.turn:
			self.turn, self.since = turn, None if turn == "Nobody" else at

	def picture(self) -> tuple:
		return self.status, self.turn, self.since, self.ours, self.theirs, self.first_response


def picture(opportunity) -> tuple:
	moments = ("waiting_since", "last_contacted_on", "last_response_on", "first_responded_on")
	since, ours, theirs, first = (
		get_datetime(opportunity.get(field)) if opportunity.get(field) else None for field in moments
	)
	return opportunity.status, opportunity.waiting_for, since, ours, theirs, first


class TestAnyOrder(TestCase):
	def opportunity(self, status: str):
		"""A opportunity that came in, and became what it is, before all the mails."""
		opportunity = make_opportunity(transaction_date=BEGIN.date())
		if status == "Paused":
			opportunity.pause(in_days(9))
		elif status == "Lost":
			opportunity.declare_lost([make_lost_reason().name])
		elif status != "Open":
			opportunity.status = status.split()[0]
			opportunity.save()
		long_ago = {"status_since": BEGIN - timedelta(days=1), "auto_closed": int(status == "Closed by job")}
		frappe.db.set_value("Opportunity", opportunity.name, long_ago)
		return opportunity

	def naive(self, status: str) -> NaiveConversation:
		ended = status in ("Lost", "Closed", "Closed by job")
		return NaiveConversation(status.split()[0], ended, status == "Closed by job")

	def assertAsRead(self, status: str, mails: list[tuple[int, str]]):
		opportunity = self.opportunity(status)
		for minute, direction in mails:
			make_mail(opportunity, direction, communication_date=BEGIN + timedelta(minutes=minute))
		self.assertEqual(
			picture(opportunity.reload()), self.naive(status).read(mails).picture(), (status, mails)
		)

	def test_every_order_of_three_mails(self):
		for status in ("Open", "Paused", "Lost", "Closed by job"):
			for directions in (
				("Received", "Sent", "Received"),
				("Received", "Sent", "Sent"),
				("Sent", "Received", "Sent"),
			):
				for mails in permutations(list(enumerate(directions))):
					with self.subTest((status, mails)):
						self.assertAsRead(status, list(mails))

	def test_long_conversations_in_any_order(self):
		chance = random.Random(20261110)
		for _round in range(15):
			status = chance.choice(("Open", "Replied", "Paused", "Lost", "Closed by job"))
			mails = [(minute, chance.choice(("Sent", "Received"))) for minute in range(chance.randint(4, 9))]
			chance.shuffle(mails)
			with self.subTest((status, mails)):
				self.assertAsRead(status, mails)

	def test_two_mails_of_the_same_second(self):
		"""Ours answers theirs: it is their turn, and the status says so."""
		for mails in permutations([(0, "Sent"), (0, "Received")]):
			with self.subTest(mails):
				self.assertAsRead("Open", list(mails))


class TestLate(TestCase):
	def test_one_of_theirs_that_we_answered_meanwhile(self):
		opportunity = make_opportunity()
		at = get_datetime(opportunity.creation)
		make_mail(opportunity, communication_date=add_to_date(at, hours=24))
		make_mail(opportunity, "Received", communication_date=add_to_date(at, hours=1))
		self.assertEqual((opportunity.reload().status, opportunity.waiting_for), ("Replied", "Them"))
		self.assertEqual((opportunity.contacted_in, opportunity.contacted_out), (1, 1))

	def test_one_of_ours_that_they_answered_meanwhile(self):
		opportunity = make_opportunity()
		at = get_datetime(opportunity.creation)
		make_mail(opportunity, "Received", communication_date=add_to_date(at, hours=24))
		make_mail(opportunity, communication_date=add_to_date(at, hours=1))
		self.assertEqual((opportunity.reload().status, opportunity.waiting_for), ("Open", "Us"))
		self.assertEqual(opportunity.mins_to_first_response, 60)

	def test_an_earlier_mail_of_ours_is_the_first_response_after_all(self):
		opportunity = make_opportunity()
		at = get_datetime(opportunity.creation)
		for hours in (5, 2, 3):
			make_mail(opportunity, communication_date=add_to_date(at, hours=hours))
		self.assertEqual(opportunity.reload().mins_to_first_response, 120)

	def test_what_we_wrote_before_it_came_in_is_no_first_response(self):
		opportunity = make_opportunity(transaction_date=in_days(-1))
		make_mail(opportunity, communication_date=f"{in_days(-2)} 12:00:00")
		self.assertEqual(
			(opportunity.reload().first_responded_on, opportunity.mins_to_first_response), (None, 0)
		)
		self.assertEqual((opportunity.status, opportunity.waiting_for), ("Replied", "Them"))

	def test_one_from_before_the_pause_wakes_nobody_if_we_answered_it(self):
		opportunity = make_opportunity()
		at = get_datetime(opportunity.creation)
		make_mail(opportunity, communication_date=at)
		opportunity.reload().pause(in_days(9))
		make_mail(opportunity, "Received", communication_date=add_to_date(at, hours=-3))
		self.assertEqual((opportunity.reload().status, opportunity.waiting_for), ("Paused", "Them"))

	def test_one_that_nobody_answered_wakes_and_reopens(self):
		"""They wrote after our last mail; it was fetched only after the pause or the closing."""
		for status in ("Paused", "Closed"):
			opportunity = make_opportunity()
			at = add_to_date(get_datetime(opportunity.creation), hours=-5)
			make_mail(opportunity, communication_date=at)
			if status == "Paused":
				opportunity.reload().pause(in_days(9))
			else:
				closed = {
					"status": "Closed",
					"own_status": "Closed",
					"auto_closed": 1,
					"closed_on": in_days(0),
				}
				frappe.db.set_value("Opportunity", opportunity.name, closed)
			make_mail(opportunity, "Received", communication_date=add_to_date(at, hours=1))
			self.assertEqual((opportunity.reload().status, opportunity.waiting_for), ("Open", "Us"))

	def test_what_is_put_on_the_opportunity_later_counts_by_its_time(self):
		opportunity, elsewhere = make_opportunity(), make_opportunity()
		at = get_datetime(opportunity.creation)
		make_mail(opportunity, "Received", communication_date=add_to_date(at, hours=2))
		for hours, relink in ((1, relink_as_desk), (3, relink_as_document)):
			mail = make_mail(elsewhere, communication_date=add_to_date(at, hours=hours))
			relink(mail, opportunity)
		self.assertEqual(
			(opportunity.reload().status, opportunity.waiting_for, opportunity.contacted_out),
			("Replied", "Them", 2),
		)
		self.assertEqual(opportunity.mins_to_first_response, 60)


def relink_as_desk(mail, opportunity):
	override = frappe.get_hooks("override_whitelisted_methods")["frappe.email.relink"][-1]
	frappe.get_attr(override)(
		name=mail.name, reference_doctype="Opportunity", reference_name=opportunity.name
	)


def relink_as_document(mail, opportunity):
	mail.reload()
	mail.reference_name = opportunity.name
	mail.save()
