"""Quotations mapped, inserted and submitted, each in a session of its own that leaves nothing."""

import time
from collections.abc import Callable
from statistics import median
from typing import NamedTuple
from unittest.mock import patch

import frappe
from frappe.model.document import Document

from benchmarks.host import connected
from benchmarks.mapping.apps import App
from benchmarks.mapping.records import USER


class Measure(NamedTuple):
	"""Statements and seconds of the mapping alone, and of mapping, insert and submit together."""

	mapped: int
	mapping_seconds: float
	submitted: int
	seconds: float


def map_and_submit(app: App, opportunity: str) -> Measure:
	"""Measure one quotation as requests of a salesperson would make it, up to the commit, which is left out."""
	with connected(app.site):
		frappe.set_user(USER)
		mapper = frappe.get_attr(app.mapper)
		try:
			mapped = counted(lambda: mapper(opportunity))
			quotation = mapped.result
			submitted = counted(lambda: quotation.insert().submit())
		finally:
			frappe.db.rollback()
	return Measure(
		mapped.statements,
		mapped.seconds,
		mapped.statements + submitted.statements,
		mapped.seconds + submitted.seconds,
	)


class Counted(NamedTuple):
	result: Document
	statements: int
	seconds: float


def counted(act: Callable[[], Document]) -> Counted:
	start = time.perf_counter()
	with patch.object(frappe.db, "sql", wraps=frappe.db.sql) as spy:
		result = act()
	return Counted(result, spy.call_count, time.perf_counter() - start)


def medians(measures: list[Measure]) -> Measure:
	return Measure(*map(median, zip(*measures, strict=True)))
