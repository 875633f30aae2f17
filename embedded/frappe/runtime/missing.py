"""What is said of names that only a bench has."""

import json
import re
import sys
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import find_spec
from inspect import isclass, isfunction
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
	from frappe.model.document import Document

UNKNOWN_KEYWORD = re.compile(r"unexpected keyword argument '(\w+)'")
TOO_MANY = re.compile(r"takes .* positional arguments? but")
NO_SUCH_TABLE = re.compile(r"no such table: tab(.+)")
OWNERS = {
	**dict.fromkeys(("Database", "Lookups", "Writes"), "frappe.db"),
	**dict.fromkeys(("BaseDocument", "DocumentActions", "DocumentChecks", "Validation"), "Document"),
}
ADDRESSES = {"Document.__init__": "frappe.get_doc", "DatabaseQuery.execute": "frappe.get_list"}
_names = json.loads(Path(__file__).with_name("bench_only.json").read_text())
BENCH_ONLY_DOCTYPES = frozenset(_names.pop("DocTypes").split(", "))
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


def refuse_event(doc: "Document", method: str, *args: Any) -> None:
	"""The handler of an event of documents that this host only keeps as they came."""
	raise missing(f"{method} of a {doc.doctype}")


def missing_in(owner: str) -> Callable:
	"""The `__getattr__` of a module: imports a submodule, and names a missing API in a NotImplementedError."""

	def __getattr__(name: str) -> Any:
		if name.startswith("__"):
			raise AttributeError(name)
		is_package = hasattr(sys.modules.get(owner), "__path__")
		if is_package and find_spec(f"{owner}.{name}"):
			return import_module(f"{owner}.{name}")
		raise missing(f"{owner}.{name}")

	return __getattr__


def refuse_unknown_arguments(owner: ModuleType | type) -> None:
	"""Let the public functions of a module, and the methods of its classes, name arguments that only a bench takes."""
	for name, member in list(vars(owner).items()):
		is_public = name == "__init__" or not name.startswith("_")
		if not is_public or getattr(member, "__module__", None) != _module_of(owner):
			continue
		if isclass(member):
			refuse_unknown_arguments(member)
		elif isfunction(member) and not hasattr(member, "__wrapped__"):
			setattr(owner, name, with_loud_arguments(member))


def _module_of(owner: ModuleType | type) -> str:
	return owner.__module__ if isclass(owner) else owner.__name__


def with_loud_arguments(function: Callable) -> Callable:
	"""Decorator: let a function say so of a keyword, or of more arguments, that only a bench takes."""

	@wraps(function)
	def call(*args: Any, **kwargs: Any) -> Any:
		try:
			return function(*args, **kwargs)
		except TypeError as error:
			lacking = None if error.__traceback__.tb_next else _lacking_argument(str(error))
			if lacking:
				raise missing(f"{_address_of(function)} with {lacking}") from error
			raise

	return call


def _lacking_argument(message: str) -> str | None:
	if keyword := UNKNOWN_KEYWORD.search(message):
		return keyword[1]
	return "so many arguments" if TOO_MANY.search(message) else None


def _address_of(function: Callable) -> str:
	"""Return the name by which callers know a function: `frappe.throw`, `frappe.db.get_value`, `Document.save`."""
	owner, _dot, name = function.__qualname__.rpartition(".")
	address = f"{OWNERS.get(owner, owner)}.{name}" if owner else f"{_spoken_module(function, name)}.{name}"
	return ADDRESSES.get(address, address)


def _spoken_module(function: Callable, name: str) -> str:
	module, homes = function.__module__, vars(sys.modules["frappe"])["_home_of"]
	if module.startswith("frappe.runtime.") or f"frappe.{homes.get(name)}" == module:
		return "frappe"
	return "frappe.utils" if module in vars(sys.modules["frappe.utils"]).get("GATHERED", ()) else module


def refuse_doctype(doctype: str) -> None:
	"""Name a DocType that only a bench has."""
	if doctype in BENCH_ONLY_DOCTYPES:
		raise missing(f"The DocType {doctype}")


def refuse_table_of(error: Exception) -> None:
	"""Name the DocType whose table a statement asked for in vain."""
	if table := NO_SUCH_TABLE.search(str(error)):
		refuse_doctype(table[1])


class LoudLoader(SourceFileLoader):
	"""Loads a module of this host so that it says so of every name and argument it lacks."""

	def exec_module(self, module: ModuleType) -> None:
		super().exec_module(module)
		vars(module).setdefault("__getattr__", missing_in(module.__name__))
		refuse_unknown_arguments(module)


class LoudFinder(PathFinder):
	"""Finds the modules of this host; those of the test case stay quiet, since callers try them by version."""

	@classmethod
	def find_spec(cls, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
		if not fullname.startswith("frappe.") or fullname.startswith("frappe.tests"):
			return None
		spec = super().find_spec(fullname, path, target)
		if not spec:
			raise MissingModule(*missing(fullname).args)
		if isinstance(spec.loader, SourceFileLoader):
			spec.loader = LoudLoader(fullname, spec.origin)
		return spec
