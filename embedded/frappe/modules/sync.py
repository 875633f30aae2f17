"""Bring a site in line with the files of its apps."""

import os
import sys

import frappe
from frappe.modules import scrub
from frappe.modules.import_file import import_file_by_path
from frappe.utils import update_progress_bar


def sync_all(force: bool = False) -> None:
	for app in frappe.get_installed_apps():
		sync_for(app, force)
	frappe.clear_cache()


def sync_for(app: str, force: bool = False) -> None:
	"""DocTypes first, then the other records of the module folders, then the roles that permissions name."""
	doctypes, records = _files_of(app)
	for index, path in enumerate(doctypes + records):
		import_file_by_path(path, force)
		if sys.stdout.isatty():
			update_progress_bar(f"Updating DocTypes for {app}", index, len(doctypes + records))
	_create_missing_roles()


def _files_of(app: str) -> tuple[list[str], list[str]]:
	"""NAME/NAME.json below each folder of each module: those of DocTypes, and all others."""
	doctypes, records = [], []
	for module in frappe.get_module_list(app):
		module_folder = frappe.get_app_path(app, scrub(module))
		for kind in sorted(os.listdir(module_folder)) if os.path.isdir(module_folder) else []:
			files = _records_in(os.path.join(module_folder, kind))
			(doctypes if kind == "doctype" else records).extend(files)
	return doctypes, records


def _records_in(folder: str) -> list[str]:
	if not os.path.isdir(folder):
		return []
	paths = [os.path.join(folder, name, f"{name}.json") for name in sorted(os.listdir(folder))]
	return [path for path in paths if os.path.exists(path)]


def _create_missing_roles() -> None:
	needed = frappe.db.sql_list("select distinct role from `tabDocPerm` where role is not null")
	for role in needed:
		if not frappe.db.exists("Role", role):
			doc = frappe.get_doc(doctype="Role", role_name=role, desk_access=role not in ("All", "Guest"))
			doc.insert(ignore_permissions=True)


def sync_fixtures(app: str | None = None) -> None:
	"""Import each app's fixtures/*.json, whatever the site made of them."""
	frappe.flags.in_fixtures = True
	for each in [app] if app else frappe.get_installed_apps():
		folder = frappe.get_app_path(each, "fixtures")
		for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
			if name.endswith(".json"):
				import_file_by_path(os.path.join(folder, name), force=True)
	frappe.flags.in_fixtures = False


def remove_orphan_doctypes() -> None:
	"""Forget DocTypes whose files are gone. Their tables stay."""
	from frappe.model.base_document import import_controller

	for doctype in frappe.get_all("DocType", filters={"custom": 0}, pluck="name"):
		try:
			import_controller(doctype)
		except (ImportError, frappe.DoesNotExistError):
			print(f"Orphaned DocType found: {doctype}")
			frappe.flags.keep_tables = True
			frappe.delete_doc("DocType", doctype, force=True, ignore_missing=True)
			frappe.flags.keep_tables = False
