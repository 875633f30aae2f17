"""The harness on the embedded host: what it measures, and what it refuses, each with its message and code."""

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from unittest import TestCase
from unittest.mock import patch

from benchmarks.host import ROOT
from benchmarks.lock import FILE, alone
from benchmarks.refusals import AlreadyRunning

SITE = "measured.localhost"
HOST = (sys.executable, "-m", "embedded", "--site", SITE)


class TestHarness(TestCase):
	@classmethod
	def setUpClass(cls):
		folder = tempfile.TemporaryDirectory()
		cls.addClassCleanup(folder.cleanup)
		cls.folder = Path(folder.name)
		# Where its folder is already, a site is made, and looked for.
		(cls.folder / SITE).mkdir()
		(cls.folder / SITE / "site_config.json").write_text('{"db_type": "sqlite"}')
		cls.run_in_folder(*HOST, "new-site", "--install-app", "crm_pipeline").check_returncode()

	@classmethod
	def run_in_folder(cls, *command: str) -> subprocess.CompletedProcess:
		# A lock of its own: whoever measures on this machine is not to fail the suite, nor the other way round.
		environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(cls.folder)}
		return subprocess.run(
			command, cwd=cls.folder, env=environment, capture_output=True, text=True, timeout=300
		)

	def measure(self, *options: str) -> subprocess.CompletedProcess:
		standing = ("--site", SITE, "--json", "figures.json")
		return self.run_in_folder(sys.executable, "-m", "benchmarks", *standing, *options)

	def on_site(self, statement: str, *values: str) -> list[tuple]:
		"""Run a statement on the site's database, quicker than a process of its own."""
		with closing(sqlite3.connect(self.folder / SITE / "db.sqlite3")) as database, database:
			return database.execute(statement, values).fetchall()

	def names(self) -> list[str]:
		return [name for (name,) in self.on_site("SELECT name FROM tabOpportunity")]

	def refused(self, code: int, *options: str) -> str:
		done = self.measure(*options)
		self.assertEqual(done.returncode, code, done.stderr)
		self.assertNotIn("Traceback", done.stderr)
		return done.stderr

	def test_it_measures_each_side_and_leaves_the_site_as_it_was(self):
		chosen = ("--only", "insert, customer, 5 items", "--only", "wake-ups", "--only", "list, first page")
		done = self.measure("--size", "40", "60", "--times", "3", *chosen)
		self.assertIn(done.returncode, (0, 1), done.stderr)
		document = json.loads((self.folder / "figures.json").read_text())
		found = {(each["case"], each["opportunities"]): each for each in document["results"]}
		self.assertEqual(
			[*found],
			[
				(name, size)
				for size in (40, 60)
				for name in ("insert, customer, 5 items", "list, first page", "wake-ups")
			],
		)
		self.assertEqual(document["sessions"], "one for each turn")
		for (name, _size), each in found.items():
			with self.subTest(name):
				self.assertEqual(each["failure"], "")
				self.assertIsNone(each["rival"])
				ours = each["ours"]
				self.assertTrue(0 < ours["first_quartile"] <= ours["median"] <= ours["third_quartile"])
				self.assertGreater(ours["megabytes"], 0)
				self.assertAlmostEqual(each["of_floor"], ours["median"] / each["floor"]["median"])
		self.assertEqual(found["wake-ups", 40]["ours"]["units"], 20)
		# The row, its items and the first line of its history.
		self.assertEqual(found["insert, customer, 5 items", 40]["floor"]["statements"], 3)
		self.assertEqual(self.names(), [])
		for name in ("insert, customer, 5 items", "list, first page", "wake-ups"):
			self.assertIn(name, done.stdout)

	def test_what_it_keeps_it_knows_again_and_takes_away(self):
		kept = ("--size", "30", "--times", "1", "--only", "search, manager")
		first = self.measure(*kept, "--keep")
		self.assertIn("filled in", first.stdout, first.stderr)
		self.assertEqual(len(self.names()), 30)
		self.assertNotIn("filled in", self.measure(*kept, "--keep", "--warm").stdout)
		self.assertEqual(json.loads((self.folder / "figures.json").read_text())["sessions"], "one, warm")
		self.assertEqual(self.measure("--remove").returncode, 0)
		self.assertEqual(self.names(), [])

	def test_a_site_that_others_work_with_is_refused(self):
		with self.opportunity("Of a customer") as name:
			told = self.refused(3, "--size", "30", "--times", "1", "--only", "search, manager")
			self.assertIn("1 of Opportunity", told)
			self.assertIn("--keep", told)
			self.assertEqual(self.names(), [name])

	def test_it_is_measured_beside_them_without_the_jobs_if_it_is_to_be_kept(self):
		with self.opportunity("Of a customer") as name:
			wanted = ("--only", "search, manager", "--only", "auto-close")
			done = self.measure("--size", "30", "--times", "1", "--keep", *wanted)
			self.assertEqual(done.returncode, 0, done.stderr)
			self.assertIn("Left out, as they would change these: auto-close.", done.stdout)
			self.assertEqual(self.measure("--remove").returncode, 0)
			self.assertEqual(self.names(), [name])

	@contextmanager
	def opportunity(self, title: str) -> Iterator[str]:
		self.on_site("INSERT INTO tabOpportunity (name, title) VALUES (?, ?)", "OPP-1", title)
		try:
			yield "OPP-1"
		finally:
			self.on_site("DELETE FROM tabOpportunity WHERE name = ?", "OPP-1")

	def test_two_at_once_are_refused(self):
		with alone(self.folder / FILE.name):
			told = self.refused(5, "--only", "search, manager")
		self.assertIn(f"process {os.getpid()}", told)
		self.assertIn("wait", told)

	def test_the_lock_goes_with_whoever_holds_it(self):
		lock = self.folder / "own.lock"
		with alone(lock), self.assertRaises(AlreadyRunning), alone(lock):
			pass
		with alone(lock):
			self.assertIn(f"process {os.getpid()}", lock.read_text())

	def test_a_rival_that_is_not_there_is_refused(self):
		bench = self.folder / "no-bench"
		told = self.refused(4, "--rival-bench", str(bench), "--against", "rival.localhost")
		self.assertIn(f"{bench} is no bench", told)
		self.make_bench(bench, "exit 9")
		told = self.refused(4, "--rival-bench", str(bench), "--against", "other.localhost")
		self.assertIn("has no site other.localhost", told)
		told = self.refused(4, "--rival-bench", str(bench), "--against", "rival.localhost")
		self.assertIn("has ended with 9", told)
		self.assertEqual(self.names(), [])

	def test_a_rival_that_is_not_set_up_is_refused(self):
		bench = self.folder / "without-erpnext"
		error = {"number": 1, "error": "NotReady: ERPNext is not installed there."}
		self.make_bench(bench, f"echo '{json.dumps(error)}'; read line")
		told = self.refused(4, "--rival-bench", str(bench), "--against", "rival.localhost")
		self.assertIn(f"rival.localhost of {bench} cannot be measured: {error['error']}", told)

	def test_a_rival_that_others_work_with_is_refused(self):
		bench = self.folder / "with-erpnext"
		late = {"number": 0, "answer": {"Lead": 1}}
		found = {"number": 1, "answer": {"Opportunity": 7, "Lead": 1200}}
		self.make_bench(bench, f"echo '{json.dumps(late)}'; echo '{json.dumps(found)}'; read line")
		told = self.refused(3, "--rival-bench", str(bench), "--against", "rival.localhost")
		self.assertIn(
			"rival.localhost has records that no benchmark has made: 7 of Opportunity, 1,200 of Lead", told
		)

	@staticmethod
	def make_bench(bench: Path, script: str) -> None:
		"""Make what looks like a bench with a site, and does as Python what a script says."""
		(bench / "env" / "bin").mkdir(parents=True)
		site = bench / "sites" / "rival.localhost"
		site.mkdir(parents=True)
		(site / "site_config.json").write_text("{}")
		python = bench / "env" / "bin" / "python"
		python.write_text(f"#!/bin/sh\n{script}\n")
		python.chmod(0o755)

	def test_a_bench_a_site_and_a_case_that_there_are_not_are_refused(self):
		self.assertIn("is no bench", self.refused(2, "--bench", str(self.folder)))
		self.assertIn("no site other.localhost", self.refused(2, "--site", "other.localhost"))
		self.assertIn("--only nothing-such", self.refused(2, "--only", "nothing-such"))
		self.assertIn("only a bench has", self.refused(2, "--only", "workspaces"))

	def test_options_that_do_not_fit_are_refused(self):
		for options, said in (
			(("--against", "rival.localhost"), "--rival-bench"),
			(("--rival-bench", "."), "--against"),
			(("--changes", "3"), "4 at least"),
			(("--times", "0"), "1 at least"),
			(("--size", "1000", "--chart", "growth.svg"), "two sizes"),
		):
			with self.subTest(options):
				self.assertIn(said, self.refused(2, *options))


class TestSessions(TestCase):
	"""On the site of the suite, in its own session."""

	def sessions_of_two_turns(self, warm: bool) -> tuple[list[int], int]:
		"""Return which connection each turn had, and how often a new one was asked for."""
		import frappe

		from benchmarks import sides
		from benchmarks.apps import ours
		from benchmarks.case import Case

		seen: list[int] = []
		case = Case("of tests", lambda thing: seen.append(id(frappe.local.db)), user="Administrator")
		side = sides.Side(ours(frappe.local.site, 0), False, warm)
		with patch.object(sides, "connected", return_value=nullcontext()) as asked:
			side.set_up(case)
			for _turn in range(2):
				side.turn(case, "ours")
			side.tear_down(case)
		self.assertEqual(seen[0], id(frappe.local.db))
		return seen, asked.call_count

	def test_each_turn_is_a_session_of_its_own(self):
		self.assertEqual(self.sessions_of_two_turns(warm=False)[1], 3)  # and one to set up

	def test_a_warm_one_is_kept(self):
		seen, asked = self.sessions_of_two_turns(warm=True)
		self.assertEqual((len(set(seen)), asked), (1, 0))
