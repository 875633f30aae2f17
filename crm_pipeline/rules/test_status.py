"""Every change of status that may be asked for, and none besides."""

from itertools import product
from unittest import TestCase

from crm_pipeline.rules import status

CAUSES = {
	"h": status.BY_HAND,
	"m": status.BY_METHOD,
	"e": status.BY_MAIL,
	"a": status.BY_ANSWERED_MAIL,
	"j": status.BY_JOB,
}
STATUSES = ("Open", "Replied", "Quotation", "Paused", "Converted", "Lost", "Closed")
# From the row's status to the column's: by hand (h), by a method (m), by e-mail (e), by theirs that arrives after our
# answer to it (a), by a job (j).
TABLE = """
	Open       -    he    -  hm    m  hm  h
	Replied    he   -     -  hm    m  hm  hj
	Quotation  e    e     -  hm    m  hm  h
	Paused     hmej hmaj  -  hm    m  hm  h
	Converted  hm   -     -  -     -  -   -
	Lost       hm   -     -  -     -  -   -
	Closed     hm   -     -  -     -  -   -
"""
REOPENED_BY_MAIL = {("Closed", "Open", status.BY_MAIL), ("Closed", "Replied", status.BY_ANSWERED_MAIL)}


def allowed() -> set[tuple[str, str, str]]:
	"""Read the table: from which status to which one by what cause."""
	return {
		(old, new, CAUSES[letter])
		for old, *cells in (line.split() for line in TABLE.strip().splitlines())
		for new, cell in zip(STATUSES, cells, strict=True)
		for letter in cell.strip("-")
	}


class TestTransitions(TestCase):
	def assertTable(self, expected: set, auto_closed: bool):
		for step in product(STATUSES, STATUSES, CAUSES.values()):
			with self.subTest(step=step):
				self.assertIs(status.may_change(*step, auto_closed=auto_closed), step in expected)

	def test_the_table(self):
		self.assertTable(allowed(), auto_closed=False)
		self.assertFalse(status.may_change("Closed", "Open", status.BY_MAIL))

	def test_a_mail_reopens_what_a_job_closed_and_nothing_else(self):
		self.assertTable(allowed() | REOPENED_BY_MAIL, auto_closed=True)

	def test_it_is_all_there_is(self):
		written = {(*step, cause) for step, causes in status.TRANSITIONS.items() for cause in causes}
		self.assertEqual(written, allowed())
		causes = {value for name, value in vars(status).items() if name.startswith("BY_")}
		self.assertEqual(causes, set(CAUSES.values()))
		self.assertEqual(status.IN_PLAY | status.ENDED, set(STATUSES))
		self.assertFalse(status.may_change("Draft", "Open", status.BY_HAND))

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

	def test_as_texts_come_from_a_database(self):
		for own in ("Closed", "Converted", "Paused", "Lost"):
			self.assertEqual(status.derive("".join(own), ()), own)
		self.assertEqual(status.derive("Open", ["".join("Expired")]), "Open")

	def expected(self, own: str, quotations: set[str]) -> str:
		order = ("Closed", "Converted", "Paused", "Quotation", "Lost", own)
		holds = {own}
		holds |= {"Converted"} if "Ordered" in quotations else set()
		holds |= {"Quotation"} if "Open" in quotations else set()
		holds |= {"Lost"} if quotations - {"Expired"} == {"Lost"} else set()
		return next(each for each in order if each in holds)
