"""No backup is made here, which is said aloud; what is done instead keeps everything."""

import json
import shutil

from embedded.tests.sites import SiteCase

COPY = "copied.localhost"


class TestBackups(SiteCase):
	site = "kept.localhost"

	def test_backup_and_restore_are_refused_and_write_nothing(self) -> None:
		before = sorted(self.sites.rglob("*"))
		for words in (("backup",), ("backup", "--with-files"), ("restore", "database.sql.gz")):
			with self.subTest(words):
				refused = self.run_host(*words)
				self.assertEqual(refused.returncode, 2)
				self.assertIn(
					f"The command {words[0]} is missing in the embedded host; a bench has it.", refused.stderr
				)
				self.assertIn("Copy the folder of the site while nothing serves it", refused.stderr)
		self.assertEqual(sorted(self.sites.rglob("*")), before)

	def test_a_copy_of_the_folder_is_the_site(self) -> None:
		for words in (
			("new-site", "--install-app", "crm_pipeline"),
			("crm-pipeline", "demo", "--count", "2"),
		):
			done = self.run_host(*words)
			self.assertEqual(done.returncode, 0, done.stderr)
		shutil.copytree(self.sites / self.site, self.sites / COPY)
		rows = ("execute", "frappe.get_all", "--args", "['Pipeline Change']", "--kwargs", "{'fields': ['*']}")
		former, copied = (json.loads(self.run_host(*rows, site=site).stdout) for site in (self.site, COPY))
		self.assertGreater(len(former), 2)
		self.assertEqual(copied, former)
		checked = self.run_host("crm-pipeline", "check", site=COPY)
		self.assertEqual(checked.returncode, 0, checked.stdout)
