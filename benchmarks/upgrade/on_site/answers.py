"""Whether what answered before the upgrade answers now, and as it did."""

import inspect
from importlib.util import find_spec

import frappe
from functions import APP, PATH, describe, documented, methods_of_documents

from crm_pipeline import hooks


def run(before: dict) -> dict:
	"""Look at what clients call, and at what hooks and records name."""
	paths = {**dict.fromkeys(documented(), "docs/api.md"), **hooks_paths(), **stored()}
	return {"problems": [*changed_functions(before["functions"]), *dangling(paths)]}


def changed_functions(functions: dict) -> list[str]:
	"""Functions that are gone, or that no longer take what clients send."""
	methods, problems = methods_of_documents(), []
	for path, former in functions.items():
		try:
			now = describe(path) if path.startswith("crm_pipeline.") else methods[path]
		except Exception as error:
			problems.append(f"{path} does not answer: {error!r}")
			continue
		for kind in ("methods", "parameters"):
			if missing := set(former[kind]) - set(now[kind]):
				problems.append(f"{path} no longer takes {kind} {', '.join(sorted(missing))}")
	return problems


def hooks_paths() -> dict:
	"""Return every dotted path that hooks give to Frappe."""
	text = "\n".join(repr(value) for name, value in inspect.getmembers(hooks) if not name.startswith("__"))
	return dict.fromkeys(PATH.findall(text), "hooks")


def stored() -> dict:
	from note import stored_paths

	return stored_paths()


def dangling(paths: dict) -> list[str]:
	"""Paths that lead nowhere, neither in Python nor in the app's scripts."""
	overridden = frappe.get_hooks("override_whitelisted_methods", {})
	scripts = "\n".join(file.read_text() for file in APP.joinpath("public", "js").rglob("*.js"))
	return [
		f"{where}: {path} is not there"
		for path, where in paths.items()
		if path not in overridden and f"{path} = " not in scripts and not leads_somewhere(path)
	]


def leads_somewhere(path: str) -> bool:
	try:
		return bool(find_spec(path))
	except ModuleNotFoundError:
		pass
	try:
		return callable(frappe.get_attr(path))
	except (frappe.AppNotInstalledError, AttributeError, ImportError):
		return False
