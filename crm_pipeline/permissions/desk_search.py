"""Link search, link titles and global search, which in Frappe tell more than lists do."""

from typing import Any

import frappe

from crm_pipeline.permissions.field_levels import refuse_hidden_filters
from crm_pipeline.permissions.listed import listed, listed_or_nothing, may_find
from crm_pipeline.permissions.visibility import ATTACHED, OPPORTUNITIES_ONLY, PIPELINE_DOCTYPES, ROWS
from crm_pipeline.utils.bulk_sql import NO_NAME
from crm_pipeline.utils.search_index import DOCTYPES, is_there
from crm_pipeline.utils.sent_links import CONFIDENTIAL

READING = ["GET", "POST"]
OF_OURS = frozenset((*PIPELINE_DOCTYPES, *OPPORTUNITIES_ONLY, *ROWS, *ATTACHED, "Auto Close Batch", "ToDo"))
LINKABLE = OF_OURS | CONFIDENTIAL | {"Notification Log", "Pipeline View"}
OBEDIENT = OF_OURS | {"Comment", "Version"}
TITLED = frozenset((*PIPELINE_DOCTYPES, "Lead", "Customer", "Supplier"))


@frappe.whitelist(methods=READING)
def validate_link(doctype: str, docname: str, fields: list | str | None = None) -> dict:
	"""Answer as `frappe.client.validate_link` of Frappe 15, but name no record that the user may not find.

	Raises:
		frappe.DoesNotExistError: Frappe 16 has `validate_link_and_fetch` instead, which asks as search does.
	"""
	from frappe import client

	if not hasattr(client, "validate_link"):
		raise frappe.DoesNotExistError
	if not may_find(doctype) or (doctype in LINKABLE and not listed(doctype, {"name": docname})):
		docname = NO_NAME
	return client.validate_link(doctype, docname, fields)


# Frappe's search asks; `_obedient` lets nobody keep it from that.
# nosemgrep: whitelisted-permission
@frappe.whitelist(methods=READING)
def search_link(doctype: str, txt: str = "", **options: Any) -> list:
	"""Search as `frappe.desk.search.search_link`, never past the permissions on opportunities and quotations."""
	options = _obedient(doctype, options)
	from frappe.desk.search import search_link

	return frappe.call(search_link, doctype, txt, **options)


# Frappe's search asks; `_obedient` lets nobody keep it from that.
# nosemgrep: whitelisted-permission
@frappe.whitelist(methods=READING)
def search_widget(doctype: str, txt: str = "", **options: Any) -> list:
	"""Search as `frappe.desk.search.search_widget`, never past the permissions on opportunities and quotations."""
	options = _obedient(doctype, options)
	from frappe.desk.search import search_widget

	return frappe.call(search_widget, doctype, txt, **options)


@frappe.whitelist(methods=READING)
def get_link_title(doctype: str, docname: str) -> str | None:
	"""Return the title that `frappe.desk.search.get_link_title` does; of a hidden record its name only."""
	from frappe.desk.search import get_link_title

	if doctype in TITLED and not (may_find(doctype) and listed(doctype, {"name": docname})):
		return docname
	return get_link_title(doctype, docname)


# Leaves out from what Frappe's function finds for the user.
# nosemgrep: whitelisted-permission
@frappe.whitelist(methods=READING)
def search_everywhere(text: str, start: int = 0, limit: int = 20, doctype: str = "") -> list[dict]:
	"""Search as `frappe.utils.global_search.search`, and leave out what is hidden.

	Where there is no index, on SQLite, Frappe's function raises; here nothing is found.
	"""
	if not is_there():
		return []
	from frappe.utils.global_search import search

	return keep_visible(search(text, start, limit, doctype))


def keep_visible(results: list[dict]) -> list[dict]:
	"""Search results (`doctype`, `name`) without records of ours that lists do not show the session's user.

	Frappe 15 asks the roles alone, and its index may still have what is gone.
	"""
	found = {row["doctype"] for row in results}
	shown = {doctype: _shown(doctype, results) for doctype in DOCTYPES if doctype in found}
	return [row for row in results if row["doctype"] not in shown or row["name"] in shown[row["doctype"]]]


def _shown(doctype: str, results: list[dict]) -> set[str]:
	names = [row["name"] for row in results if row["doctype"] == doctype]
	return set(listed_or_nothing(doctype, {"name": ["in", names]}))


def _obedient(doctype: str, options: dict) -> dict:
	"""Return the options of a search that lists would take.

	Raises:
		FieldOutOfReach
	"""
	if doctype not in OBEDIENT:
		return options
	refuse_hidden_filters(doctype, frappe.parse_json(options.get("filters")))
	return {**options, "ignore_user_permissions": 0}
