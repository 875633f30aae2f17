"""Installing and uninstalling leaves every table as it was: on a site of its own, in a process that commits."""

import os
import subprocess
import sys
from pathlib import Path

import frappe

from crm_pipeline.commands.test_commands_site import BENCH, is_bench
from crm_pipeline.tests.base import TestCase


def host_command(*words: str) -> subprocess.CompletedProcess:
	"""Run a command of the host in a process of its own."""
	return python("-m", *([BENCH, "frappe"] if is_bench() else ["embedded"]), *words)


def python(*words: str) -> subprocess.CompletedProcess:
	done = subprocess.run(
		[sys.executable, *words],
		cwd=os.path.abspath(frappe.local.sites_path),
		env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
		stdin=subprocess.DEVNULL,
		capture_output=True,
		text=True,
		timeout=600,
	)
	if done.returncode:
		raise AssertionError(done.stdout[-2000:] + done.stderr[-4000:])
	return done


def root_of_database() -> list[str]:
	"""Options that let `new-site` and `drop-site` make and drop a database; none are needed on SQLite."""
	if frappe.conf.db_type == "sqlite":
		return []
	password = os.environ.get("DB_ROOT_PASSWORD") or frappe.conf.root_password
	if not password:
		raise AssertionError(
			"This test makes a site. Give the database's root by DB_ROOT_PASSWORD (and by DB_ROOT_USERNAME, unless "
			"it is root), or by root_password in common_site_config.json."
		)
	usual = "postgres" if frappe.conf.db_type == "postgres" else "root"
	user = os.environ.get("DB_ROOT_USERNAME") or frappe.conf.root_login or usual
	return ["--db-root-username", user, "--db-root-password", password]


class TestLeaving(TestCase):
	def setUp(self):
		super().setUp()
		self.site = f"leaving-{frappe.generate_hash(length=8)}.localhost"

	def make_site(self):
		if not is_bench():
			folder = Path(
				frappe.local.sites_path, self.site
			)  # else it is made where the checkout has its sites
			folder.mkdir()
			(folder / "site_config.json").write_text("{}")
			host_command("--site", self.site, "new-site")
			return
		kind, root = ["--db-type", frappe.conf.db_type or "mariadb"], root_of_database()
		host_command("new-site", self.site, *kind, *root, "--admin-password", "admin")
		self.addCleanup(host_command, "drop-site", self.site, *root, "--no-backup", "--force")

	def test_every_table_is_as_before(self):
		self.make_site()
		done = python("-m", "crm_pipeline.tests.leaving", self.site)
		said = [line for line in done.stdout.splitlines() if line.startswith(("+ ", "- "))]
		self.assertEqual(said, [])
