"""Frappe's server API on one process and SQLite.

The names, signatures and behaviour are Frappe 15's; the code is this project's own. What is missing here
raises NotImplementedError with its name: a bench has it.
"""

# ruff: noqa: F401, F403
import importlib
import importlib.util

from frappe.exceptions import *
from frappe.runtime.cache import cache, clear_cache, clear_document_cache
from frappe.runtime.context import (
	STANDARD_USERS,
	are_emails_muted,
	connect,
	destroy,
	get_conf,
	get_roles,
	get_site_config,
	get_site_path,
	get_system_settings,
	init,
	is_setup_complete,
	local,
	set_user,
)
from frappe.runtime.documents import (
	copy_doc,
	delete_doc,
	get_all,
	get_cached_doc,
	get_cached_value,
	get_doc,
	get_last_doc,
	get_list,
	get_meta,
	get_single,
	get_value,
	has_permission,
	is_table,
	new_doc,
	only_has_select_perm,
	reload_doc,
	rename_doc,
	set_value,
)
from frappe.runtime.hooks import (
	append_hook,
	call,
	get_all_apps,
	get_app_path,
	get_attr,
	get_doc_hooks,
	get_hooks,
	get_installed_apps,
	get_module,
	get_module_list,
	get_module_path,
	get_newargs,
	get_pymodule_path,
)
from frappe.runtime.messages import (
	bold,
	clear_last_message,
	clear_messages,
	errprint,
	get_message_log,
	log,
	msgprint,
	publish_progress,
	publish_realtime,
	throw,
)
from frappe.runtime.tools import (
	as_json,
	as_unicode,
	enqueue,
	format,
	format_value,
	generate_hash,
	get_file_json,
	get_template,
	get_traceback,
	log_error,
	logger,
	parse_json,
	render_template,
	respond_as_web_page,
	safe_decode,
	safe_eval,
	scrub,
	sendmail,
	unscrub,
)
from frappe.runtime.web import get_request_header, override_whitelisted_method
from frappe.runtime.whitelist import (
	allowed_http_methods_for_whitelisted_func,
	guest_methods,
	is_whitelisted,
	only_for,
	read_only,
	whitelist,
	whitelisted,
	xss_safe_methods,
)
from frappe.translate import _, _lt
from frappe.types import _dict

__version__ = "15.0.0"
__title__ = "Frappe API (embedded host)"

db = local("db")
qb = local("qb")
conf = local("conf")
flags = local("flags")
form = form_dict = local("form_dict")
request = local("request")
response = local("response")
session = local("session")
user = local("user")
lang = local("lang")
job = local("job")
message_log = local("message_log")
error_log = local("error_log")
debug_log = local("debug_log")


def __getattr__(name: str):
	if not (name.startswith("__") and name.endswith("__")):
		if importlib.util.find_spec(f"frappe.{name}"):
			return importlib.import_module(f"frappe.{name}")
		raise NotImplementedError(f"frappe.{name} is missing in the embedded host; a bench has it")
	raise AttributeError(name)
