"""Installation: refuse a clash of names before anything is written, then create what users own from then on."""

import json
from pathlib import Path
from typing import Any

import frappe
from frappe import _

from crm_pipeline.constants import APP
from crm_pipeline.exceptions import DocTypeClash
from crm_pipeline.money.site_currency import FALLBACK_CURRENCY
from crm_pipeline.permissions.core_grants import grant_core_rights
from crm_pipeline.processes.stage_boards import make_stage_board
from crm_pipeline.utils.indexes import index_tables_of_frappe
from crm_pipeline.utils.markup import escaped
from crm_pipeline.utils.search_index import set_up_search

DEFAULTS = Path(__file__).parent / "defaults"
FALLBACK_COUNTRY = "United States"
ADDRESS_TEMPLATE_MADE = "crm_pipeline_address_template"  # the default that tells uninstalling what to remove


def before_install() -> None:
	"""Refuse to install where another app owns one of our DocTypes.

	Raises:
		DocTypeClash: naming each, and the app it belongs to.
	"""
	refuse_clash(
		_(
			"CRM Pipeline cannot be installed on this site. These DocTypes already belong to another app: {0}."
		),
		{name: owner for name in doctypes_of(APP) if (owner := owner_of(name)) not in (None, APP)},
	)


def before_app_install(app: str) -> None:
	"""Refuse another app that brings a DocType of ours.

	Raises:
		DocTypeClash: naming each.
	"""
	if app != APP:
		refuse_other_app(app, ours=set(doctypes_of(APP)))


def after_install() -> None:
	"""Create, where missing, the records that users may edit, rename or delete afterwards."""
	create_defaults("*.json")
	make_stage_board()
	set_up_selling_settings()
	set_up_address_template()
	grant_core_rights()
	set_up_search()
	index_tables_of_frappe()


def create_defaults(pattern: str) -> None:
	"""Create what is missing of the records in the files of `defaults` that match, in their order."""
	for path in sorted(DEFAULTS.glob(pattern)):
		for record in json.loads(path.read_text()):
			create_if_missing(record)


def refuse_other_app(app: str, ours: set[str]) -> None:
	"""Refuse `app` if it brings a DocType whose name is in `ours`."""
	refuse_clash(
		_("{1} cannot be installed beside CRM Pipeline. Both have these DocTypes: {0}."),
		{name: APP for name in doctypes_of(app) if name in ours},
		app,
	)


def refuse_clash(message: str, owners: dict[str, str], *arguments: Any) -> None:
	if owners:
		names = ", ".join(f"{escaped(name)} ({escaped(app)})" for name, app in sorted(owners.items()))
		frappe.throw(message.format(names, *arguments), DocTypeClash, title=_("DocTypes Clash"))


def doctypes_of(app: str) -> list[str]:
	"""Return the names of the DocTypes that an app's module folders bring."""
	modules = [frappe.scrub(module) for module in frappe.get_module_list(app)]
	root = Path(frappe.get_app_path(app))
	files = (path for module in modules for path in root.glob(f"{module}/doctype/*/*.json"))
	return [json.loads(path.read_text())["name"] for path in files if path.stem == path.parent.name]


def owner_of(doctype: str) -> str | None:
	"""Return the app that a DocType on this site belongs to; `custom` if made by hand, None if there is none."""
	module = frappe.db.get_value("DocType", doctype, "module")
	if not module:
		return None
	return frappe.db.get_value("Module Def", module, "app_name") or "custom"


def create_if_missing(record: dict) -> None:
	"""Insert a record unless one of its name is there."""
	doc = frappe.get_doc(record)
	doc.flags.ignore_permissions = True  # installation acts for the system
	if not frappe.db.exists(record["doctype"], record["name"]):
		doc.insert()


def set_up_selling_settings() -> None:
	"""Base currency and party types, where not yet set."""
	settings = frappe.get_doc("Selling Settings")
	if not settings.base_currency:
		settings.base_currency = frappe.db.get_default("currency") or FALLBACK_CURRENCY
	if not settings.party_types:
		settings.set("party_types", [{"party_type": "Lead"}, {"party_type": "Customer"}])
	settings.flags.ignore_permissions = True  # installation acts for the system
	settings.save()


def set_up_address_template() -> None:
	"""Make a default template, without which Frappe cannot show a party's addresses; its setup makes none."""
	if frappe.db.exists("Address Template", {"is_default": 1}):
		return
	template = frappe.get_doc(
		{
			"doctype": "Address Template",
			"country": frappe.db.get_default("country") or FALLBACK_COUNTRY,
			"is_default": 1,
		}
	)
	template.flags.ignore_permissions = True  # installation acts for the system
	template.insert(ignore_if_duplicate=True)
	frappe.db.set_default(ADDRESS_TEMPLATE_MADE, template.name)
