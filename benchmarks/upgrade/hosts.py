"""A site's commands, on a bench or on the embedded host, with one state of the app first on the path."""

import json
import os
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from pathlib import Path

ON_SITE = Path(__file__).parent / "on_site"
SHOWN = 3_000  # characters of what a failed command said


class Failed(Exception):
	"""A command that ended with an error, and the end of what it said."""


class Host(ABC):
	"""Where the site is."""

	python: Path
	customizes = True  # has Customize Form
	bench_command: tuple[str, ...]

	def __init__(self, sites: Path, site: str, notes: Path):
		self.sites, self.site, self.notes = sites, site, notes

	def use(self, app: Path) -> None:
		"""Let everything that follows import the app from this checkout."""
		self.app = app

	@abstractmethod
	def prepare(self) -> None:
		"""See to a site without the app."""

	def command(self, *words: str) -> None:
		"""Run one of bench's commands on the site."""
		self.run("-m", *self.bench_command, "--site", self.site, *words)

	def on_site(self, action: str, given: dict | None = None) -> dict:
		"""Run what stands in `on_site/`, and return what it noted."""
		source, target = self.notes / "given.json", self.notes / f"{action}.json"
		source.write_text(json.dumps(given or {}))
		self.run(str(ON_SITE), action, self.site, str(source), str(target))
		return json.loads(target.read_text())

	def uninstall(self) -> None:
		self.command("uninstall-app", "crm_pipeline", "--yes")

	def run(self, *words: str) -> None:
		"""Run the host's Python in the folder of the sites.

		Raises:
			Failed: it ended with an error.
		"""
		self.sites.mkdir(exist_ok=True)
		paths = filter(None, (str(self.app), os.environ.get("PYTHONPATH")))
		environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
		start = time.monotonic()
		ended = subprocess.run(
			[str(self.python), *words], cwd=self.sites, env=environment, capture_output=True, text=True
		)
		what = " ".join(Path(word).name for word in words)
		print(f"{time.monotonic() - start:6.1f} s  {what}", flush=True)
		if ended.returncode:
			raise Failed(f"{what}: {(ended.stdout + ended.stderr)[-SHOWN:]}")


class Bench(Host):
	"""A bench that knows the app, and a site of it."""

	bench_command = ("frappe.utils.bench_helper", "frappe")

	def __init__(self, bench: Path, site: str, notes: Path):
		super().__init__(bench / "sites", site, notes)
		self.python = bench / "env" / "bin" / "python"

	def prepare(self) -> None:
		self.on_site("set_up")

	def uninstall(self) -> None:
		self.command("uninstall-app", "crm_pipeline", "--yes", "--no-backup")


class Embedded(Host):
	"""The embedded host that came with each state of the app."""

	python = Path(sys.executable)
	customizes = False  # at first
	bench_command = ("embedded",)

	def prepare(self) -> None:
		self.command("new-site")
