"""A test case with the people and the world of the matrix, made once for all its tests."""

import frappe

from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.matrix.asking import asked_by
from crm_pipeline.tests.matrix.judging import send_all
from crm_pipeline.tests.matrix.people import PEOPLE
from crm_pipeline.tests.matrix.world import World


def add_test_for_each_kind(case: type, pattern: str) -> None:
	"""Give a test case that has `check(kind)` a test for each kind of person; `pattern` names them."""
	for kind in PEOPLE:
		setattr(case, pattern.format(kind), lambda self, kind=kind: self.check(kind))


class MatrixTestCase(TestCase):
	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		frappe.set_user("Administrator")
		cls.world = World()
		cls.addClassCleanup(cls.world.remove)
		cls.chain = cls.world.hide()
		frappe.db.commit()

	def undo(self):
		frappe.set_user("Administrator")
		frappe.db.rollback()

	def records(self) -> list:
		"""All records with their row in the table."""
		masters = [each for each in self.world.records.items() if each[1] not in self.chain.records]
		return [*masters, *((record.doctype, record) for record in self.chain.records)]

	def ask(self, kind: str, asks: list) -> list:
		"""Requests of one kind of person with their answers."""
		people = self.world.people
		asks = asked_by(people.users[kind], asks)
		return list(zip(asks, send_all(asks, people.headers[kind]), strict=True))

	def assertAllRight(self, violations: list[str]):
		"""Fail with every violation there is, not only with the first."""
		if violations:
			self.fail(f"{len(violations)} violations:\n" + "\n".join(violations))
