"""What Desk knows from the start of a session."""

import frappe
from frappe.utils import cint

from crm_pipeline.assignment.owner import ASSIGNABLE
from crm_pipeline.assignment.rules import auto_assigning_rules
from crm_pipeline.install import APP
from crm_pipeline.permissions.desk_overrides import WORKSPACES, shown_workspaces
from crm_pipeline.permissions.switch import is_switched_off
from crm_pipeline.permissions.visibility import OPPORTUNITIES_ONLY
from crm_pipeline.rules import colors, money, quotation_status, status


def add_to_boot(bootinfo: frappe._dict) -> None:
	"""Give Desk what its forms need before they ask: currencies, party types, whose owner rules choose."""
	settings = frappe.get_cached_doc("Selling Settings")
	bootinfo.crm_pipeline = {
		"base_currency": settings.base_currency,
		"party_types": settings.allowed_party_types(),
		"decimals": {currency: places for currency, places in decimals().items() if places != 2},
		"status_colors": colors.COLORS,
		"request_colors": colors.SUPPLIER_REQUEST,
		"statuses": {
			"in_play": [each for each in status.STATUSES if each in status.IN_PLAY],
			"ended": [each for each in status.STATUSES if each in status.ENDED],
			"for_new": list(status.FOR_NEW),
		},
		"quotation_statuses": {
			"in_play": quotation_status.IN_PLAY,
			"undecided": quotation_status.UNDECIDED,
			"replaceable": quotation_status.REPLACEABLE,
		},
		"quotation_validity_days": settings.validity_days(),
		"assigned_by_rules": [
			name for name, owned in ASSIGNABLE.items() if auto_assigning_rules(name, owned.field)
		],
	}
	if is_switched_off(frappe.session.user):
		hide_opportunities(bootinfo)
	elif sidebars := bootinfo.get("workspace_sidebar_item"):
		bootinfo.workspace_sidebar_item = reachable_sidebars(sidebars)
		reachable = {bar["label"] for bar in bootinfo.workspace_sidebar_item.values()}
		unreachable = set(WORKSPACES) - reachable
		if icons := bootinfo.get("desktop_icons"):
			bootinfo.desktop_icons = [icon for icon in icons if icon["link_to"] not in unreachable]


def hide_opportunities(bootinfo: frappe._dict) -> None:
	"""Take opportunities out of what Desk offers: rights, search, workspaces, sidebars, icons and apps.

	Each release of Frappe keeps some of these, under names of its own.
	"""
	hide_rights(bootinfo.user)
	if pages := bootinfo.get("allowed_workspaces"):
		bootinfo.allowed_workspaces = shown_workspaces(pages)
	if workspaces := bootinfo.get("workspaces"):
		workspaces["pages"] = shown_workspaces(workspaces["pages"])
	modules = bootinfo.get("module_wise_workspaces") or {}
	for module, names in modules.items():
		modules[module] = [name for name in names if name not in WORKSPACES]
	if sidebars := bootinfo.get("workspace_sidebar_item"):
		bootinfo.workspace_sidebar_item = shown_sidebars(sidebars)
	if icons := bootinfo.get("desktop_icons"):
		bootinfo.desktop_icons = [icon for icon in icons if not is_our_icon(icon)]
	if apps := bootinfo.get("app_data"):
		bootinfo.app_data = [app for app in apps if app["app_name"] != APP]


def hide_rights(rights: dict) -> None:
	"""Take our DocTypes out of every list of what the user may do, and the reports on them."""
	for names in rights.values():
		if isinstance(names, list):
			names[:] = [name for name in names if name not in OPPORTUNITIES_ONLY]
	reports = rights.get("all_reports") or {}
	for name in [name for name, report in reports.items() if report.get("ref_doctype") in OPPORTUNITIES_ONLY]:
		del reports[name]


def shown_sidebars(sidebars: dict[str, dict]) -> dict[str, dict]:
	"""Sidebars without ours, and without what leads to opportunities from those of others."""
	shown = {title: bar for title, bar in sidebars.items() if not is_our_sidebar(bar)}
	for bar in shown.values():
		bar["items"] = [item for item in bar["items"] if not leads_to_opportunities(item)]
	return shown


def reachable_sidebars(sidebars: dict[str, dict]) -> dict[str, dict]:
	"""Sidebars without those of our workspaces that the user may not open, to which Frappe has left no way in them."""
	return {
		title: bar
		for title, bar in sidebars.items()
		if bar["label"] not in WORKSPACES or any(item["link_to"] == bar["label"] for item in bar["items"])
	}


def is_our_sidebar(sidebar: dict) -> bool:
	return sidebar.get("app") == APP or sidebar["label"] in WORKSPACES


def is_our_icon(icon: dict) -> bool:
	return icon["app"] == APP or icon["link_to"] in WORKSPACES


def leads_to_opportunities(item: dict) -> bool:
	"""Return whether a link of a sidebar goes to one of our workspaces, to one of our DocTypes or to a report on one."""
	report = item.get("report") or {}
	return item["link_to"] in WORKSPACES or bool(
		{item["link_to"], report.get("ref_doctype")}.intersection(OPPORTUNITIES_ONLY)
	)


def decimals() -> dict[str, int]:
	"""Decimal places of every currency on the site, in one query."""
	return {
		currency.name: money.decimals(currency.name, cint(currency.decimals) if currency.decimals else None)
		for currency in frappe.get_all("Currency", fields=["name", "decimals"])
	}
