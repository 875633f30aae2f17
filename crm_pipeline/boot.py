"""What Desk knows from the start of a session."""

import frappe
from frappe.utils import cint

from crm_pipeline.controllers.assignment_rules import choosing_rules
from crm_pipeline.controllers.owned import OWNED
from crm_pipeline.permissions.desk_overrides import WORKSPACE, shown_workspaces
from crm_pipeline.permissions.switch import is_switched_off
from crm_pipeline.permissions.visibility import OPPORTUNITIES_ONLY
from crm_pipeline.rules import money


def add_to_boot(bootinfo) -> None:
	"""Give Desk what its forms need before they ask: currencies, party types, whose owner rules choose."""
	settings = frappe.get_cached_doc("Selling Settings")
	bootinfo.crm_pipeline = {
		"base_currency": settings.base_currency,
		"party_types": [row.party_type for row in settings.party_types],
		"decimals": {currency: places for currency, places in decimals().items() if places != 2},
		"assigned_by_rules": [name for name, owned in OWNED.items() if choosing_rules(name, owned.field)],
	}
	if is_switched_off(frappe.session.user):
		hide_opportunities(bootinfo)


def hide_opportunities(bootinfo) -> None:
	"""Take opportunities out of what Desk offers: menus, search and our workspace."""
	for rights in bootinfo.user.values():
		if isinstance(rights, list):
			rights[:] = [right for right in rights if right not in OPPORTUNITIES_ONLY]
	if bootinfo.allowed_workspaces:  # Frappe 15
		bootinfo.allowed_workspaces = shown_workspaces(bootinfo.allowed_workspaces)
	if bootinfo.sidebar_pages:  # Frappe 16
		bootinfo.sidebar_pages["pages"] = shown_workspaces(bootinfo.sidebar_pages["pages"])
		for app in bootinfo.app_data:
			app["workspaces"] = [each for each in app["workspaces"] if each != WORKSPACE]


def decimals() -> dict[str, int]:
	"""Decimal places of every currency on the site, in one query."""
	return {
		currency.name: money.decimals(currency.name, cint(currency.decimals) if currency.decimals else None)
		for currency in frappe.get_all("Currency", fields=["name", "decimals"])
	}
