"""Who may not change a record does not, by no path; who may, does."""

import frappe

from crm_pipeline.tests.factories import make_party_opportunity, make_quotation
from crm_pipeline.tests.matrix import asking, own, paths
from crm_pipeline.tests.matrix.asking import Judge
from crm_pipeline.tests.matrix.case import MatrixTestCase, add_test_for_each_kind
from crm_pipeline.tests.matrix.judging import NOT_OFFERED
from crm_pipeline.tests.matrix.table import RIGHTS
from crm_pipeline.tests.matrix.write_paths import LEFT_TO_READERS

# What hangs on a document: the fields by which.
HANGING = {
	"ToDo": ("reference_type", "reference_name"),
	"Comment": ("reference_doctype", "reference_name"),
	"Communication": ("reference_doctype", "reference_name"),
	"DocShare": ("share_doctype", "share_name"),
	"File": ("attached_to_doctype", "attached_to_name"),
	"Tag Link": ("document_type", "document_name"),
	"Event Participants": ("reference_doctype", "reference_docname"),
}
# Tasks and files may be put on what one reads; a manager undoes a batch.
PIPELINE_DOCTYPES = ("Opportunity", "Quotation", "Supplier Quotation")
FOR_READERS = (
	"assign_to.add",
	"insert of a ToDo",
	"insert of a File",
	"client.attach_file",
	"crm_pipeline.api.auto_close.undo_auto_close",
)
CHANGEABLE = ("Opportunity", "Quotation", "Supplier Quotation", "Lead", "Customer")
FEWEST_WRITES = 40  # by each


class TestWrites(MatrixTestCase):
	"""Has a test for each kind of person, made below."""

	calls = 0

	@classmethod
	def tearDownClass(cls):
		print(f"\n{cls.calls} attempts to write that are to be refused")
		super().tearDownClass()

	def check(self, kind: str):
		judge, before = Judge(self.world, self.records(), kind), self.state()
		asks = [ask for ask in asking.writes(self.world) if _is_refused(ask, kind)]
		answers = self.ask(kind, asks)
		for ask, answer in answers:
			judge.judge(ask, answer)
		calls = sum(answer.status != NOT_OFFERED for _ask, answer in answers)
		type(self).calls += calls
		if changed := [key for key, value in self.state().items() if before.get(key) != value]:
			done = [f"{ask.path} about {ask.record}" for ask, answer in answers if not answer.refuses]
			judge.violations.append(f"{kind}: changed {changed}, by one of {done}")
		self.assertGreater(calls, FEWEST_WRITES)
		self.assertAllRight(judge.violations)

	def test_what_is_done(self):
		asks = [
			ask
			for key in CHANGEABLE
			for ask in paths.to_write(key, self.world.records[key])
			if ask.path == "PUT resource"
		]
		answers = self.ask("manager", asks) + self.ask("flat", asks[:1])
		self.assertEqual(
			{
				(ask.record, answer.status, answer.body[:300] if answer.refuses else "")
				for ask, answer in answers
			},
			{(key, 200, "") for key in CHANGEABLE},
		)

	def test_methods_of_documents_let_pass_who_may_write(self):
		quotation, opportunity = make_quotation(submit=False), make_party_opportunity()
		self.world.keep(frappe.get_doc("Item", opportunity.items[0].item_code))
		for doc in (quotation, opportunity):
			self.world.keep(frappe.get_doc("Customer", doc.party_name))
			self.world.keep(doc)
		names = {"Opportunity": opportunity.name, "Quotation": quotation.name}
		asks = [ask for ask in own.writes(self.world, names) if ask.record in names]
		asks = [ask for ask in asks if "hand_over" not in ask.path and "_rule" not in ask.path]
		refused = {
			(ask.path, answer.body[:200])
			for ask, answer in self.ask("manager", asks)
			if answer.status in (401, 403, 404) or (answer.status >= 500 and answer.status != NOT_OFFERED)
		}
		self.assertFalse(refused)

	def state(self) -> dict:
		"""The stored values of every record of the world, and what hangs on those of the hidden chain."""
		records = [record for _key, record in self.records()]
		state = {
			(each.doctype, each.name): self.stored(each) for each in records if each.doctype != each.name
		}
		names = [each.name for each in records]
		for doctype, (_kind, field) in HANGING.items():
			if frappe.db.exists("DocType", doctype):
				state[doctype] = frappe.get_all(
					doctype, {field: ["in", names]}, pluck="name", order_by="name"
				)
		state["Selling Settings"] = frappe.db.get_singles_dict("Selling Settings")
		return state

	def stored(self, record) -> dict | None:
		"""What is stored of a record; without what Frappe notes on those of which it lets everybody have tasks."""
		row = frappe.db.get_value(record.doctype, record.name, "*", as_dict=True)
		if row is None or record in self.chain.records:
			return row
		return {field: value for field, value in row.items() if not field.startswith("_")}


def _is_refused(ask, kind: str) -> bool:
	right = RIGHTS[ask.record][kind]
	if right == "r" and ask.path in FOR_READERS and not ask.record.startswith(PIPELINE_DOCTYPES):
		return False
	return right == "-" or (right == "r" and ask.path not in LEFT_TO_READERS)


add_test_for_each_kind(TestWrites, "test_what_is_refused_to_{}")
