"""Sites in a folder of their own, and the host's commands on them in processes of their own."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from unittest import TestCase

CHECKOUT = str(Path(__file__).parents[2])
ENVIRONMENT = {**os.environ, "PYTHONPATH": CHECKOUT}


def make_folder(sites: Path, site: str) -> None:
	"""Make the folder of a site that has nothing yet but an empty configuration."""
	(sites / site).mkdir(parents=True)
	(sites / site / "site_config.json").write_text("{}")


class SiteCase(TestCase):
	"""A case with `sites`, a folder that goes with it, and `site`, the name of the one in it."""

	site: str

	def setUp(self) -> None:
		folder = tempfile.TemporaryDirectory()
		self.addCleanup(folder.cleanup)
		self.sites = Path(folder.name, "sites")
		make_folder(self.sites, self.site)

	def run_python(self, *words: str) -> subprocess.CompletedProcess:
		return subprocess.run(
			[sys.executable, *words],
			cwd=self.sites,
			env=ENVIRONMENT,
			capture_output=True,
			text=True,
			timeout=300,
		)

	def run_host(self, *words: str, site: str = "") -> subprocess.CompletedProcess:
		return self.run_python("-m", "embedded", "--site", site or self.site, *words)
