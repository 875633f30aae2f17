"""Every command that the documents print runs as it is printed, as far as this host can run it."""

import ast
import re
import shlex
import subprocess
import sys
from importlib.metadata import distributions
from importlib.util import find_spec
from pathlib import Path
from unittest import TestCase
from unittest.mock import patch

import click

from crm_pipeline.commands import commands as commands_of_app
from embedded.commands import cli

ROOT = Path(__file__).parents[2]
PAGES = [
	ROOT / "README.md",
	*sorted((ROOT / "docs").glob("*.md")),
	*sorted((ROOT / "benchmarks").glob("**/*.md")),
]
BLOCK = re.compile(r"^```(?:sh|bash|console)\n(.*?)^```", re.DOTALL | re.MULTILINE)
# Within a line, what is more than the bare name of a tool.
INLINE = re.compile(r"`((?:[A-Z]+=\S+ )*(?:make|bench|\.venv/bin/\S+|python3?) [^`]+)`")
PYTHON = ".venv/bin/python"
FILES = {"opportunities.csv": "README.md"}  # stands for a file of the reader


def printed() -> list[tuple[str, list[str]]]:
	"""Page and words of every command in the documents."""
	found = []
	for page in PAGES:
		text = page.read_text()
		lines = "\n".join(BLOCK.findall(text)).replace("\\\n", " ").splitlines()
		lines += INLINE.findall(BLOCK.sub("", text).replace("\n", " "))
		found += [(page.name, words) for line in lines if (words := shlex.split(line, comments=True))]
	return found


def commands_starting(*first: str) -> list[tuple[str, list[str]]]:
	return [(page, words) for page, words in printed() if words[: len(first)] == list(first)]


class TestPrintedCommands(TestCase):
	def parse(self, command: click.Command, words: list[str], parent: click.Context | None = None) -> None:
		"""Let click read words as a command's, and do nothing."""
		words = [str(ROOT / FILES.get(word, word)) if word in FILES else word for word in words]
		with patch("click.core.confirm", return_value=True):  # where one is asked whether one means it
			context = command.make_context(command.name, list(words), parent=parent)
		if isinstance(command, click.Group):
			rest = [*context._protected_args, *context.args]
			name, sub, left = command.resolve_command(context, rest)
			self.assertIsNotNone(sub, name)
			self.parse(sub, left, context)

	def test_there_are_such_commands(self) -> None:
		self.assertGreater(len(commands_starting("bench")), 15)
		self.assertGreater(len(commands_starting("make")), 2)
		self.assertGreater(len(commands_starting(PYTHON)), 3)

	def test_python_is_the_one_that_has_the_packages(self) -> None:
		for page, words in printed():
			with self.subTest(page, command=words):
				if "unittest" not in words:  # which needs no packages
					self.assertNotIn(words[0], ("python", "python3", "pytest", "pip"))

	def test_targets_and_variables_of_make_are_there(self) -> None:
		makefile = (ROOT / "Makefile").read_text()
		for page, words in printed():
			assigned = [word.partition("=")[0] for word in words if re.match("[A-Z]+=", word)]
			plain = [word for word in words if not re.match("[A-Z]+=", word)]
			if plain and plain[0] == "make":
				with self.subTest(page, command=words):
					for target in plain[1:]:
						self.assertRegex(makefile, rf"(?m)^{target}:")
					for variable in assigned:
						self.assertRegex(makefile, rf"\b{variable}\b")

	def test_commands_of_this_host_take_what_is_printed(self) -> None:
		for page, words in commands_starting(PYTHON, "-m", "embedded"):
			if "COMMAND" not in words:
				with self.subTest(page, command=words):
					self.parse(cli, words[3:])

	def test_the_app_s_own_commands_and_those_that_this_host_shares_with_bench(self) -> None:
		own = {command.name: command for command in (*commands_of_app, *cli.commands.values())}
		for page, words in commands_starting("bench"):
			rest = words[3:] if words[1] == "--site" else words[1:]
			if rest and rest[0] in own and words[1] == "--site":
				with self.subTest(page, command=words):
					self.parse(own[rest[0]], rest[1:])

	def test_modules_start_as_printed(self) -> None:
		modules = {words[2] for _page, words in commands_starting(PYTHON, "-m")}
		self.assertIn("embedded", modules)
		for module in sorted(modules):
			done = subprocess.run(
				[sys.executable, "-m", module, "--help"],
				cwd=ROOT,
				capture_output=True,
				text=True,
				timeout=120,
			)
			self.assertEqual((done.returncode, done.stderr), (0, ""), module)

	def test_what_is_imported_is_required(self) -> None:
		"""A package that only the tests' requirements bring is missing where `make run` has installed."""
		required = re.findall(r"(?m)^([\w-]+)==", (ROOT / "embedded" / "requirements.txt").read_text())
		normal = {name.lower().replace("_", "-") for name in required}
		homes = distributions_of_packages()
		for name, paths in sorted(third_party_imports().items()):
			brought = {each.lower().replace("_", "-") for each in homes.get(name, ())}
			self.assertTrue(brought & normal, f"{name}, imported by {sorted(paths)[:3]}")


def distributions_of_packages() -> dict[str, set[str]]:
	"""Top-level packages and what brings them, by the installed files: Python 3.10 reads only what packages declare."""
	homes: dict[str, set[str]] = {}
	for distribution in distributions():
		for file in distribution.files or ():
			homes.setdefault(file.parts[0].removesuffix(".py"), set()).add(distribution.metadata["Name"])
	return homes


def third_party_imports() -> dict[str, set[str]]:
	"""Top-level packages that the app and this host import, outside of tests, and where."""
	ours = {"frappe", "crm_pipeline", "embedded", "rq"}
	found: dict[str, set[str]] = {}
	for path in (*(ROOT / "crm_pipeline").rglob("*.py"), *(ROOT / "embedded").rglob("*.py")):
		if "tests" in path.parts or path.name.startswith("test_"):
			continue
		for node in ast.parse(path.read_text()).body:
			names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
			if isinstance(node, ast.ImportFrom) and not node.level:
				names = [node.module]
			for name in {name.partition(".")[0] for name in names} - ours - sys.stdlib_module_names:
				if find_spec(name):
					found.setdefault(name, set()).add(str(path.relative_to(ROOT)))
	return found
