"""Sites of a test's own, made and used by the host's commands in processes of their own, which commit."""

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


class OwnSiteCase(TestCase):
	"""Makes sites, and drops those of a bench again; those of the embedded host go with the folder of the sites."""

	def make_site(self, purpose: str) -> str:
		"""Return the name of a new site without the app."""
		site = f"{purpose}-{frappe.generate_hash(length=8)}.localhost"
		if not is_bench():
			folder = Path(frappe.local.sites_path, site)  # else it is made where the checkout has its sites
			folder.mkdir()
			(folder / "site_config.json").write_text("{}")
			host_command("--site", site, "new-site")
			return site
		kind, root = ["--db-type", frappe.conf.db_type or "mariadb"], root_of_database()
		host_command("new-site", site, *kind, *root, "--admin-password", "admin")
		self.addCleanup(host_command, "drop-site", site, *root, "--no-backup", "--force")
		return site
