"""A disk that is full in the middle of writing: what was said to be done is kept, what is refused leaves nothing."""

import sqlite3

from embedded.tests.sites import SiteCase

SITE = "full.localhost"
SPARE = 12  # pages that are left when it begins to write
# As a disk: SQLite takes no more pages than it is allowed. Each opportunity is committed, and then told.
WRITE = f"""
import embedded; embedded.activate()
import frappe
frappe.init("{SITE}")
frappe.connect()
frappe.set_user("Administrator")
[[pages]] = frappe.db.sql("pragma page_count")
frappe.db.sql(f"pragma max_page_count={{pages + {SPARE}}}")
while True:
	opportunity = frappe.get_doc({{"doctype": "Opportunity", "title": "Racks", "customer_need": "x" * 5000}})
	opportunity.insert()
	frappe.db.commit()
	print(opportunity.name, flush=True)
"""


class TestFullDisk(SiteCase):
	site = SITE

	def names_in(self, table: str, column: str) -> list[str]:
		with sqlite3.connect(self.sites / SITE / "db.sqlite3") as database:
			return [
				name for (name,) in database.execute(f"select {column} from `tab{table}` order by {column}")
			]

	def test_what_was_committed_is_kept_and_the_rest_is_refused(self) -> None:
		made = self.run_host("new-site", "--install-app", "crm_pipeline")
		self.assertEqual(made.returncode, 0, made.stderr)
		written = self.run_python("-c", WRITE)
		self.assertEqual(written.returncode, 1)
		self.assertIn("database or disk is full", written.stderr.splitlines()[-1])
		told = written.stdout.split()
		self.assertGreater(len(told), 1)
		self.assertEqual(self.names_in("Opportunity", "name"), told)
		self.assertEqual(self.names_in("Pipeline Change", "opportunity"), told)

		checked = self.run_host("crm-pipeline", "check")
		self.assertEqual(checked.returncode, 0, checked.stdout)
		lead = "[{'doctype': 'Lead', 'first_name': 'Ada'}]"
		again = self.run_host("execute", "frappe.client.insert", "--args", lead)
		self.assertEqual(again.returncode, 0, again.stderr)
		self.assertEqual(self.names_in("Lead", "first_name"), ["Ada"])
