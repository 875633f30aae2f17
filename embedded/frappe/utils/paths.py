"""Folders of the site."""

import frappe


def get_site_path(*path: str) -> str:
	return frappe.get_site_path(*path)
