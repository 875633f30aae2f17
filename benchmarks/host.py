"""The site that is measured: on a bench, under the bench's own Python, or on the embedded host."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@contextmanager
def host(site: str, bench: Path | None, module: str) -> Iterator[None]:
	"""Yield the site, connected as Administrator.

	Args:
		bench: the bench it is on; None for the embedded host.
		module: what was started with `python -m`, to start it again under the bench's Python.
	"""
	prepare(bench, module)
	with connected(site):
		yield


def prepare(bench: Path | None, module: str) -> None:
	"""Go where the sites are, under a Python that knows Frappe; see `host`."""
	if bench:
		use_python_of(bench, module)
		os.chdir(bench / "sites")
	else:
		from embedded import activate

		activate()


@contextmanager
def connected(site: str) -> Iterator[None]:
	import frappe

	frappe.init(site)
	frappe.connect()
	try:
		yield
	finally:
		frappe.destroy()


def use_python_of(bench: Path, module: str) -> None:
	"""Start again under the bench's own Python, unless it is the one running."""
	python = bench.resolve() / "env" / "bin" / "python"
	if Path(sys.executable) != python:
		paths = filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))
		environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
		os.execve(python, [str(python), "-m", module, *sys.argv[1:]], environment)
