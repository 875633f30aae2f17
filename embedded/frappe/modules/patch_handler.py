"""Patches: functions of an app that change a site's data, each run once."""

from configparser import ConfigParser

import frappe

BEFORE_SYNC, AFTER_SYNC = "pre_model_sync", "post_model_sync"


def get_patches(app: str, *sections: str) -> list[str]:
	"""Lines of these sections of patches.txt."""
	parser = ConfigParser(allow_no_value=True, delimiters="\n", inline_comment_prefixes="#")
	parser.optionxform = str
	parser.read(frappe.get_app_path(app, "patches.txt"))
	return [patch for section in sections if section in parser for patch in parser[section]]


def run_all(section: str) -> None:
	"""Run what has not run on this site yet; each patch is a transaction of its own."""
	done = set(frappe.get_all("Patch Log", pluck="patch"))
	for app in frappe.get_installed_apps():
		for patch in get_patches(app, section):
			if patch not in done:
				_run(patch)


def _run(patch: str) -> None:
	"""`app.patches.name` calls its execute()."""
	if patch.startswith("execute:"):
		raise frappe.missing(f"A statement in patches.txt ({patch})")
	print(f"Executing {patch}")
	frappe.flags.in_patch = True
	try:
		frappe.get_attr(f"{patch.split()[0]}.execute")()
	finally:
		frappe.flags.in_patch = False
	_record(patch)
	frappe.db.commit()


def _record(patch: str) -> None:
	frappe.get_doc(doctype="Patch Log", patch=patch).insert(ignore_permissions=True)


def set_all_patches_as_completed(app: str) -> None:
	for patch in get_patches(app, BEFORE_SYNC, AFTER_SYNC):
		_record(patch)
