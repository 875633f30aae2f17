"""What a renamed party's opportunities are called is indexed by a job, so that renaming costs the same however many there are."""

from contextlib import contextmanager
from unittest.mock import patch

import frappe

from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import make_customer, make_lead, make_opportunity, make_quotation, unique
from crm_pipeline.utils import search_index


class TestIndexedLater(TestCase):
	@contextmanager
	def jobs(self):
		"""What is to be run after the commit."""
		with patch.object(frappe, "enqueue") as enqueue:
			jobs = []
			yield jobs
		jobs += [each for each in enqueue.call_args_list if each.args == (search_index.index_in_batches,)]

	def opportunities_of(self, party) -> dict[str, set[str]]:
		opportunities = [
			make_opportunity(opportunity_from=party.doctype, party_name=party.name) for _ in range(3)
		]
		quotations = [make_quotation(opportunity, submit=False) for opportunity in opportunities]
		return {docs[0].doctype: {doc.name for doc in docs} for docs in (opportunities, quotations)}

	def indexed_by(self, jobs: list) -> dict[str, set[str]]:
		"""Run jobs in portions of two; returns the records that were indexed."""
		indexed = {}
		with (
			patch.object(search_index, "is_there", return_value=True),
			patch.object(search_index, "BATCH_SIZE", 2),
			patch.object(search_index, "index", lambda doctype, names: portions.append((doctype, names))),
			patch.object(frappe.db, "commit"),
		):
			for job in jobs:
				portions = []
				self.assertTrue(job.kwargs["enqueue_after_commit"])
				search_index.index_in_batches(job.kwargs["doctype"], job.kwargs["filters"])
				self.assertLessEqual(max(len(names) for _doctype, names in portions), 2)
				for doctype, names in portions:
					indexed.setdefault(doctype, []).extend(names)
		return {doctype: set(names) for doctype, names in indexed.items() if len(names) == len(set(names))}

	def test_renaming(self):
		for party in (make_customer(), make_lead()):
			with self.subTest(party.doctype):
				opportunities, name = self.opportunities_of(party), unique("Engines")
				with self.jobs() as jobs:
					frappe.rename_doc(party.doctype, party.name, name, force=True)
				self.assertEqual(self.indexed_by(jobs), opportunities)

	def test_another_organization(self):
		lead = make_lead(company_name=unique("Engines"))
		opportunities = self.opportunities_of(lead)
		with self.jobs() as jobs:
			lead.reload()
			lead.company_name = "New Employer"
			lead.save()
		self.assertEqual(self.indexed_by(jobs), opportunities)

	def test_statements_of_renaming_do_not_grow_with_the_number_of_opportunities(self):
		def statements(count: int) -> int:
			customer = make_customer()
			for _opportunity in range(count):
				make_opportunity(opportunity_from="Customer", party_name=customer.name)
			with (
				patch.object(search_index, "is_there", return_value=True),
				patch.object(frappe, "enqueue"),
				patch.object(frappe.db, "sql", wraps=frappe.db.sql) as spy,
			):
				frappe.rename_doc("Customer", customer.name, unique("Engines"))
			return spy.call_count

		statements(1)
		self.assertEqual(statements(2), statements(6))
