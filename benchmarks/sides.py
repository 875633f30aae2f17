"""Where cases are run: on our site in this process, on ERPNext's in another, since the two cannot be on one site."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import frappe

from benchmarks import measuring
from benchmarks.apps import App
from benchmarks.case import Case
from benchmarks.cases import find_case
from benchmarks.host import ROOT, connected
from benchmarks.measuring import Turn
from benchmarks.refusals import RivalMissing

ANSWERED = "answer"


class Side:
	"""An app's site; each call is a session of its own, as a request would be, unless one is to be kept warm."""

	def __init__(self, app: App, by_processor: bool, warm: bool) -> None:
		self.app = app
		self.by_processor = by_processor
		self.warm = warm
		self.made: dict[str, Any] = {}

	def set_up(self, case: Case) -> None:
		with self._session():
			become("Administrator")
			self.made[case.name] = case.setup(self.app)
			frappe.db.commit()

	def tear_down(self, case: Case) -> None:
		made = self.made.pop(case.name, None)
		if case.teardown:
			with self._session():
				become("Administrator")
				case.teardown(self.app, made)
				frappe.db.commit()

	def turn(self, case: Case, act: str) -> Turn:
		"""Measure an act of a case, which leaves nothing but what it commits itself."""
		with self._ready(case) as thing:
			return measuring.turn(getattr(case, act), thing, bool(case.unit), self._clock())

	def peak(self, case: Case, act: str) -> float:
		with self._ready(case) as thing:
			return measuring.peak(getattr(case, act), thing)

	def _clock(self) -> measuring.Clock:
		from benchmarks.clocks import of_processors, of_the_wall

		return of_processors() if self.by_processor else of_the_wall

	@contextmanager
	def _session(self) -> Iterator[None]:
		if not self.warm:
			with connected(self.app.site):
				yield
			return
		if not getattr(frappe.local, "db", None):
			frappe.init(self.app.site)
			frappe.connect()
		yield

	@contextmanager
	def _ready(self, case: Case) -> Iterator[Any]:
		"""Yield what an act is given."""
		with self._session():
			thing = self.made[case.name]
			become(case.user)
			if case.before:
				made = case.before(self.app, thing)
				frappe.db.commit()
				thing = thing if made is None else made
			try:
				yield thing
			finally:
				frappe.db.rollback()


def become(user: str) -> None:
	"""Act as a user; Frappe forgets what it knows of the one before, so that a warm session becomes none that it is already."""
	if frappe.session.user != user:
		frappe.set_user(user)


class Rival:
	"""The same of ERPNext, in a process of its own that is asked by lines of JSON."""

	def __init__(self, bench: Path, site: str, by_processor: bool, warm: bool) -> None:
		self.name, self.asked = f"{site} of {bench}", 0
		python = bench / "env" / "bin" / "python"
		if not python.is_file():
			raise RivalMissing(
				f"{bench} is no bench: it has no env/bin/python. Name another with --rival-bench."
			)
		if not (bench / "sites" / site / "site_config.json").is_file():
			raise RivalMissing(f"{bench} has no site {site}. Name another with --against.")
		command = [str(python), "-m", "benchmarks.rival", "--bench", str(bench), "--site", site]
		self.process = subprocess.Popen(
			command + ["--processor"] * by_processor + ["--warm"] * warm,
			env={**os.environ, "PYTHONPATH": str(ROOT)},
			stdin=subprocess.PIPE,
			stdout=subprocess.PIPE,
			text=True,
		)

	def check(self) -> dict[str, int]:
		"""Return how many records of others the site has, by DocType.

		Raises:
			RivalMissing: it has no ERPNext that is set up, or cannot be reached.
		"""
		try:
			return self._ask("check")
		except RuntimeError as error:
			self.close()
			raise RivalMissing(f"{self.name} cannot be measured: {error}") from None

	def fill(self, opportunities: int, changes: int) -> None:
		self._ask("fill", opportunities, changes)

	def set_up(self, case: Case) -> None:
		self._ask("set_up", case.name)

	def tear_down(self, case: Case) -> None:
		self._ask("tear_down", case.name)

	def turn(self, case: Case, act: str) -> Turn:
		return Turn(*self._ask("turn", case.name, act))

	def peak(self, case: Case, act: str) -> float:
		return self._ask("peak", case.name, act)

	def clear(self) -> None:
		"""Take away what cases have made and share; the opportunities stay for the next run."""
		self._ask("clear")

	def close(self) -> None:
		with suppress(BrokenPipeError):  # it may have ended by itself, with something unsent
			self.process.stdin.close()
		self.process.wait()
		self.process.stdout.close()

	def _ask(self, *words: Any) -> Any:
		"""Return what the process answers.

		Raises:
			RuntimeError: it failed; with its message.
			RivalMissing: it has ended.
		"""
		self.asked += 1
		try:
			print(json.dumps([self.asked, *words]), file=self.process.stdin, flush=True)
			line = self.process.stdout.readline()
			while line and json.loads(line)["number"] < self.asked:  # whoever interrupted did not wait for it
				line = self.process.stdout.readline()
		except BrokenPipeError:
			line = ""
		if not line:
			code = self.process.wait()
			raise RivalMissing(f"What measures {self.name} has ended with {code}; see what it said above.")
		answer = json.loads(line)
		if ANSWERED not in answer:
			raise RuntimeError(answer["error"])
		return answer[ANSWERED]


def serve(side: Side, others: dict[str, Any]) -> None:
	"""Answer what `Rival` asks until it closes the line; what else is printed goes to the errors."""
	lines = os.fdopen(os.dup(sys.stdout.fileno()), "w")
	os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
	for line in sys.stdin:
		number, word, *values = json.loads(line)
		try:
			if word in others:
				answer = {ANSWERED: others[word](*values)}
			else:
				name, *rest = values
				answer = {ANSWERED: getattr(side, word)(find_case(name), *rest)}
		except Exception as error:
			answer = {"error": f"{type(error).__name__}: {error}"}
		print(json.dumps({"number": number, **answer}), file=lines, flush=True)
