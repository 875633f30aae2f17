"""Installed apps, their hooks.py, and attributes by dotted path."""

import importlib
import inspect
import json
import os

from frappe.runtime.context import local
from frappe.types import _dict


def get_installed_apps(*_unused, **__unused) -> list[str]:
	"""Apps of this site in the order of installation, `frappe` first."""
	if "installed_apps" not in local.cache:
		apps = local.db.get_global("installed_apps") if local.db and local.db.table_exists("DefaultValue") else None
		local.cache["installed_apps"] = json.loads(apps or "[]")
	return list(local.cache["installed_apps"])


def get_all_apps(*_unused, **__unused) -> list[str]:
	"""Every app the host knows of, installed or not."""
	from frappe.installer import available_apps

	return available_apps()


def get_hooks(hook: str | None = None, default=None, app_name: str | None = None):
	"""What the apps declare in hooks.py, merged in the order of installation.

	A scalar becomes a list of one, lists are joined, dicts are merged key by key."""
	hooks = _load_hooks(app_name)
	if hook is None:
		return hooks
	return hooks.get(hook, [] if default is None else default)


def _load_hooks(app_name: str | None) -> _dict:
	apps = [app_name] if app_name else get_installed_apps() or ["frappe"]
	key = ("hooks", *apps)
	if key not in local.cache:
		merged = _dict()
		for app in apps:
			module = get_module(f"{app}.hooks")
			for name, value in vars(module).items():
				if not name.startswith("_") and not inspect.ismodule(value) and not inspect.isroutine(value):
					append_hook(merged, name, value)
		local.cache[key] = merged
	return local.cache[key]


def append_hook(target: dict, key: str, value) -> None:
	if isinstance(value, dict):
		inner = target.setdefault(key, {})
		for inner_key, inner_value in value.items():
			append_hook(inner, inner_key, inner_value)
	else:
		target.setdefault(key, []).extend(value if isinstance(value, list) else [value])


def get_doc_hooks() -> dict[str, dict[str, list]]:
	"""doc_events with every key that names several DocTypes spread out."""
	if "doc_hooks" not in local.cache:
		spread: dict = {}
		for doctypes, events in get_hooks("doc_events", {}).items():
			for doctype in doctypes if isinstance(doctypes, tuple) else (doctypes,):
				append_hook(spread, doctype, events)
		local.cache["doc_hooks"] = spread
	return local.cache["doc_hooks"]


def get_module(modulename: str):
	return importlib.import_module(modulename)


def get_attr(method_string: str):
	"""The object at a dotted path `app.module.attribute`.

	:raises frappe.AppNotInstalledError: when the path starts at an app this site does not have."""
	from frappe import AppNotInstalledError, _, throw

	app_name, module_name, method_name = (
		method_string.split(".", 1)[0],
		*method_string.rpartition(".")[::2],
	)
	if not local.flags.in_uninstall and not local.flags.in_install and app_name not in (get_installed_apps() or ["frappe"]):
		throw(_("App {0} is not installed").format(app_name), AppNotInstalledError)
	return getattr(get_module(module_name), method_name)


def call(fn, *args, **kwargs):
	"""Call `fn` (or the function at that path) with those of the keyword arguments that it takes."""
	if isinstance(fn, str):
		fn = get_attr(fn)
	return fn(*args, **get_newargs(fn, kwargs))


def get_newargs(fn, kwargs: dict) -> dict:
	"""Leave out the keyword arguments that `fn` has no room for."""
	parameters = inspect.signature(fn).parameters.values()
	kwargs = {key: value for key, value in kwargs.items() if key not in ("ignore_permissions", "flags")}
	if any(p.kind is p.VAR_KEYWORD for p in parameters):
		return kwargs
	names = {p.name for p in parameters}
	return {key: value for key, value in kwargs.items() if key in names}


def get_app_path(app_name: str, *joins: str) -> str:
	return get_pymodule_path(app_name, *joins)


def get_pymodule_path(modulename: str, *joins: str) -> str:
	folder = os.path.dirname(get_module(modulename.replace("-", "_")).__file__)
	return os.path.abspath(os.path.join(folder, *joins))


def get_module_path(module: str, *joins: str) -> str:
	from frappe.modules import get_module_path

	return get_module_path(module, *joins)


def get_module_list(app_name: str) -> list[str]:
	"""Module names from the app's modules.txt."""
	with open(get_app_path(app_name, "modules.txt")) as file:
		return [line.strip() for line in file if line.strip()]
