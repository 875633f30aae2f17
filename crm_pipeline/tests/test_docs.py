"""The documents beside the app keep up with it."""

import inspect
import re
import unittest
from pathlib import Path

import crm_pipeline
from crm_pipeline import exceptions

ROOT = Path(crm_pipeline.__file__).parents[1]
LINK = re.compile(r"\]\(([^)#:]+)\)")


class TestDocs(unittest.TestCase):
	def test_every_link_leads_somewhere(self):
		for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
			for target in LINK.findall(page.read_text()):
				with self.subTest(page=page.name, target=target):
					self.assertTrue((page.parent / target).exists())

	def test_every_refusal_is_listed(self):
		listed = (ROOT / "docs" / "errors.md").read_text()
		for name, refusal in inspect.getmembers(exceptions, inspect.isclass):
			if refusal.__module__ == exceptions.__name__:
				self.assertIn(f"`{name}`", listed)
