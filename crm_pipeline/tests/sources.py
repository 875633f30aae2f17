"""The app's own source files, for tests that read them."""

from collections.abc import Iterator
from pathlib import Path

import crm_pipeline

APP = Path(crm_pipeline.__file__).parent


def modules() -> Iterator[Path]:
	"""The Python files of the app that are no tests and no help for tests."""
	for path in APP.rglob("*.py"):
		if "tests" not in path.relative_to(APP).parts and not path.name.startswith("test_"):
			yield path
