"""How much JavaScript the page needs before it shows anything, compressed as it is sent."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import crm_pipeline

FOLDER = Path(crm_pipeline.__file__).parent / "public" / "pipeline"
BYTES = 60 * 1024
PATHS = "links => links.map((link) => new URL(link.href).pathname)"
IMPORTED = re.compile(r'^(?:import|export)\b[^;(]*?from\s+"(\.[^"]+)"|^import\s+"(\.[^"]+)"', re.MULTILINE)


def imported_by(file: Path) -> Iterator[Path]:
	"""Yield the modules that a module imports before it runs; `import()` comes later."""
	for found in IMPORTED.finditer(file.read_text()):
		yield (file.parent / (found[1] or found[2])).resolve()


def needed_by(file: Path) -> set[Path]:
	"""Return a module with all that it leads to."""
	needed, left = set(), [file.resolve()]
	while left:
		module = left.pop()
		if module not in needed:
			needed.add(module)
			left.extend(imported_by(module))
	return needed


def compressed(files: set[Path]) -> int:
	return sum(len(gzip.compress(file.read_bytes(), 6)) for file in files)


def test_the_first_view_needs_little():
	needed = needed_by(FOLDER / "pipeline.js")
	assert FOLDER / "vendor" / "preact.js" in needed
	for region in ("panel.js", "forecast.js", "activities.js"):
		assert FOLDER / region not in needed, f"{region} is fetched when it is needed"
	assert compressed(needed) <= BYTES


def test_that_alone_is_preloaded(open_page):
	links = open_page().locator("link[rel=modulepreload]").evaluate_all(PATHS)
	needed = {file.relative_to(FOLDER).as_posix() for file in needed_by(FOLDER / "pipeline.js")}
	assert {link.split("/pipeline/", 1)[1] for link in links} == needed


def test_all_of_it_is_reachable_and_little_too():
	every = set(FOLDER.rglob("*.js"))
	fetched = (FOLDER / each for each in ("activities.js", "forecast.js", "panel.js", "dialogs/index.js"))
	later = set().union(*map(needed_by, fetched))
	assert every - later - needed_by(FOLDER / "pipeline.js") == set()
	assert compressed(every) <= 2 * BYTES
