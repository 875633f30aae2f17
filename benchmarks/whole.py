"""A whole run: a site that may be filled, each size filled, each case measured and told, and the site as it was afterwards."""

import argparse
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import frappe

from benchmarks import apps, runs, table
from benchmarks.case import Case
from benchmarks.chart import MOST_LINES, growth
from benchmarks.filling import sites
from benchmarks.host import connected
from benchmarks.records import remove_records
from benchmarks.refusals import CASE_FAILED, SiteNotEmpty, WrongChoice
from benchmarks.runs import Result
from benchmarks.sides import Rival, Side

OWN_SITE = "benchmarks.localhost"
APP = "crm_pipeline"


class Run:
	"""What was asked for, and what came of it."""

	def __init__(self, options: argparse.Namespace, cases: list[Case]) -> None:
		self.options = options
		self.site = options.site or OWN_SITE
		self.cases = [case for case in cases if options.bench or not case.bench_only]
		if not self.cases:
			raise WrongChoice(
				"What --only names asks parts of Frappe that only a bench has: name one with --bench."
			)
		if options.chart and len(self.cases) > MOST_LINES:
			raise WrongChoice(
				f"--chart: no more than {MOST_LINES} lines can be told apart; choose cases with --only."
			)
		self.results: list[Result] = []

	def measure(self) -> int:
		"""Return what the program ends with."""
		with self._site():
			if self.options.remove:
				self._clear()
				return 0
			self._refuse_others_records()
			with self._rival() as rival:
				try:
					for size in self.options.size:
						self._measure_size(size, rival)
				finally:
					if not self.options.keep:
						self._clear()
					self._write()
		if any(result.failure for result in self.results):
			return CASE_FAILED
		return 1 if any(result.missed() for result in self.results) else 0

	def _measure_size(self, size: int, rival: Rival | None) -> None:
		with connected(self.site):
			sites.fill(self.options.filling, size, self.options.changes)
		if rival and any(case.rival for case in self.cases):
			rival.fill(size, self.options.changes)
		ours = Side(apps.ours(self.site, size), self.options.processor, self.options.warm)
		print(table.heading(size, self.options.filling), flush=True)
		try:
			for case in self.cases:
				self.results.append(runs.run(case, size, ours, rival, self.options.times))
				print(table.line(self.results[-1]), flush=True)
		finally:
			with connected(self.site):
				remove_records()
			if rival:
				rival.clear()

	@contextmanager
	def _site(self) -> Iterator[None]:
		"""Make the embedded host's own site, unless one is named.

		Raises:
			WrongChoice: there is no such site, or it has not the app.
		"""
		own = not (self.options.site or self.options.bench)
		if own:
			from frappe.installer import new_site

			try:
				new_site(self.site, install_apps=(APP,))
			except FileExistsError:
				pass  # an earlier run has kept it
		try:
			with connected(self.site):
				if APP not in frappe.get_installed_apps():
					raise WrongChoice(
						f"{self.site} has no {APP}; install it there, or name another with --site."
					)
				folder = Path(frappe.get_site_path()).resolve()
		except frappe.IncorrectSitePath:
			raise WrongChoice(f"There is no site {self.site}. Name another with --site.") from None
		try:
			yield
		finally:
			if own and not self.options.keep:
				shutil.rmtree(folder)

	def _refuse_others_records(self) -> None:
		"""Refuse a site with records of others; to be kept, it is measured without what would work on these as well.

		Raises:
			SiteNotEmpty
		"""
		with connected(self.site):
			found = sites.foreign_records()
		if not found:
			return
		told = ", ".join(f"{count:,} of {doctype}" for doctype, count in found.items())
		if not self.options.keep:
			raise SiteNotEmpty(
				f"{self.site} has records that no benchmark has made: {told}. Name a site that may be filled with --site, "
				"or measure beside them with --keep, which changes none of them."
			)
		left_out = [case.name for case in self.cases if case.touches_all]
		self.cases = [case for case in self.cases if not case.touches_all]
		print(f"Measured beside records of others: {told}.")
		if left_out:
			print(f"Left out, as they would change these: {', '.join(left_out)}.")

	@contextmanager
	def _rival(self) -> Iterator[Rival | None]:
		if not self.options.against:
			yield None
			return
		bench = self.options.rival_bench or self.options.bench
		rival = Rival(bench, self.options.against, self.options.processor, self.options.warm)
		try:
			if found := rival.check():
				told = ", ".join(f"{count:,} of {doctype}" for doctype, count in found.items())
				raise SiteNotEmpty(
					f"{self.options.against} has records that no benchmark has made: {told}. Name another with --against."
				)
			yield rival
		finally:
			rival.close()

	def _clear(self) -> None:
		with connected(self.site):
			remove_records()
			sites.remove()

	def _write(self) -> None:
		if not self.results:
			return
		table.write(self.options.json, self.results, self.options)
		print(f"\nAll figures: {self.options.json}")
		if self.options.chart:
			self.options.chart.write_text(growth(self.results))
