"""Who is told what: every path by every kind of person."""

import time

import frappe

from crm_pipeline.tests.matrix import asking
from crm_pipeline.tests.matrix.asking import Judge
from crm_pipeline.tests.matrix.case import MatrixTestCase, add_test_for_each_kind
from crm_pipeline.tests.matrix.judging import NOT_OFFERED
from crm_pipeline.tests.matrix.table import RIGHTS
from crm_pipeline.tests.matrix.world import LEVEL

FEWEST_READS = 450  # by each; a bench answers to more than twice as many


class TestMatrix(MatrixTestCase):
	"""Has a test for each kind of person, made below."""

	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		cls.calls, cls.not_offered, cls.by_core, cls.began = 0, set(), set(), time.monotonic()

	@classmethod
	def tearDownClass(cls):
		print(f"\n{cls.calls} questions asked in {time.monotonic() - cls.began:.0f} s")
		print(f"{len(cls.not_offered)} paths are not offered here:", *sorted(cls.not_offered), sep="\n  ")
		print(f"{len(cls.by_core)} answers are for Frappe alone to mend:", *sorted(cls.by_core), sep="\n  ")
		super().tearDownClass()

	def test_every_row_of_the_table_has_a_record(self):
		rows = {key for key in RIGHTS if key == LEVEL or frappe.db.exists("DocType", key)}
		self.assertEqual({key for key, _record in self.records()}, rows)

	def check(self, kind: str):
		judge = Judge(self.world, self.records(), kind)
		answers = self.ask(kind, asking.reads(self.world))
		for ask, answer in answers:
			judge.judge(ask, answer)
		calls = sum(answer.status != NOT_OFFERED for _ask, answer in answers)
		type(self).calls += calls
		self.not_offered.update(judge.not_offered)
		self.by_core.update(judge.decided_by_core)
		self.assertGreater(calls, FEWEST_READS)
		self.assertAllRight(judge.violations)


add_test_for_each_kind(TestMatrix, "test_what_{}_is_told")
