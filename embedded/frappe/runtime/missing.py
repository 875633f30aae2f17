"""What is said of names that only a bench has."""

import sys
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec


def missing(api: str) -> NotImplementedError:
	return NotImplementedError(f"{api} is missing in the embedded host; a bench has it")


def missing_in(owner: str) -> Callable:
	"""The `__getattr__` of a module: imports a submodule, and names a missing API in a NotImplementedError."""

	def __getattr__(name: str):
		if name.startswith("__"):
			raise AttributeError(name)
		is_package = hasattr(sys.modules.get(owner), "__path__")
		if is_package and find_spec(f"{owner}.{name}"):
			return import_module(f"{owner}.{name}")
		raise missing(f"{owner}.{name}")

	return __getattr__
