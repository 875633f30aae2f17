"""What the app brings along, and what its host and suite install, is under licences that are known to be free."""

import json
import re
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path
from unittest import TestCase

ROOT = Path(__file__).parents[2]
PINNED = re.compile(r"^([\w.-]+)==", re.MULTILINE)
VENDORED = ROOT / "crm_pipeline" / "public" / "pipeline" / "vendor" / "LICENSES.txt"
FREE = {
	"MIT",
	"MIT-0",
	"BSD-2-Clause",
	"BSD-3-Clause",
	"Apache-2.0",
	"PSF-2.0",
	"Python-2.0",
	"MPL-2.0",
	"ZPL-2.1",
	"0BSD",
	"ISC",
}
# How older packages write them, without the name that SPDX has.
IN_WORDS = {
	"MIT License": "MIT",
	"BSD License": "BSD-3-Clause",
	"BSD": "BSD-3-Clause",
	"Apache Software License": "Apache-2.0",
	"Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
	"Python Software Foundation License": "PSF-2.0",
}
IN_THEIR_FILE_ALONE = {"axe-playwright-python": "MIT"}


def installed() -> Iterator[Distribution]:
	"""The packages of the locked files that this environment has; others are for another Python or system."""
	for file in (ROOT / "embedded").glob("requirements*.txt"):
		for name in PINNED.findall(file.read_text()):
			try:
				yield distribution(name)
			except ModuleNotFoundError:
				continue


def licence(package: Distribution) -> str:
	"""Its licence as SPDX has it, or as it says itself."""
	told = package.metadata
	classifiers = [
		each.rpartition(" :: ")[2] for each in told.get_all("Classifier") or () if "License ::" in each
	]
	written = told.get("License-Expression") or next(iter(classifiers), None) or told.get("License") or ""
	return IN_THEIR_FILE_ALONE.get(told["Name"]) or IN_WORDS.get(written, written)


def is_free(expression: str) -> bool:
	"""Whether all licences of an expression are free ones, or one of those that may be chosen from."""
	choices = [choice.strip("() ").split(" AND ") for choice in expression.split(" OR ")]
	return any(all(each.strip("() ") in FREE for each in choice) for choice in choices)


class TestLicences(TestCase):
	def test_of_packages(self) -> None:
		packages = list(installed())
		self.assertGreater(len(packages), 20)
		for package in packages:
			with self.subTest(package.metadata["Name"]):
				self.assertTrue(is_free(licence(package)), licence(package) or "It names none.")

	def test_of_what_the_page_is_rendered_with(self) -> None:
		texts = VENDORED.read_text()
		locked = json.loads((ROOT / "vendor" / "package-lock.json").read_text())["packages"]
		brought = {
			path.removeprefix("node_modules/"): each
			for path, each in locked.items()
			if path and not each.get("dev")
		}
		self.assertGreater(len(brought), 2)
		for name, package in brought.items():
			with self.subTest(name):
				self.assertTrue(is_free(package["license"]), package["license"])
				self.assertIn(f"{name} {package['version']}\n", texts)

	def test_expressions(self) -> None:
		for expression, free in (
			("MIT", True),
			("Apache-2.0 OR BSD-3-Clause", True),
			("GPL-3.0-only OR MIT", True),
			("MIT AND PSF-2.0", True),
			("MIT AND GPL-3.0-only", False),
			("AGPL-3.0-or-later", False),
			("", False),
		):
			with self.subTest(expression):
				self.assertEqual(is_free(expression), free)
