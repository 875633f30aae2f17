"""Bring a site in line with the files of its apps."""

from pathlib import Path

import frappe
from frappe.modules import scrub
from frappe.modules.import_file import import_file_by_path


def sync_for(app: str, force: bool = False) -> None:
	"""DocTypes first, then the other records of the module folders, then the roles that permissions name."""
	for path in _files_of(app):
		import_file_by_path(path, force)
	for role in frappe.get_all("DocPerm", pluck="role", distinct=True):
		if not frappe.db.exists("Role", role):
			doc = frappe.get_doc(doctype="Role", role_name=role, desk_access=role not in ("All", "Guest"))
			doc.insert(ignore_permissions=True)


def _files_of(app: str) -> list[Path]:
	"""NAME/NAME.json below each folder of each module."""
	paths = [
		path
		for module in frappe.get_module_list(app)
		for path in sorted(Path(frappe.get_app_path(app, scrub(module))).glob("*/*/*.json"))
		if path.stem == path.parent.name
	]
	return sorted(paths, key=lambda path: path.parents[1].name != "doctype")


def sync_fixtures(app: str) -> None:
	"""Import the app's fixtures/*.json, whatever the site made of them."""
	for path in sorted(Path(frappe.get_app_path(app, "fixtures")).glob("*.json")):
		import_file_by_path(path, force=True)
