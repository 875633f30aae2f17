"""A hidden record that is asked for by its name answers as a name that does not exist."""

import re

import frappe

from crm_pipeline.tests.matrix import asking
from crm_pipeline.tests.matrix.case import MatrixTestCase
from crm_pipeline.tests.matrix.judging import NOT_OFFERED, comparable, difference
from crm_pipeline.tests.matrix.table import HIDDEN_CHAIN, RIGHTS, read_table

KINDS = ("other", "bound", "website")  # whom settings, User Permissions and roles keep from it
HIDDEN = tuple(read_table(HIDDEN_CHAIN))
FEWEST_PAIRS = 600


class TestHiddenNames(MatrixTestCase):
	def test_as_one_that_does_not_exist(self):
		missing = {
			key: missing_name(self.world.records[key].name) for key in HIDDEN if key in self.world.records
		}
		violations, pairs = [], 0
		for kind in KINDS:
			there = self.ask(kind, self.named_asks(kind))
			nowhere = self.ask(kind, self.named_asks(kind, missing))
			for (ask, answer), (_ask, other) in zip(there, nowhere, strict=True):
				pairs += answer.status != NOT_OFFERED
				name = self.world.records[ask.record].name
				if told := difference(comparable(answer, name), comparable(other, missing[ask.record])):
					violations.append(f"{kind}: {ask.path} about {ask.record}: {told}")
		print(f"\n{pairs} pairs of answers compared")
		self.assertGreater(pairs, FEWEST_PAIRS)
		self.assertAllRight(violations)

	def named_asks(self, kind: str, names: dict[str, str] | None = None) -> list:
		"""Questions and attempts to change something, about what this kind of person may not see."""
		asks = asking.named_reads(self.world, names) + asking.writes(self.world, names)
		return [ask for ask in asks if ask.record in HIDDEN and RIGHTS[ask.record][kind] == "-"]


def missing_name(name: str) -> str:
	"""A name that looks like this one and is nobody's."""
	if re.fullmatch(r"[0-9a-z]{10}", name):
		return frappe.generate_hash(length=10)
	return re.sub(r"\d+$", lambda number: "9" * len(number[0]), name)
