"""The records that every new site starts with."""

import os
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

import frappe
from babel import Locale
from frappe.geo.country_info import get_countries, get_currencies

NO_DESK_ROLES = ("Guest", "All")
ROLES = (
	*("Administrator", "All", "Desk User", "Guest", "System Manager", "Report Manager", "Website Manager"),
	*("Accounts Manager", "Accounts User", "Purchase Manager", "Purchase Master Manager", "Purchase User"),
	*("Sales Manager", "Sales Master Manager", "Sales User"),
)
STANDARD_USERS = (
	{"first_name": "Administrator", "email": "admin@example.com", "is_admin": 1},
	{"first_name": "Guest", "email": "guest@example.com", "is_guest": 1},
)
LANGUAGES = "ar cs da de en es fr it ja nl pl pt pt-BR ru sv tr zh".split()
ENABLED_CURRENCIES = ("INR", "USD", "GBP", "EUR", "AED", "AUD", "JPY", "CNY", "CHF")


def after_install() -> None:
	"""Create what is missing of them; can run twice. Users get the time zone that the site has by then."""
	create_places()
	set_system_settings()
	create_roles_and_users()


def create_roles_and_users() -> None:
	for user_type in ("System User", "Website User"):
		_create("User Type", name=user_type, is_standard=1)
	for role in ROLES:
		_create("Role", role_name=role, desk_access=int(role not in NO_DESK_ROLES))
	for values in STANDARD_USERS:
		role = [{"role": values["first_name"]}]
		defaults = {"enabled": 1, "thread_notify": 0, "send_welcome_email": 0, "roles": role}
		_create("User", name=values["first_name"], **defaults, **values)
	roles = frappe.get_all("Role", filters={"name": ("not in", ("Guest", "All"))}, pluck="name")
	frappe.get_doc("User", "Administrator").add_roles(*roles)


def create_places() -> None:
	for code in LANGUAGES:
		name = Locale.parse(code, sep="-").display_name
		_create("Language", language_code=code, language_name=name)
	for country in get_countries():
		_create("Country", date_format="dd-mm-yyyy", time_format="HH:mm:ss", **country)
	for currency in get_currencies():
		_create("Currency", enabled=int(currency["currency_name"] in ENABLED_CURRENCIES), **currency)


def set_system_settings() -> None:
	"""Answer what a bench's setup wizard asks: country, language, currency, formats and time zone."""
	settings = frappe.get_doc("System Settings")
	if settings.setup_complete:
		return
	settings.update({"country": "United States", "currency": "USD", "language": "en"})
	settings.update({"date_format": "yyyy-mm-dd", "time_format": "HH:mm:ss", "time_zone": local_time_zone()})
	settings.update({"number_format": "#,###.##", "float_precision": "3"})
	settings.update({"rounding_method": "Banker's Rounding", "enable_scheduler": 1, "setup_complete": 1})
	settings.save(ignore_permissions=True)


def local_time_zone() -> str:
	"""Return the IANA name of this machine's time zone, UTC where it has none."""
	zone = os.environ.get("TZ") or str(Path("/etc/localtime").resolve()).partition("zoneinfo/")[2]
	return zone if zone in available_timezones() else "UTC"


def _create(doctype: str, **values: Any) -> None:
	"""Insert a record unless it is there; its name is given, or in the field it is named by."""
	name = values.get("name") or values[frappe.get_meta(doctype).autoname.removeprefix("field:")]
	if not frappe.db.exists(doctype, name):
		frappe.get_doc({"doctype": doctype, **values}).insert(ignore_permissions=True)
