"""Installed apps, their hooks.py, and attributes by dotted path."""

import inspect
import json
import os
from collections.abc import Callable
from importlib import import_module as get_module
from pathlib import Path
from typing import Any

from frappe.runtime.context import local
from frappe.runtime.missing import missing
from frappe.types import _dict

BENCH_ONLY_HOOKS = {
	*("auth_hooks", "before_request", "on_login", "on_logout", "on_session_creation"),
	*("before_migrate", "after_sync"),
	*("after_app_install", "before_app_uninstall", "after_app_uninstall"),
	*("home_page", "jinja", "naming_series_variables", "website_redirects", "website_route_rules"),
}
APPS_FOLDER = Path(__file__).resolve().parents[3]


def get_installed_apps() -> list[str]:
	"""Apps of this site in the order of installation, `frappe` first."""
	if "installed_apps" not in local.cache:
		is_set_up = local.db and local.db.table_exists("DefaultValue")
		apps = local.db.get_global("installed_apps") if is_set_up else None
		local.cache["installed_apps"] = json.loads(apps or "[]")
	return list(local.cache["installed_apps"])


def get_all_apps() -> list[str]:
	"""The host itself, then every app that stands beside it, installed or not."""
	return ["frappe", *sorted(file.parent.name for file in APPS_FOLDER.glob("*/modules.txt"))]


def get_hooks(hook: str | None = None, default: Any = None, app_name: str | None = None) -> Any:
	"""What the apps declare in hooks.py, merged in the order of installation.

	A scalar becomes a list of one, lists are joined, dicts are merged key by key."""
	apps = [app_name] if app_name else get_installed_apps() or ["frappe"]
	key = ("hooks", *apps)
	if key not in local.cache:
		merged = local.cache[key] = _dict()
		for app in apps:
			for name, value in vars(get_module(f"{app}.hooks")).items():
				if name in BENCH_ONLY_HOOKS:
					raise missing(f"The hook {name}")
				if not name.startswith("_") and not inspect.ismodule(value) and not inspect.isroutine(value):
					_append_hook(merged, name, value)
	hooks = local.cache[key]
	return hooks if hook is None else hooks.get(hook, [] if default is None else default)


def _append_hook(target: dict, key: str, value: Any) -> None:
	"""Add what an app declares to what others did: under each key of a dict, at the end of a list."""
	if not isinstance(value, dict):
		more = value if isinstance(value, list) else [value]
		target[key] = [*target.get(key, ()), *more]
		return
	below = target.setdefault(key, {})
	for each in value.items():
		_append_hook(below, *each)


def get_doc_hooks() -> dict[str, dict[str, list]]:
	"""doc_events with every key that names several DocTypes spread out."""
	if "doc_hooks" not in local.cache:
		spread = local.cache["doc_hooks"] = {}
		for doctypes, events in get_hooks("doc_events", {}).items():
			for doctype in doctypes if isinstance(doctypes, tuple) else (doctypes,):
				_append_hook(spread, doctype, events)
	return local.cache["doc_hooks"]


def get_attr(method_string: str) -> Any:
	"""The object at a dotted path `app.module.attribute`.

	:raises frappe.AppNotInstalledError: when the path starts at an app this site does not have."""
	path, _dot, name = method_string.rpartition(".")
	_refuse_other_app(path.partition(".")[0])
	return getattr(get_module(path), name)


def _refuse_other_app(app: str) -> None:
	from frappe import AppNotInstalledError, _, throw

	in_transition = local.flags.in_uninstall or local.flags.in_install
	if not in_transition and app not in (get_installed_apps() or ["frappe"]):
		throw(_("App {0} is not installed").format(app), AppNotInstalledError)


def call(fn: str | Callable, *args: Any, **kwargs: Any) -> Any:
	"""Call `fn` (or the function at that path) with those of the keyword arguments that it takes."""
	function = fn if callable(fn) else get_attr(fn)
	return function(*args, **get_newargs(function, kwargs))


def get_newargs(fn: Callable, kwargs: dict) -> dict:
	"""Return those of the keyword arguments that `fn` takes; never `flags` and `ignore_permissions`, since clients send them."""
	parameters = inspect.signature(fn).parameters
	takes_all = any(each.kind is each.VAR_KEYWORD for each in parameters.values())
	barred = ("flags", "ignore_permissions")
	return {k: v for k, v in kwargs.items() if k not in barred and (takes_all or k in parameters)}


def get_app_path(app_name: str, *joins: str) -> str:
	return os.path.join(os.path.dirname(get_module(app_name).__file__), *joins)


def get_module_list(app_name: str) -> list[str]:
	"""Module names from the app's modules.txt."""
	with open(get_app_path(app_name, "modules.txt")) as file:
		return [line.strip() for line in file if line.strip()]
