"""The state of one request or command."""

import json
import os
from pathlib import Path

from frappe.types import _dict
from werkzeug.local import Local, release_local

local = Local()

STANDARD_USERS = ("Guest", "Administrator")
DEFAULT_SITES_PATH = Path(__file__).resolve().parents[3] / "sites"


def init(site: str, sites_path: str | os.PathLike | None = None, force: bool = False, **_unused) -> None:
	"""Prepare the context for `site`. Opens no database.

	:raises frappe.IncorrectSitePath: when the site has no folder."""
	if getattr(local, "initialised", False) and not force:
		return
	import frappe
	from frappe.modules import module_apps
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
	local.module_app = module_apps()
	local.initialised = True


def find_sites_path(site: str) -> Path:
	"""The folder of sites: $EMBEDDED_SITES, else the current one if the site lies there, else `sites` of the checkout."""
	if folder := os.environ.get("EMBEDDED_SITES"):
		return Path(folder)
	return Path.cwd() if os.path.exists(os.path.join(site, "site_config.json")) else DEFAULT_SITES_PATH


def _reset_state() -> None:
	local.flags = _dict(currently_saving=[], mute_emails=False)
	local.message_log, local.error_log, local.debug_log = [], [], []
	local.response, local.form_dict, local.session = _dict(docs=[]), _dict(), _dict(data=_dict())
	local.cache, local.request_cache, local.document_cache = {}, {}, {}
	local.role_permissions, local.user_perms, local.user = {}, None, None
	local.db, local.request, local.job, local.jenv = None, None, None, None
	local.response_headers, local.rollback_observers = None, []
	local.request_ip, local.task_id, local.no_cache = None, None, False
	local.dev_server = False


def connect(site: str | None = None, db_name: str | None = None, set_admin_as_user: bool = True) -> None:
	"""Open the site's database, as Administrator unless told otherwise."""
	from frappe.database import get_db

	if site:
		init(site)
	local.db = get_db(db_name)
	if set_admin_as_user:
		set_user("Administrator")


def destroy() -> None:
	"""Close the database and forget the context."""
	if getattr(local, "db", None):
		local.db.close()
	release_local(local)


def set_user(username: str) -> None:
	"""Act as `username` from here on; what was cached for the former user is dropped."""
	local.session.update(user=username, sid=username, data=local.session.data or _dict())
	local.cache, local.form_dict, local.role_permissions = {}, _dict(), {}
	local.document_cache, local.user_perms, local.user, local.jenv = {}, None, None, None


def get_site_config(sites_path: str | None = None, site_path: str | None = None) -> _dict:
	"""common_site_config.json overlaid with the site's own site_config.json."""
	config = _dict()
	for folder, name in (
		(sites_path or local.sites_path, "common_site_config.json"),
		(site_path or local.site_path, "site_config.json"),
	):
		path = os.path.join(folder, name)
		if os.path.exists(path):
			with open(path) as file:
				config.update(json.load(file))
	return config


def get_conf(site: str | None = None) -> _dict:
	if site and site != getattr(local, "site", None):
		raise NotImplementedError("frappe.get_conf of another site: the embedded host has one site, a bench has it")
	return local.conf


def get_site_path(*parts: str) -> str:
	return os.path.join(local.site_path, *parts)


def get_roles(username: str | None = None) -> list[str]:
	from frappe import permissions

	return permissions.get_roles(username or local.session.user)


def is_setup_complete() -> bool:
	"""A site of the embedded host needs no setup wizard: new-site finishes it."""
	return bool(getattr(local, "db", None))


def are_emails_muted() -> bool:
	return bool(local.flags.mute_emails or local.conf.mute_emails)


def get_system_settings(key: str):
	"""A value of System Settings; while the host itself is being installed, what is stored of it so far."""
	from frappe.runtime.documents import get_cached_doc

	if local.flags.in_install == "frappe":
		return local.db.get_singles_dict("System Settings").get(key)
	if "system_settings" not in local.cache:
		local.cache["system_settings"] = get_cached_doc("System Settings")
	return local.cache["system_settings"].get(key)
