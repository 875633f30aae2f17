"""The commands as a shell runs them, on the site of the tests, and how they end there."""

import importlib.util
import os
import subprocess
import sys
from contextlib import contextmanager
from unittest.mock import Mock, patch

import click
import frappe

from crm_pipeline.commands import site
from crm_pipeline.exceptions import BatchUnderWay
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import make
from crm_pipeline.utils.batches import LOCKED

BENCH = "frappe.utils.bench_helper"  # what bench calls, and no other host has


def is_bench() -> bool:
	try:
		return bool(importlib.util.find_spec(BENCH))
	except ModuleNotFoundError:
		return False


def run(*words: str) -> subprocess.CompletedProcess:
	"""Run a command of the app in a process of its own, on the site of the tests."""
	host = [BENCH, "frappe"] if is_bench() else ["embedded"]
	return subprocess.run(
		[sys.executable, "-m", *host, "--site", frappe.local.site, "crm-pipeline", *words],
		cwd=os.path.abspath(frappe.local.sites_path),
		env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
		capture_output=True,
		text=True,
		timeout=120,
	)


class TestShell(TestCase):
	"""Commits, since another process is to see it."""

	def undo(self):
		frappe.db.rollback()

	def test_a_command_says_what_is_due(self):
		done = run("expire", "--dry-run")
		self.assertEqual((done.returncode, done.stderr), (0, ""))
		self.assertRegex(done.stdout, r"\d+ due\.\n$")

	def test_a_refusal_leaves_its_words_and_no_traceback(self):
		batch = make("Auto Close Batch", status="Running")
		frappe.db.commit()
		try:
			refused = run("undo-auto-close", batch.name)
		finally:
			frappe.delete_doc("Auto Close Batch", batch.name, force=True)
			frappe.db.commit()
		self.assertEqual(refused.returncode, 1)
		self.assertRegex(refused.stderr, rf"(?m)^Error: .*{batch.name}")
		self.assertNotIn("Traceback", refused.stderr)


class TestOnSite(TestCase):
	@contextmanager
	def calls(self):
		"""The site is entered and left in name only."""
		calls, connection = Mock(), frappe.db
		with (
			patch.object(frappe, "init", calls.init),
			patch.object(frappe, "connect", calls.connect),
			patch.object(frappe, "destroy", calls.destroy),
			patch.object(connection, "commit", calls.commit),
		):
			yield lambda: [call[0] for call in calls.mock_calls]

	def test_what_is_left_is_committed(self):
		with self.calls() as calls, site.on_site("here"):
			pass
		self.assertEqual(calls(), ["init", "connect", "commit", "destroy"])

	def assertEnds(self, error: Exception, words: str):
		with self.calls() as calls:
			with self.assertRaises(click.ClickException) as ended, site.on_site("here"):
				raise error
		self.assertEqual(ended.exception.message, words)
		self.assertEqual(calls(), ["init", "connect", "destroy"])

	def test_a_refusal_is_printed_in_plain_text_and_commits_nothing(self):
		self.assertEnds(BatchUnderWay("<b>Not</b> yet"), "Not yet")

	def test_a_busy_database_is_no_traceback(self):
		for error in LOCKED:
			with self.subTest(error.__name__):
				self.assertEnds(
					error("lock"), "The database is busy. Run it again; it goes on where it stopped."
				)

	def test_a_mistake_is_not_hidden(self):
		with self.calls() as calls, self.assertRaises(ZeroDivisionError), site.on_site("here"):
			raise ZeroDivisionError
		self.assertEqual(calls(), ["init", "connect", "destroy"])
