"""The pipeline page: a document of its own that reads and writes everything else over REST."""

from pathlib import Path

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.sessions import get_csrf_token
from frappe.utils import get_absolute_url
from werkzeug.wrappers import Request, Response

from crm_pipeline.permissions.switch import is_switched_off
from crm_pipeline.processes.sales_processes import processes_to_choose
from crm_pipeline.rules import status

no_cache = 1

LOGIN = "/login?redirect-to=/pipeline"
SECURITY_HEADERS = {
	"Content-Security-Policy": "; ".join(
		(
			"default-src 'none'",
			"script-src 'self'",
			"style-src 'self'",
			"img-src 'self'",
			"connect-src 'self'",
			"base-uri 'none'",
			"form-action 'none'",
			"frame-ancestors 'self'",
		)
	),
	"Cache-Control": "no-store",
	"Referrer-Policy": "same-origin",
	"X-Content-Type-Options": "nosniff",
}
NOT_SHOWN = frozenset(("Section Break", "Column Break", "Tab Break", "HTML", "Button", "Heading", "Fold"))


def get_context(context: frappe._dict) -> None:
	"""Guests go to the login; who may not read opportunities is refused, and told why if they are off."""
	if frappe.session.user == "Guest":
		frappe.local.flags.redirect_location = LOGIN
		raise frappe.Redirect(302)
	context.language = frappe.local.lang or "en"
	context.version = assets_version()
	context.switched_off = frappe.local.flags.pipeline_forbidden = is_switched_off(frappe.session.user)
	if not context.switched_off:
		describe_board(context)
	frappe.local.flags.pipeline_page = True


def describe_board(context: frappe._dict) -> None:
	"""Give the page what it needs before it asks for opportunities."""
	frappe.has_permission("Opportunity", "read", throw=True)
	context.title = _("Pipeline")
	context.may_write = frappe.has_permission("Opportunity", "write")
	context.csrf_token = get_csrf_token()
	context.processes = processes_to_choose()
	context.desk_form = get_absolute_url("Opportunity", "")
	context.sections = record_sections()
	context.statuses = frappe.as_json(choices(frappe.get_meta("Opportunity").get_field("status")))
	context.in_play = frappe.as_json([each for each in status.STATUSES if each in status.IN_PLAY])


def add_security_headers(response: Response | None = None, request: Request | None = None) -> None:
	"""Protect the page, as hook `after_request`, wherever it is served from, and nothing else."""
	if response is not None and frappe.local.flags.pipeline_page:
		response.headers.update(SECURITY_HEADERS)
		if frappe.local.flags.pipeline_forbidden:
			response.status_code = 403


def assets_version(page: str = "pipeline") -> str:
	"""Changes with every change of a page's files, which browsers may keep for a year."""
	folder = Path(frappe.get_app_path("crm_pipeline", "public", page))
	newest = max(file.stat().st_mtime_ns for file in folder.rglob("*"))
	return f"{newest // 1_000_000:x}"


def record_sections() -> list[dict]:
	"""Return the fields of an opportunity as people read them: sections with `title` and `fields`.

	A field has `name`, `label`, `type`, `options` and, where its values are words, `words` to show them with
	(JSON). Fields that the site added come last.
	"""
	meta = frappe.get_meta("Opportunity")
	groups = [(title, [meta.get_field(name) for name in names]) for title, names in field_groups()]
	grouped = {name for _title, names in field_groups() for name in names}
	added = [df for df in meta.fields if df.get("is_custom_field") and df.fieldname not in grouped]
	groups.append((_("More Information"), [df for df in added if df.fieldtype not in NOT_SHOWN]))
	return [
		{"title": title, "fields": [describe(df) for df in fields if df and not df.hidden]}
		for title, fields in groups
	]


def field_groups() -> list[tuple[str, list[str]]]:
	return [
		(_("Follow-up"), ["next_contact_date", "next_contact_by", "to_discuss", "waiting_for"]),
		(_("Pause"), ["paused_until", "pause_reason"]),
		(
			_("Outcome"),
			[
				"closed_on",
				"close_revenue",
				"base_close_revenue",
				"lost_reasons",
				"competitors",
				"order_lost_reason",
			],
		),
		(
			_("Opportunity"),
			[
				"sales_stage",
				"probability",
				"weighted_amount",
				"base_opportunity_amount",
				"conversion_rate",
				"inverse_rate",
				"expected_closing",
				"opportunity_owner",
				"sales_process",
				"opportunity_type",
				"source",
				"campaign",
				"transaction_date",
			],
		),
		(_("Contact"), ["contact_person", "contact_email", "contact_mobile", "territory", "country"]),
		(_("Requirement"), ["customer_need", "proposed_solution"]),
		(_("Items"), ["items"]),
		(
			_("Response"),
			["first_responded_on", "mins_to_first_response", "last_contacted_on", "last_response_on"],
		),
	]


def describe(df: Document) -> dict:
	words = choices(df)
	return {
		"name": df.fieldname,
		"label": _(df.label or df.fieldname),
		"type": df.fieldtype,
		"options": df.options or "",
		"words": frappe.as_json(words) if words else "",
	}


def choices(df: Document) -> dict[str, str]:
	"""Return the values of a field that are words, with their translations: options, or names that Desk translates too."""
	if df.fieldtype == "Select":
		return {value: _(value, context=df.parent) for value in (df.options or "").split("\n") if value}
	if df.fieldtype == "Table MultiSelect":
		return choices(next(each for each in frappe.get_meta(df.options).fields if each.fieldtype == "Link"))
	if df.fieldtype == "Link" and frappe.get_meta(df.options).translated_doctype:
		names = frappe.get_all(df.options, pluck="name")
		return {name: _(name) for name in names if _(name) != name}
	return {}
