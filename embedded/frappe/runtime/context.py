"""The state of one request or command."""

import json
import os
from pathlib import Path
from typing import Any

from frappe.types import _dict
from werkzeug.local import Local, release_local

local = Local()

STANDARD_USERS = ("Guest", "Administrator")
DEFAULT_SITES_PATH = Path(__file__).resolve().parents[3] / "sites"


def init(site: str, sites_path: str | os.PathLike | None = None, force: bool = False) -> None:
	"""Prepare the context for `site`. Opens no database.

	:raises frappe.IncorrectSitePath: when the site has no folder."""
	if getattr(local, "initialised", False) and not force:
		return
	import frappe
	from frappe.query_builder import builder

	local.site = site
	local.sites_path = str(sites_path or find_sites_path(site))
	local.site_path = os.path.join(local.sites_path, site)
	if not os.path.isdir(local.site_path):
		raise frappe.IncorrectSitePath(f"{site} does not exist")
	_reset_state()
	local.conf = get_site_config()
	local.lang = local.conf.lang or "en"
	local.qb = builder
	local.initialised = True


def find_sites_path(site: str) -> Path:
	"""The folder of sites: the current one if the site lies there, else `sites` of the checkout."""
	return Path.cwd() if os.path.exists(os.path.join(site, "site_config.json")) else DEFAULT_SITES_PATH


def _reset_state() -> None:
	local.flags = _dict(currently_saving=[], mute_emails=False)
	local.message_log = []
	local.response, local.form_dict, local.session = _dict(docs=[]), _dict(), _dict(data=_dict())
	local.db = local.request = local.jenv = None
	forget()


def forget() -> None:
	"""Drop what was cached for this request."""
	local.cache, local.document_cache, local.role_permissions = {}, {}, {}


def connect(set_admin_as_user: bool = True) -> None:
	"""Open the site's database, as Administrator unless told otherwise."""
	from frappe.database.database import Database

	local.db = Database()
	if set_admin_as_user:
		set_user("Administrator")


def destroy() -> None:
	"""Close the database and forget the context."""
	database = getattr(local, "db", None)
	release_local(local)
	if database:
		database.close()


def set_user(username: str) -> None:
	"""Act as `username` from here on; what was cached for the former user is dropped."""
	local.session.update(user=username, sid=username, data=local.session.data or _dict())
	local.form_dict, local.jenv = _dict(), None
	forget()


def get_site_config() -> _dict:
	"""common_site_config.json overlaid with the site's own site_config.json."""
	config = _dict()
	for folder, name in (
		(local.sites_path, "common_site_config.json"),
		(local.site_path, "site_config.json"),
	):
		path = Path(folder, name)
		if path.exists():
			config.update(json.loads(path.read_text()))
	return config


def get_site_path(*parts: str) -> str:
	return os.path.join(local.site_path, *parts)


def are_emails_muted() -> bool:
	return bool(local.flags.mute_emails or local.conf.mute_emails)


def is_setup_complete() -> bool:
	"""Tell whether the site was told its country, currency and time zone, which this host does by itself."""
	return bool(get_system_settings("setup_complete"))


def get_system_settings(key: str) -> Any:
	"""A value of System Settings; while the host itself is being installed, what is stored of it so far."""
	from frappe.runtime.documents import get_cached_doc

	if local.flags.in_install == "frappe":
		return local.db.get_singles_dict("System Settings").get(key)
	return get_cached_doc("System Settings").get(key)
