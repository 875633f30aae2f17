"""Say which imports of the app go against the direction of its packages, and which of its modules import each other in a circle.

The direction is that of docs/architecture.md. Tests may import what they like.
"""

import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp

APP = "crm_pipeline"
# Each line imports only from the lines below it; packages of one line may import each other, but in no circle.
LINES = (
	{
		"hooks",
		"commands",
		"tasks",
		"overrides",
		"boot",
		"install",
		"uninstall",
		"demo",
		"patches",
		"www",
		"locale",
	},
	{"checks"},
	{"crm_pipeline", "api"},
	{"auto_close", "board"},
	{"quoting", "assignment"},
	{"money", "follow_ups"},
	{"history", "parties", "mail"},
	{"processes", "permissions"},
	{"utils"},
	{"rules", "exceptions", "constants"},
)


def main() -> int:
	"""Print what is wrong; return how many things are."""
	graph = grimp.build_graph(APP, cache_dir=None)
	for module in [name for name in graph.modules if is_for_tests(name)]:
		graph.remove_module(module)
	faults = [*homeless(graph), *against_the_direction(graph), *circles(graph)]
	print("\n".join(faults) or "Imports follow the direction of the packages.")
	return len(faults)


def is_for_tests(module: str) -> bool:
	"""Return whether a module is a test, or only helps tests."""
	return any(part == "tests" or part.startswith("test_") for part in module.split("."))


def homeless(graph: grimp.ImportGraph) -> Iterator[str]:
	"""Yield the packages that no line has."""
	for package in sorted(graph.find_children(APP)):
		if line_of(package) is None:
			yield f"{package} stands in no line of {Path(__file__).name}"


def against_the_direction(graph: grimp.ImportGraph) -> Iterator[str]:
	"""Yield the imports that go up."""
	for importer, imported in sorted(direct_imports(graph)):
		lines = line_of(importer), line_of(imported)
		if None not in lines and lines[0] > lines[1]:
			yield f"{importer} imports {imported}, which stands above it"


def direct_imports(graph: grimp.ImportGraph) -> Iterator[tuple[str, str]]:
	"""Yield who imports whom."""
	for importer in graph.modules:
		for imported in graph.find_modules_directly_imported_by(importer):
			yield importer, imported


def line_of(module: str) -> int | None:
	"""Return the line that a module stands in, counted from above; None for the app itself and for what has no line."""
	package = f"{module}.".split(".")[1]
	return next((number for number, line in enumerate(LINES) if package in line), None)


def circles(graph: grimp.ImportGraph) -> Iterator[str]:
	"""Yield the first circle of modules, if there is one."""
	try:
		TopologicalSorter(
			{module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
		).prepare()
	except CycleError as error:
		yield "A circle: " + " imports ".join(reversed(error.args[1]))


if __name__ == "__main__":
	sys.exit(main())
