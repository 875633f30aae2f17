"""Frappe's server API on one process and SQLite.

The names, signatures and behaviour are Frappe 15's; the code is this project's own. What is missing here
raises NotImplementedError with its name: a bench has it.
"""

# ruff: noqa: E402, F401, F403
import sys
from importlib import import_module
from typing import Any

from frappe.runtime.missing import LoudFinder, missing, missing_in

sys.meta_path.insert(0, LoudFinder)

from frappe.exceptions import *
from frappe.runtime.context import STANDARD_USERS, connect, destroy, init, local, set_user
from frappe.runtime.messages import bold, clear_last_message, msgprint, throw
from frappe.runtime.whitelist import is_whitelisted, whitelist
from frappe.translate import _
from frappe.types import _dict

__version__ = "16.0.0"
__title__ = "Frappe API (embedded host)"

db = local("db")
qb = local("qb")
conf = local("conf")
flags = local("flags")
form = form_dict = local("form_dict")
request = local("request")
response = local("response")
session = local("session")
lang = local("lang")

# what is imported from its module when it is first asked for, since most of these import `frappe`
HOMES = {
	"client": "set_value",
	"email": "sendmail",
	"model.create_new": "new_doc",
	"model.db_query": "get_all get_list",
	"model.delete_doc": "delete_doc",
	"model.document": "get_doc",
	"model.mapper": "copy_doc",
	"model.meta": "get_meta",
	"model.rename_doc": "rename_doc",
	"modules": "get_module_path",
	"permissions": "get_roles",
	"runtime.context": "are_emails_muted get_site_config get_site_path get_system_settings is_setup_complete",
	"runtime.documents": "clear_cache clear_document_cache get_cached_doc get_cached_value get_last_doc has_permission"
	" is_table only_has_select_perm",
	"runtime.hooks": "call get_all_apps get_app_path get_attr get_doc_hooks get_hooks get_installed_apps"
	" get_module get_module_list get_newargs",
	"runtime.messages": "clear_messages get_message_log publish_progress publish_realtime",
	"runtime.tools": "as_json generate_hash get_traceback log_error logger parse_json scrub unscrub",
	"runtime.whitelist": "allowed_http_methods_for_whitelisted_func get_request_header guest_methods only_for whitelisted",
	"utils.background_jobs": "enqueue",
	"utils.formatters": "format format_value",
	"utils.jinja": "render_template",
	"utils.safe_exec": "safe_eval",
}
_home_of = {name: home for home, names in HOMES.items() for name in names.split()}


def __getattr__(name: str) -> Any:
	if name.startswith("__"):
		raise AttributeError(name)
	if name in _home_of:
		value = getattr(import_module(f"frappe.{_home_of[name]}"), name)
	else:
		value = missing_in("frappe")(name)
	globals()[name] = value
	return value
