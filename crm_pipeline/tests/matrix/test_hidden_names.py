"""A hidden record that is asked for by its name answers as a name that does not exist.

Asked are the records whose names can be guessed, since they are numbers of a series. Rows, history, and what Frappe
hangs on a record have random names.
"""

import re

import frappe

from crm_pipeline.tests.matrix import asking
from crm_pipeline.tests.matrix.case import MatrixTestCase
from crm_pipeline.tests.matrix.judging import NOT_OFFERED, comparable, difference
from crm_pipeline.tests.matrix.table import RIGHTS

KINDS = ("other", "bound", "website")  # whom settings, User Permissions and roles keep from it
HIDDEN = ("Opportunity", "Quotation", "Supplier Quotation")
# By these Frappe tells that a name is taken, and no more of it: it asks for the record before the right, or for both at
# different moments. docs/administration.md says so.
LEFT_TO_FRAPPE = frozenset(
	(
		"bulk_update",
		"client.get_doc_permissions",
		"client.has_permission",
		"client.rename_doc",
		"communication.email.make",
		"form.linked_with.get",
		"form.load.getdoc",
		"form.utils.get_next",
		"form.utils.get_next, back",
		"get_submitted_linked_docs",
		"insert of a Comment",
		"insert of a DocShare",
		"insert of a Event",
		"insert of a Tag Link",
		"print page",
		"share.add",
		"share.get_users",
		"share.set_permission",
		# for who has no role at all
		"website: insert of a File",
		"website: insert of a ToDo",
	)
)
# Tracebacks name the line that refused; System Settings can keep them from clients. Moments are those of the answer.
MASKED = re.compile(
	r'Traceback \(most recent call last\).*?(?<!\\)"|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+|"now":\s*"[^"]*"'
	r'|"_exc_source":\s*"[^"]*",?',  # follows from the traceback
	re.DOTALL,
)
FEWEST_PAIRS = 200


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
				if told := difference(masked(answer, name), masked(other, missing[ask.record])):
					violations.append(f"{kind}: {ask.path} about {ask.record}: {told}")
		print(f"\n{pairs} pairs of answers compared")
		self.assertGreater(pairs, FEWEST_PAIRS)
		self.assertAllRight(violations)

	def named_asks(self, kind: str, names: dict[str, str] | None = None) -> list:
		"""Questions and attempts to change something, about what this kind of person may not see."""
		asks = asking.named_reads(self.world, names) + asking.writes(self.world, names)
		return [
			ask
			for ask in asks
			if ask.record in HIDDEN
			and RIGHTS[ask.record][kind] == "-"
			and LEFT_TO_FRAPPE.isdisjoint((ask.path, f"{kind}: {ask.path}"))
		]


def masked(answer, name: str) -> tuple:
	status, body, headers = comparable(answer, name)
	return status, MASKED.sub("", body), headers


def missing_name(name: str) -> str:
	"""A name that looks like this one and is nobody's."""
	if re.fullmatch(r"[0-9a-z]{10}", name):
		return frappe.generate_hash(length=10)
	return re.sub(r"\d+$", lambda number: "9" * len(number[0]), name)
