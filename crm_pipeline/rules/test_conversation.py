"""What each of several contacts says, whatever order they become known in."""

from datetime import datetime, timedelta
from unittest import TestCase

from crm_pipeline.rules.conversation import Contact, is_late, status_asked, waiting_began

BEGIN = datetime(2026, 3, 2, 9)


def at(minute: int) -> datetime:
	return BEGIN + timedelta(minutes=minute)


def contacts(*moments: int) -> list[Contact]:
	"""Ours at positive minutes, theirs at negative ones."""
	return [Contact(at(abs(minute)), minute > 0) for minute in moments]


def as_stored(text: str) -> str:
	"""Return the text as a database gives it: an object of its own."""
	return "".join(text)


class TestContact(TestCase):
	def test_it_is_a_mail_unless_said_otherwise(self):
		self.assertIs(Contact(BEGIN, True).is_mail, True)


class TestTurn(TestCase):
	def assertBegan(self, turn: str, expected: int | None, *moments: int):
		turn = as_stored(turn)
		for order in (moments, moments[::-1]):
			with self.subTest(turn=turn, order=order):
				began = waiting_began(iter(contacts(*order)), turn)
				self.assertEqual(began, None if expected is None else at(expected))

	def test_with_their_first_word_after_our_last(self):
		self.assertBegan("Us", 3, 1, -3, -5)
		self.assertBegan("Us", 3, -1, 2, -3, -5)
		self.assertBegan("Us", 1, -1, -5)

	def test_with_our_first_word_after_their_last(self):
		self.assertBegan("Them", 3, -1, 3, 5)
		self.assertBegan("Them", 3, 1, -2, 3, 5)
		self.assertBegan("Them", 2, 2)

	def test_in_the_same_second_ours_answers_theirs(self):
		self.assertBegan("Them", 4, -4, 4, 6)
		self.assertBegan("Us", 6, 4, -4, -6)
		self.assertBegan("Us", None, 4, -4)

	def test_without_a_word_there_is_none(self):
		self.assertBegan("Us", None)
		self.assertBegan("Them", None, -1)
		self.assertBegan("Us", None, 1)


class TestLate(TestCase):
	def test_before_any_that_is_known(self):
		for known, late in (
			((), False),
			((None, None), False),
			((at(5), None), False),
			((at(6), None), True),
			((None, at(6)), True),
			((at(4), at(6)), True),
			((at(4), at(5)), False),
		):
			with self.subTest(known=known):
				self.assertIs(is_late(at(5), *known), late)


class TestStatusAsked(TestCase):
	ours, theirs = Contact(at(5), True), Contact(at(5), False)

	def test_ours_asks_for_replied_if_it_is_the_last_word(self):
		for since in (None, at(1), at(9)):
			self.assertEqual(status_asked(self.ours, as_stored("Them"), since), ("Replied", "mail"))
			self.assertIsNone(status_asked(self.ours, "Us", since))
			self.assertIsNone(status_asked(self.ours, "Nobody", since))

	def test_theirs_asks_for_open_if_it_is_the_last_word(self):
		for since in (None, at(1), at(9)):
			self.assertEqual(status_asked(self.theirs, as_stored("Us"), since), ("Open", "mail"))

	def test_theirs_that_was_answered_asks_for_replied_if_written_in_the_present_status(self):
		answered = ("Replied", "answered mail")
		second = timedelta(seconds=1)
		for since, expected in (
			(None, answered),
			(at(1), answered),
			(at(5), answered),
			(at(5) + timedelta(microseconds=999_999), answered),
			(at(5) + second, None),
			(at(9), None),
		):
			with self.subTest(since=since):
				self.assertEqual(status_asked(self.theirs, "Them", since), expected)
