"""The functions and document methods of the app that a client may call, read from its source."""

import ast
from pathlib import Path

import frappe

from crm_pipeline.tests.sources import APP, modules


def declared() -> set[str]:
	"""Dotted names, as `module.function` or `module.Class.method`, of what stands under a decorator that whitelists."""
	trees = {_module(file): ast.parse(file.read_text()) for file in modules()}
	decorators = _whitelisting(trees.values())
	found = set()
	for module, tree in trees.items():
		for owner in (tree, *(node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))):
			prefix = module if owner is tree else f"{module}.{owner.name}"
			functions = (node for node in owner.body if isinstance(node, ast.FunctionDef))
			found |= {
				f"{prefix}.{each.name}"
				for each in functions
				if decorators & set(map(_name, each.decorator_list))
			}
	return found


def registered() -> set[str]:
	"""The same as Frappe knows them, whichever way they came to be; needs their modules imported."""
	functions = {each for each in frappe.whitelisted if each.__module__.startswith("crm_pipeline.")}
	names = {f"{each.__module__}.{each.__qualname__}" for each in functions}
	return {name for name in names if ".tests." not in name and "<locals>" not in name}


def import_all() -> None:
	"""Import every module of the app that may hold such functions."""
	for name in {name.rsplit(".", 1)[0] for name in declared()}:
		frappe.get_module(name if name.rpartition(".")[2].islower() else name.rpartition(".")[0])


def _whitelisting(trees) -> set[str]:
	"""`whitelist`, and each function or variable of the app that is made with such a decorator."""
	makers = [
		(
			target,
			{_name(node) for part in _making(maker) for node in ast.walk(part) if isinstance(node, ast.Call)},
		)
		for tree in trees
		for maker in tree.body
		for target in _names_given(maker)
	]
	known, before = {"whitelist"}, set()
	while known != before:
		before = set(known)
		known |= {target for target, called in makers if known & called}
	return known


def _making(node) -> list[ast.AST]:
	"""What makes a name: of a function its body, since one that is under such a decorator makes none."""
	return node.body if isinstance(node, ast.FunctionDef) else [node]


def _names_given(node) -> list[str]:
	if isinstance(node, ast.FunctionDef):
		return [node.name]
	targets = node.targets if isinstance(node, ast.Assign) else []
	return [target.id for target in targets if isinstance(target, ast.Name)]


def _name(node) -> str:
	while isinstance(node, ast.Call):
		node = node.func
	return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _module(file: Path) -> str:
	parts = file.relative_to(APP.parent).with_suffix("").parts
	return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
