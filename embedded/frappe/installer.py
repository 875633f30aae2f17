"""Sites and apps: create a site, install an app on it, take it off again."""

import json
import os
from pathlib import Path
from typing import Any

import frappe
from frappe.database.schema import sync_core_tables
from frappe.modules.import_file import import_file_by_path
from frappe.modules.patch_handler import set_all_patches_as_completed
from frappe.modules.sync import sync_fixtures, sync_for
from frappe.runtime.context import find_sites_path


def new_site(
	site: str,
	sites_path: str | os.PathLike | None = None,
	admin_password: str = "admin",
	install_apps: tuple[str, ...] = (),
	force: bool = False,
) -> None:
	"""Create a site with its database, Administrator and the host's own records.

	:raises FileExistsError: when the site has a database already, unless `force` replaces it."""
	sites_path = Path(sites_path or find_sites_path(site))
	folder = sites_path / site
	if (folder / "db.sqlite3").exists() and not force:
		raise FileExistsError(f"Site {site} already exists")
	for file in folder.glob("db.sqlite3*"):
		file.unlink()
	folder.mkdir(parents=True, exist_ok=True)
	make_private(folder)
	if not (folder / "site_config.json").read_text():
		(folder / "site_config.json").write_text(json.dumps({"db_type": "sqlite"}, indent=1) + "\n")

	frappe.init(site, sites_path=sites_path, force=True)
	try:
		frappe.clear_cache()
		frappe.connect()
		frappe.flags.in_install = "frappe"
		sync_core_tables()
		for name in ("defaultvalue", "module_def"):
			path = frappe.get_app_path("frappe", "core", "doctype", name, f"{name}.json")
			import_file_by_path(path, force=True)
		install_app("frappe")
		frappe.utils.password.update_password("Administrator", admin_password)
		frappe.db.commit()
		for app in install_apps:
			install_app(app)
	finally:
		frappe.destroy()


def make_private(folder: Path) -> None:
	"""Let only their owner read a site's configuration and database, made empty where they are not there yet."""
	for file in {folder / "site_config.json", folder / "db.sqlite3", *folder.glob("db.sqlite3-*")}:
		file.touch(mode=0o600)
		file.chmod(0o600)


def install_app(name: str, force: bool = False) -> None:
	"""Install an app in bench's order: before_install, the others' before_app_install, module records,
	DocTypes and records of its folders, after_install, fixtures."""
	frappe.flags.in_install = name
	try:
		_install(name, force)
	finally:
		frappe.flags.in_install = False
		frappe.clear_cache()


def _install(name: str, force: bool) -> None:
	hooks = frappe.get_hooks(app_name=name)
	if name not in frappe.get_all_apps():
		raise ModuleNotFoundError(f"App {name} stands in no folder beside the host")
	installed = frappe.get_installed_apps()
	if name in installed and not force:
		print(f"App {name} already installed")
		return
	if set(hooks.required_apps or []) - set(installed):
		raise frappe.missing(f"An app that {name} requires")
	print(f"Installing {name}...")
	_call(hooks.before_install)
	if installed:
		_call(frappe.get_hooks("before_app_install"), name)
	add_module_defs(name)
	sync_for(name, force=True)
	_set_installed_apps([*(app for app in installed if app != name), name])
	set_all_patches_as_completed(name)
	_call(hooks.after_install)
	sync_fixtures(name)
	frappe.db.commit()


def _call(methods: list[str] | None, *args: Any) -> None:
	for method in methods or []:
		frappe.get_attr(method)(*args)


def add_module_defs(app: str) -> None:
	for module in frappe.get_module_list(app):
		if not frappe.db.exists("Module Def", module):
			frappe.get_doc(doctype="Module Def", app_name=app, module_name=module, name=module).db_insert()


def _set_installed_apps(apps: list[str]) -> None:
	frappe.db.set_global("installed_apps", json.dumps(apps))
	frappe.clear_cache()


def remove_app(
	app_name: str, dry_run: bool = False, yes: bool = False, no_backup: bool = False, force: bool = False
) -> None:
	"""Take an app off the site: its modules, their DocTypes with all data, and every record of those modules.

	It neither asks nor saves a copy before."""
	if dry_run:
		raise frappe.missing("remove_app with dry_run")
	app = app_name
	if not force and app not in frappe.get_installed_apps():
		print(f"App {app} not installed on Site {frappe.local.site}")
		return
	hooks = frappe.get_hooks(app_name=app)
	frappe.flags.in_uninstall = True
	try:
		_call(hooks.before_uninstall)
		for module in frappe.get_all("Module Def", filters={"app_name": app}, pluck="name"):
			_remove_module(module)
		_set_installed_apps([each for each in frappe.get_installed_apps() if each != app])
		frappe.db.commit()
		_call(hooks.after_uninstall)
	finally:
		frappe.flags.in_uninstall = False
	print(f"Uninstalled App {app} from Site {frappe.local.site}")


def _remove_module(module: str) -> None:
	links = {"options": "Module Def", "fieldtype": "Link", "parent": ["!=", "DocType"]}
	fields = frappe.get_all("DocField", filters=links, fields=["parent", "fieldname"], as_list=True)
	for doctype, fieldname in [*fields, ("DocType", "module"), ("Module Def", "name")]:
		for name in frappe.get_all(doctype, filters={fieldname: module}, pluck="name"):
			print(f"* removing {doctype} '{name}'...")
			frappe.delete_doc(doctype, name, ignore_on_trash=doctype != "DocType", force=True)
