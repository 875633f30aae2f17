"""What is said of names that only a bench has."""

import json
import re
import sys
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from importlib.machinery import PathFinder, SourceFileLoader
from importlib.util import find_spec
from inspect import isclass, isfunction
from pathlib import Path

LOUD_ABOUT_ARGUMENTS = (
	"frappe.utils",
	"frappe.model",
	"frappe.database",
	"frappe.email",
	"frappe.permissions",
)
UNKNOWN_ARGUMENT = re.compile(r"unexpected keyword argument|takes .* positional arguments? but")
_names = json.loads(Path(__file__).with_name("bench_only.json").read_text())
BENCH_ONLY = {owner: frozenset(names.split()) for owner, names in _names.items()}


def missing(api: str) -> NotImplementedError:
	return NotImplementedError(f"{api} is missing in the embedded host; a bench has it")


def missing_attribute(owner: str, name: str, kind: str) -> Exception:
	"""The error for an attribute that an object lacks: NotImplementedError if a bench has it, of its kind or by itself."""
	if name in BENCH_ONLY[kind] or name in BENCH_ONLY.get(owner, ()):
		return missing(f"{owner}.{name}")
	return AttributeError(f"{owner} has no attribute {name}")


class MissingModule(NotImplementedError, ModuleNotFoundError):
	"""A module that only a bench has; callers who try for it see an ImportError as anywhere."""


def refuse_event(doc, method: str, *args) -> None:
	"""The handler of an event of documents that this host only keeps as they came."""
	raise missing(f"{method} of a {doc.doctype}")


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


def refuse_unknown_arguments(owner) -> None:
	"""Let the public functions of a module, and the methods of its classes, name arguments that only a bench takes."""
	for name, member in list(vars(owner).items()):
		if name.startswith("_") or getattr(member, "__module__", None) != _module_of(owner):
			continue
		if isclass(member):
			refuse_unknown_arguments(member)
		elif isfunction(member) and not hasattr(member, "__wrapped__"):
			setattr(owner, name, _with_loud_arguments(member))


def _module_of(owner) -> str:
	return owner.__module__ if isclass(owner) else owner.__name__


def _with_loud_arguments(function: Callable) -> Callable:
	@wraps(function)
	def call(*args, **kwargs):
		try:
			return function(*args, **kwargs)
		except TypeError as error:
			is_of_call = error.__traceback__.tb_next is None and UNKNOWN_ARGUMENT.search(str(error))
			if is_of_call:
				raise missing(
					f"{function.__module__}.{function.__qualname__} with other arguments ({error})"
				) from error
			raise

	return call


class LoudLoader(SourceFileLoader):
	"""Loads a module of this host so that it says so of every name and argument it lacks."""

	def exec_module(self, module) -> None:
		super().exec_module(module)
		vars(module).setdefault("__getattr__", missing_in(module.__name__))
		if module.__name__.startswith(LOUD_ABOUT_ARGUMENTS):
			refuse_unknown_arguments(module)


class LoudFinder(PathFinder):
	"""Finds the modules of this host; those of the test case stay quiet, since callers try them by version."""

	@classmethod
	def find_spec(cls, fullname: str, path=None, target=None):
		if not fullname.startswith("frappe.") or fullname.startswith("frappe.tests"):
			return None
		spec = super().find_spec(fullname, path, target)
		if not spec:
			raise MissingModule(*missing(fullname).args)
		if isinstance(spec.loader, SourceFileLoader):
			spec.loader = LoudLoader(fullname, spec.origin)
		return spec
