"""Every change of status that may be asked for, and none besides."""

from itertools import product
from unittest import TestCase

from crm_pipeline.rules import status

CAUSES = {"h": status.BY_HAND, "m": status.BY_METHOD, "e": status.BY_MAIL, "j": status.BY_JOB}
STATUSES = ("Open", "Replied", "Quotation", "Paused", "Converted", "Lost", "Closed")
# From the row's status to the column's: by hand (h), by a method (m), by e-mail (e), by a job (j).
TABLE = """
	Open       -    he   -  hm    m  hm  h
	Replied    he   -    -  hm    m  hm  hj
	Quotation  e    e    -  hm    m  hm  h
	Paused     hmej hmj  -  hm    m  hm  h
	Converted  hm   -    -  -     -  -   -
	Lost       hm   -    -  -     -  -   -
	Closed     hm   -    -  -     -  -   -
"""


class TestTransitions(TestCase):
	def setUp(self):
		lines = [line.split() for line in TABLE.strip().splitlines()]
		self.allowed = {
			(old, new, CAUSES[letter])
			for old, *cells in lines
			for new, cell in zip(STATUSES, cells, strict=True)
			for letter in cell.strip("-")
		}

	def test_the_table(self):
		for old, new, cause in product(STATUSES, STATUSES, CAUSES.values()):
			with self.subTest(old=old, new=new, cause=cause):
				self.assertEqual(status.may_change(old, new, cause), (old, new, cause) in self.allowed)

	def test_an_answer_reopens_what_a_job_closed_and_nothing_else(self):
		for old, new, cause in product(STATUSES, STATUSES, CAUSES.values()):
			with self.subTest(old=old, new=new, cause=cause):
				expected = (old, new, cause) in {*self.allowed, ("Closed", "Open", "mail")}
				self.assertEqual(status.may_change(old, new, cause, auto_closed=True), expected)

	def test_what_a_form_offers(self):
		offered = {old: status.choices_by_hand(old) for old in STATUSES}
		self.assertEqual(
			offered,
			{
				"Open": ["Replied", "Paused", "Lost", "Closed"],
				"Replied": ["Open", "Paused", "Lost", "Closed"],
				"Quotation": ["Paused", "Lost", "Closed"],
				"Paused": ["Open", "Replied", "Lost", "Closed"],
				"Converted": ["Open"],
				"Lost": ["Open"],
				"Closed": ["Open"],
			},
		)

	def test_a_status_is_in_play_or_ended(self):
		self.assertEqual(status.IN_PLAY, {"Open", "Replied", "Quotation", "Paused"})
		self.assertEqual(status.ENDED, {"Converted", "Lost", "Closed"})


class TestDerivedStatus(TestCase):
	def test_all_combinations(self):
		states = ("Open", "Ordered", "Lost", "Expired")
		for own in (each for each in STATUSES if each != "Quotation"):
			for present in product((False, True), repeat=len(states)):
				quotations = [state for state, there in zip(states, present, strict=True) if there]
				with self.subTest(own=own, quotations=quotations):
					self.assertEqual(status.derive(own, quotations), self.expected(own, set(quotations)))
		self.assertEqual(status.derive("Replied"), "Replied")

	def expected(self, own: str, quotations: set[str]) -> str:
		order = ("Closed", "Converted", "Paused", "Quotation", "Lost", own)
		holds = {own}
		holds |= {"Converted"} if "Ordered" in quotations else set()
		holds |= {"Quotation"} if "Open" in quotations else set()
		holds |= {"Lost"} if quotations - {"Expired"} == {"Lost"} else set()
		return next(each for each in order if each in holds)
