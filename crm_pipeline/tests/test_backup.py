"""A backup made by Frappe's own command comes back on another site as it was, and the site works on from there."""

import json
from pathlib import Path

import frappe
import pytest

from crm_pipeline.tests.own_site import OwnSiteCase, host_command, python, root_of_database

RESTORING = "crm_pipeline.tests.restoring"


@pytest.mark.bench_only("The embedded host has no backup, and says so")
class TestBackup(OwnSiteCase):
	def test_a_restored_site_is_the_former_one(self):
		site, other = self.make_site("kept"), self.make_site("restored")
		python("-m", RESTORING, "fill", site)
		host_command("--site", site, "backup", "--with-files")
		backup = {
			kind: self.part_of(site, kind) for kind in ("database", "files", "private-files", "site_config")
		}

		files = ["--with-public-files", backup["files"], "--with-private-files", backup["private-files"]]
		host_command(
			"--site",
			other,
			"--force",
			"restore",
			backup["database"],
			*root_of_database(),
			"--admin-password",
			"admin",
			*files,
		)
		key = json.loads(Path(backup["site_config"]).read_text())["encryption_key"]
		host_command("--site", other, "set-config", "encryption_key", key)
		done = python("-m", RESTORING, "compare", site, other)
		self.assertEqual([line for line in done.stdout.splitlines() if line.startswith("! ")], [])

	def part_of(self, site: str, kind: str) -> str:
		"""Return the path of one file of a site's backup."""
		folder = Path(frappe.local.sites_path, site, "private", "backups").resolve()
		[found] = folder.glob(f"*-{site.replace('.', '_')}-{kind}*")
		return str(found)
