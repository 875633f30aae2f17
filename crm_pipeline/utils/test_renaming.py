"""What is renamed while others ask for it."""

from unittest.mock import patch

import frappe

from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import make_stage, unique


class TestCached(TestCase):
	def test_what_others_cached_until_the_commit_is_not_kept(self):
		stage = make_stage()
		frappe.db.after_commit.run()
		with patch.object(frappe, "clear_cache") as clear:
			frappe.rename_doc("Sales Stage", stage.name, unique("Renamed"))
			clear.reset_mock()
			frappe.db.after_commit.run()
		clear.assert_called_once_with()
