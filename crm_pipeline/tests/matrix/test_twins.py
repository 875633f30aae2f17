"""Sites that differ only in hidden opportunities answer byte for byte alike to who may not see these."""

import frappe

from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.matrix import asking
from crm_pipeline.tests.matrix.case import asked_by
from crm_pipeline.tests.matrix.core_decides import records_told_by
from crm_pipeline.tests.matrix.judging import NOT_OFFERED, comparable, difference, send_all
from crm_pipeline.tests.matrix.table import HIDDEN_CHAIN, read_table
from crm_pipeline.tests.matrix.twin_sites import Twins
from crm_pipeline.tests.matrix.world import World

KINDS = ("other", "purchaser")
FEWEST_PAIRS = 600

CHAIN = tuple(read_table(HIDDEN_CHAIN))


class TestTwins(TestCase):
	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		frappe.set_user("Administrator")
		cls.world = World()
		cls.addClassCleanup(cls.world.remove)
		cls.twins = Twins(cls.world)
		cls.addClassCleanup(cls.twins.remove)

	def undo(self):
		frappe.set_user("Administrator")
		frappe.db.rollback()

	def test_answers_are_alike(self):
		with self.at(frappe.utils.now()):
			site = self.twins.hide()
			asks = [ask for ask in asking.reads(self.world) if not self.names_what_is_hidden(ask)]
			with_hidden = {kind: self.answers(kind, asks, site) for kind in KINDS}
			site = self.twins.show()
			without = {kind: self.answers(kind, asks, site) for kind in KINDS}
		violations, pairs = [], 0
		for kind in KINDS:
			for ask, one, two in zip(asks, with_hidden[kind], without[kind], strict=True):
				pairs += one.status != NOT_OFFERED
				told = difference(comparable(one), comparable(two))
				if told and not records_told_by(ask.path, ask.record):
					violations.append(f"{kind}: {ask.path} about {ask.record}: {told}")
		print(f"\n{pairs} pairs of answers of {'two sites' if self.twins.are_two else 'two states'} compared")
		self.assertGreater(pairs, FEWEST_PAIRS)
		self.assertFalse(violations, f"{len(violations)} differences:\n" + "\n".join(violations))

	def answers(self, kind: str, asks: list, site: str) -> list:
		people = self.world.people
		return send_all(asked_by(people.users[kind], asks), people.headers[kind], site)

	def names_what_is_hidden(self, ask) -> bool:
		"""Questions by name are those of `test_hidden_names`."""
		return ask.record in CHAIN and self.world.records[ask.record].name in ask.sent()
