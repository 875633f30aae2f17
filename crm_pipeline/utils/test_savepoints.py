"""What is undone to a savepoint leaves the rest of a transaction, also where a lock is asked for anew afterwards."""

from unittest.mock import patch

import frappe

from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import make_lead
from crm_pipeline.utils import locking
from crm_pipeline.utils.locking import lock_first, undo_to


class Conflict(Exception):
	"""Somebody has changed the row meanwhile."""


class TestSavepoints(TestCase):
	def test_what_was_written_before_is_not_thrown_away(self):
		before = make_lead()
		frappe.db.savepoint("a_try")
		undone = make_lead()
		undo_to("a_try")
		self.assertFalse(frappe.db.exists("Lead", undone.name))
		with patch.object(locking, "is_serialization_failure", return_value=True):
			with self.assertRaises(Conflict):
				lock_first(self.fail_for_a_conflict)
		self.assertTrue(frappe.db.exists("Lead", before.name))

	def fail_for_a_conflict(self):
		raise Conflict
