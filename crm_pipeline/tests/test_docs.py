"""The documents beside the app keep up with it."""

import ast
import builtins
import inspect
import re
import unittest
from pathlib import Path

import frappe

import crm_pipeline
from crm_pipeline import exceptions, hooks
from crm_pipeline.checks.registry import INVARIANTS
from crm_pipeline.commands import crm_pipeline as crm_pipeline_commands
from crm_pipeline.tests.sources import modules

ROOT = Path(crm_pipeline.__file__).parents[1]
# Of Frappe's modules and of libraries.
OF_OTHERS = {
	"FrappeTypeError",
	"IntegrityError",
	"JSONDecodeError",
	"OperationalError",
	"ProgrammingError",
	"WorkflowPermissionError",
}
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

	def test_every_refusal_that_is_named_exists(self):
		named = set()
		for page in ("errors.md", "api.md"):
			named |= set(re.findall(r"`([A-Z][a-z]+[A-Z]\w+)`", (ROOT / "docs" / page).read_text()))
		known = set(dir(exceptions)) | set(dir(frappe)) | set(dir(builtins)) | OF_OTHERS
		self.assertEqual(named - known, set())

	def test_every_whitelisted_function_is_described(self):
		listed = (ROOT / "docs" / "api.md").read_text()
		for path in whitelisted():
			if path.startswith("crm_pipeline.permissions."):
				continue  # under the name of what it overrides, see below
			with self.subTest(path):
				self.assertIn(
					path if path.startswith("crm_pipeline.api.") else path.rpartition(".")[2], listed
				)

	def test_every_method_of_frappe_that_is_overridden_is_named(self):
		listed = (ROOT / "docs" / "api.md").read_text()
		for path in hooks.override_whitelisted_methods:
			with self.subTest(path):
				self.assertIn(path, listed)

	def test_every_command_is_described(self):
		listed = (ROOT / "docs" / "administration.md").read_text()
		for command in crm_pipeline_commands.commands:
			with self.subTest(command):
				self.assertIn(f"crm-pipeline {command}", listed)

	def test_every_invariant_is_in_the_table(self):
		listed = (ROOT / "docs" / "administration.md").read_text()
		rows = [line for line in listed.splitlines() if line.startswith("| `") and line.count(" | ") == 3]
		expected = [
			f"| `{each.name}` | {each.doctype} | {each.says} | {each.mend} |" for each in INVARIANTS.values()
		]
		self.assertEqual([row for row in rows if row.split("`")[1] in INVARIANTS], expected)


def whitelisted() -> list[str]:
	"""Dotted paths of the functions and methods that requests may call, read from the source."""
	found = []
	for file in modules():
		module = ".".join(file.relative_to(ROOT).with_suffix("").parts)
		for node in ast.walk(ast.parse(file.read_text())):
			if isinstance(node, ast.FunctionDef) and any(
				"whitelist" in ast.unparse(each) for each in node.decorator_list
			):
				found.append(f"{module}.{node.name}")
	return found
