"""Patches: functions of an app that change a site's data, each run once."""

import os
from enum import Enum

import frappe


class PatchType(Enum):
	pre_model_sync = "pre_model_sync"
	post_model_sync = "post_model_sync"


def get_patches_from_app(app: str, patch_type: PatchType | None = None) -> list[str]:
	"""Lines of patches.txt, of one section or of all. Lines before the first section come before the sync."""
	path = frappe.get_app_path(app, "patches.txt")
	section, patches = PatchType.pre_model_sync, []
	if not os.path.exists(path):
		return []
	with open(path) as file:
		lines = [line.split("#")[0].strip() for line in file]
	for line in filter(None, lines):
		if line.startswith("["):
			section = PatchType(line.strip("[]"))
		elif patch_type in (None, section):
			patches.append(line)
	return patches


def run_all(skip_failing: bool = False, patch_type: PatchType | None = None) -> None:
	"""Run what has not run on this site yet; each patch is a transaction of its own."""
	done = set(frappe.get_all("Patch Log", filters={"skipped": 0}, pluck="patch"))
	for app in frappe.get_installed_apps():
		for patch in get_patches_from_app(app, patch_type):
			if patch not in done:
				_run(patch, skip_failing)


def _run(patch: str, skip_failing: bool) -> None:
	print(f"Executing {patch}")
	frappe.flags.in_patch = True
	try:
		run_single(patch)
	except Exception:
		frappe.db.rollback()
		if not skip_failing:
			raise
		_record(patch, skipped=1, traceback=frappe.get_traceback())
	else:
		_record(patch)
	finally:
		frappe.flags.in_patch = False
	frappe.db.commit()


def run_single(patch: str) -> None:
	"""`app.patches.name` calls its execute(); `execute:statement` runs the statement."""
	if patch.startswith("execute:"):
		exec(patch.removeprefix("execute:"), {"frappe": frappe})
	else:
		frappe.get_attr(f"{patch.split()[0]}.execute")()


def _record(patch: str, **values) -> None:
	frappe.get_doc(doctype="Patch Log", patch=patch, **values).insert(ignore_permissions=True)


def set_all_patches_as_completed(app: str) -> None:
	for patch in get_patches_from_app(app):
		_record(patch)
