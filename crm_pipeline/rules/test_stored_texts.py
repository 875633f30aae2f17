"""Texts that are read from a database equal those of the rules, and are other objects."""

from datetime import date
from unittest import TestCase

from crm_pipeline.rules import aging, money, requirements, rotation, stages, status
from crm_pipeline.rules.aging import Change
from crm_pipeline.rules.money import Quote
from crm_pipeline.rules.requirements import Facts, Requirement
from crm_pipeline.rules.stages import Stage

TODAY = date(2026, 3, 15)


def stored(text: str) -> str:
	"""An equal text that is another object."""
	return "".join(text)


class TestStoredTexts(TestCase):
	def test_status(self):
		for own in ("Closed", "Converted", "Paused"):
			with self.subTest(own):
				self.assertEqual(status.derive(stored(own), ["Open"]), own)
		self.assertEqual(status.derive("Open", ["Lost", stored("Expired")]), "Lost")
		self.assertEqual(status.choices_by_hand(stored("Paused")), ["Open", "Replied", "Lost", "Closed"])

	def test_stages(self):
		talk, won = Stage(stored("Talk"), stored("Open"), 40), Stage(stored("Yes"), stored("Won"), 100)
		self.assertIs(stages.find([talk], "Talk"), talk)
		self.assertIs(stages.first_of_type([talk, won], "Won"), won)
		self.assertIs(stages.neighbour([talk, won], "Talk", +1), won)

	def test_days_in_a_stage(self):
		self.assertEqual(
			aging.days_in_stage([Change(date(2026, 3, 1), "Created", stored("Paused"))], TODAY), 0
		)

	def test_requirements(self):
		facts = Facts(filled=("territory",), items=1, last_contact=None, supplier_quotation=False)
		met = [Requirement(stored("Field"), "territory"), Requirement(stored("Item"))]
		self.assertEqual(requirements.missing(met, facts, TODAY), [])

	def test_rates(self):
		self.assertEqual(money.effective_rate([], stored("EUR"), "EUR", TODAY), 1)
		direct = Quote(TODAY, stored("EUR"), "USD", 1.25)
		self.assertEqual(money.effective_rate([direct], "EUR", "USD", TODAY), 1.25)

	def test_turns(self):
		leaver = stored("ada")
		self.assertEqual(rotation.last_after_removal(("ben", "ada"), leaver, "ada"), "ben")
		self.assertIsNone(rotation.last_after_removal(("ada",), leaver, leaver))
