"""How much JavaScript the page needs before it shows anything, and in all, compressed as it is sent."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

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
	return sum(map(size_of, (file.read_bytes() for file in files)))


def size_of(script: bytes) -> int:
	return len(gzip.compress(script, 6))


def test_the_first_view_needs_little():
	needed = needed_by(FOLDER / "pipeline.js")
	assert FOLDER / "vendor" / "preact.js" in needed
	for region in ("panel.js", "forecast.js", "activities.js", "list.js"):
		assert FOLDER / region not in needed, f"{region} is fetched when it is needed"
	assert compressed(needed) <= BYTES


def test_that_alone_is_preloaded(open_page, server):
	links = open_page().locator("link[rel=modulepreload]").evaluate_all(PATHS)
	needed = {file.relative_to(FOLDER).as_posix() for file in needed_by(FOLDER / "pipeline.js")}
	assert {link.split("/pipeline/", 1)[1] for link in links} == (set() if server.is_bench else needed)


def test_all_of_it_is_reachable_and_little_too():
	every = set(FOLDER.rglob("*.js"))
	fetched = (
		FOLDER / each for each in ("activities.js", "forecast.js", "list.js", "panel.js", "dialogs/index.js")
	)
	later = set().union(*map(needed_by, fetched))
	assert every - later - needed_by(FOLDER / "pipeline.js") == set()
	assert compressed(every) <= 2 * BYTES


def test_a_bench_has_built_one_file_of_all_that_is_little(open_page, server):
	"""Where nothing is built the page asks for the modules, which the tests above weigh."""
	scripts = open_page().locator("script[src]").evaluate_all("all => all.map((each) => each.src)")
	assert len(scripts) == 1
	assert ("/dist/js/pipeline_page.bundle." in scripts[0]) is server.is_bench, (
		"bench build --app crm_pipeline"
	)
	with urlopen(scripts[0]) as answer:
		assert size_of(answer.read()) <= BYTES
