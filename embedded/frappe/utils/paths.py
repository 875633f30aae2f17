"""Folders of the site."""

import os

import frappe


def get_site_path(*path: str) -> str:
	return frappe.get_site_path(*path)


def get_site_base_path() -> str:
	return frappe.local.site_path


def get_files_path(*path: str, is_private: bool = False) -> str:
	return get_site_path("private" if is_private else "public", "files", *path)


def touch_file(path: str) -> str:
	with open(path, "a"):
		os.utime(path, None)
	return path
