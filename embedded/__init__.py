"""A single-process host on SQLite that offers the part of Frappe's server API that crm_pipeline uses."""

import importlib.util
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def has_real_frappe() -> bool:
	"""Tell whether a Frappe with documents can be imported; the empty package of that name does not count."""
	spec = importlib.util.find_spec("frappe")
	folders = [Path(folder) for folder in (spec and spec.submodule_search_locations) or []]
	return any((folder / "model" / "document.py").exists() for folder in folders if folder.parent != HERE)


def activate() -> bool:
	"""Put this host's `frappe` and the apps beside it on `sys.path`, unless the real one is there.

	Returns whether this host is the one in use.
	"""
	if has_real_frappe():
		return False
	for folder in (str(HERE.parent), str(HERE)):
		if folder not in sys.path:
			sys.path.insert(0, folder)
	return True
