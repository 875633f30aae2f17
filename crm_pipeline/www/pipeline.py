"""The pipeline page: a document of its own that reads and writes everything else over REST."""

from base64 import b64encode
from hashlib import sha256

import frappe
from frappe import _
from frappe.email.doctype.email_account.email_account import EmailAccount
from frappe.sessions import get_csrf_token
from frappe.utils import now_datetime
from werkzeug.wrappers import Request, Response

from crm_pipeline.api.pipeline import get_board
from crm_pipeline.board.filters import default_scope, has_team
from crm_pipeline.board.panel import owners
from crm_pipeline.money.exchange_rates import base_currency
from crm_pipeline.permissions.managing import manages_sales
from crm_pipeline.permissions.switch import is_switched_off
from crm_pipeline.permissions.teams import people_of
from crm_pipeline.processes.sales_processes import process_for, processes_to_choose
from crm_pipeline.rules import status
from crm_pipeline.rules.writing_direction import is_right_to_left
from crm_pipeline.utils.desk import desk_form, report_addresses
from crm_pipeline.utils.page_assets import (
	assets_version,
	bundle_of,
	import_map,
	in_markup,
	modules_of,
	sheets_of,
	texts_of,
)
from crm_pipeline.utils.people import name_to_read
from crm_pipeline.utils.time_zones import zones_of

no_cache = 1

LOGIN = "/login?redirect-to=/pipeline"
PAGE = "pipeline"
FETCHED_LATER = (
	"activities",
	"forecast",
	"list",
	"panel",
	"dialogs/",
)  # modules that the page imports when they are needed
CARDS_AT_FIRST = 12  # of each stage: what a screen shows
CONVERSION = "Stage Conversion and Time in Stage"
REPORTS = (
	"Forecast",
	"What Moved",
	CONVERSION,
	"Rotting Opportunities",
	"Owner Performance",
	"Slipping",
	"Probability Check",
)
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
TRANSLATED_NAMES = ("Sales Stage", "Sales Process", "Lost Reason", "Lead Source", "Opportunity Type")


def get_context(context: frappe._dict) -> None:
	"""Guests go to the login; who may not read opportunities is refused, and told why if they are off."""
	if frappe.session.user == "Guest":
		frappe.local.flags.redirect_location = LOGIN
		raise frappe.Redirect(302)
	context.language = frappe.local.lang or "en"
	context.direction = "rtl" if is_right_to_left(context.language) else "ltr"
	context.version = assets_version(PAGE)
	context.switched_off = frappe.local.flags.pipeline_forbidden = is_switched_off(frappe.session.user)
	if not context.switched_off:
		frappe.has_permission("Opportunity", "read", throw=True)
		context.title = _("Pipeline")
		context.sheets = sheets_of(PAGE)
		context.bundle = bundle_of(PAGE)
		if not context.bundle:
			context.modules = [module for module in modules_of(PAGE) if not module.startswith(FETCHED_LATER)]
			context.import_map = import_map(PAGE)
		context.boot = in_markup(boot(context.language))
	frappe.local.flags.pipeline_import_map = context.import_map
	frappe.local.flags.pipeline_page = True


def add_security_headers(response: Response | None = None, request: Request | None = None) -> None:
	"""Protect the page, as hook `after_request`, wherever it is served from, and nothing else."""
	if response is not None and frappe.local.flags.pipeline_page:
		response.headers.update(SECURITY_HEADERS)
		allow_inline(response, frappe.local.flags.pipeline_import_map)
		if frappe.local.flags.pipeline_forbidden:
			response.status_code = 403


def allow_inline(response: Response, script: str | None) -> None:
	"""Let the page carry one script of its own, known by its hash: the map that gives modules their version."""
	if script:
		known = b64encode(sha256(script.encode()).digest()).decode()
		policy = response.headers["Content-Security-Policy"]
		response.headers["Content-Security-Policy"] = policy.replace(
			"script-src 'self'", f"script-src 'self' 'sha256-{known}'"
		)


def boot(language: str) -> dict:
	"""Return what the page needs before it asks for opportunities."""
	user = frappe.session.user
	return {
		"user": user,
		"full_name": name_to_read(user),
		"language": language,
		"csrf_token": get_csrf_token(),
		"texts": texts_of(PAGE),
		"words": words(),
		"now": str(now_datetime()),
		"time_zones": dict(zip(("site", "own"), zones_of(user), strict=True)),
		"number_format": frappe.db.get_default("number_format") or "#,###.##",
		"date_format": frappe.db.get_default("date_format") or "yyyy-mm-dd",
		"first_day_of_the_week": frappe.db.get_default("first_day_of_the_week") or "Sunday",
		"currency": base_currency(),
		"statuses": list(status.STATUSES),
		"in_play": [each for each in status.STATUSES if each in status.IN_PLAY],
		"first": first_board(),
		**what_is_offered(user),
	}


def first_board() -> dict | None:
	"""Return the board that the page opens with, so that it need not ask; None if its address asks for another."""
	if frappe.request and frappe.request.query_string:
		return None
	return get_board(first_process(), filters={"scope": default_scope()}, limit_per_stage=CARDS_AT_FIRST)


def first_process() -> str:
	"""Return the process that the page shows unless it is asked: the default one, or the first that the user may see."""
	default, offered = process_for(None), processes_to_choose()
	return offered[0] if offered and default not in offered else default


def what_is_offered(user: str) -> dict:
	"""Return what the user may do and choose, as far as the page offers it."""
	return {
		"default_scope": default_scope(),
		"team": people_of(user) if has_team() else None,
		"process": first_process(),
		"processes": processes_to_choose(),
		"colleagues": {each["user"]: each["full_name"] for each in owners() if each["user"] != user},
		"party_types": {
			name: _(name) for name in frappe.get_cached_doc("Selling Settings").allowed_party_types()
		},
		"may_write": bool(frappe.has_permission("Opportunity", "write")),
		"may_create": bool(frappe.has_permission("Opportunity", "create")),
		"may_quote": bool(frappe.has_permission("Quotation", "create")),
		**mailing(user),
		"may_override": manages_sales(),
		"desk": desk_addresses(),
	}


def mailing(user: str) -> dict:
	"""Return whether mails can leave from an account, and where one is set up, for who may, in Desk."""
	sender = frappe.db.get_value("User", user, "email")
	account = EmailAccount.find_outgoing(match_by_email=sender, match_by_doctype="Opportunity")
	may_set_up = not account and frappe.has_permission("Email Account", "create")
	return {"may_mail": bool(account), "mail_accounts": desk_form("Email Account") if may_set_up else ""}


def desk_addresses() -> dict | None:
	"""Return where Desk shows what the page names, and the reports on it; None where there is no Desk."""
	forms = {
		"opportunity": "Opportunity",
		"quotation": "Quotation",
		"supplier_quotation": "Supplier Quotation",
	}
	if not desk_form("Opportunity"):
		return None
	reports = [
		{"label": _(name), "address": address, "of_one_process": name == CONVERSION}
		for name, address in report_addresses(REPORTS).items()
	]
	return {"home": "/app", "reports": reports, **{key: desk_form(doctype) for key, doctype in forms.items()}}


def words() -> dict[str, str]:
	"""Return the translations of statuses and of names that are words, where they differ from what is stored."""
	found = {value: _(value, context="Opportunity") for value in status.STATUSES}
	for doctype in TRANSLATED_NAMES:
		found |= {name: _(name) for name in frappe.get_all(doctype, pluck="name")}
	return {word: translated for word, translated in found.items() if word != translated}
