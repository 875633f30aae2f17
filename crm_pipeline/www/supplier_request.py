"""The page on which a supplier answers one request: a plain form that needs neither account nor JavaScript.

All that it takes from whoever visits it is the link, and what the form sends for that one request.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.rate_limiter import rate_limit
from frappe.utils import cint, flt, get_datetime, getdate
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Request, Response

from crm_pipeline.exceptions import RequestLinkExpired, RequestLinkInvalid
from crm_pipeline.money.exchange_rates import decimals_of
from crm_pipeline.quoting import request_answers, request_files, request_links, request_mails
from crm_pipeline.quoting.request_answers import Answer, OfferedRow, Upload
from crm_pipeline.rules import attachments, money
from crm_pipeline.rules.row_prices import decimals_written
from crm_pipeline.utils.local_formats import day_text, moment_text, number_format_of, number_text
from crm_pipeline.utils.locking import undo_to
from crm_pipeline.utils.markup import text_in
from crm_pipeline.utils.numbers import parse_typed
from crm_pipeline.utils.page_assets import assets_version
from crm_pipeline.utils.validation import read_date
from crm_pipeline.www.pipeline import SECURITY_HEADERS

no_cache = 1
sitemap = 0

VISITS, SECONDS = 60, 60  # from one address
ANSWERS, HOUR = 20, 60 * 60  # to one request, from wherever
COUNTED = "answers_to"  # where the rate limiter looks for what is counted
LONGEST_NOTE = 2000  # characters
LABELS = {
	"rate": ("Unit Price", "Float"),
	"lead_time_days": ("Lead Time (Days)", "Int"),
	"minimum_qty": ("Minimum Quantity", "Float"),
}
HEADERS = {
	**SECURITY_HEADERS,
	"Content-Security-Policy": SECURITY_HEADERS["Content-Security-Policy"]
	.replace("form-action 'none'", "form-action 'self'")
	.replace("frame-ancestors 'self'", "frame-ancestors 'none'"),
	"Referrer-Policy": "no-referrer",  # the address is the key
	"X-Robots-Tag": "noindex, nofollow",
}


def get_context(context: frappe._dict) -> None:
	"""Show the request that the link opens, take the answer that is sent to it, or say why not."""
	frappe.local.flags.supplier_request_page = True
	context.update(version=assets_version("supplier_request"), title=_("Request for Rates"))
	set_page_language(context, frappe.local.lang or "en")
	try:
		request = visit()
	except (RequestLinkInvalid, RequestLinkExpired, frappe.RateLimitExceededError) as error:
		refuse(context, error)
		return
	set_page_language(context, request_mails.language_of(request))
	if frappe.request.method == "POST":
		handle_post(context, request)
	elif frappe.request.method == "GET" and not request_answers.why_closed(request):
		request_answers.mark_opened(request.name)
		frappe.local.flags.commit = True  # which a GET would not
	describe(context, request)


@rate_limit(limit=VISITS, seconds=SECONDS)
def visit() -> Document:
	"""Return the request that the address of the page opens.

	Raises:
		RequestLinkInvalid, RequestLinkExpired, frappe.RateLimitExceededError
	"""
	link = frappe.request.args
	name = request_links.open_link(*(link.get(part) for part in ("name", "expires", "signature")))
	return frappe.get_doc(request_links.DOCTYPE, name)


def set_page_language(context: frappe._dict, language: str) -> None:
	"""Set the language of the rest of the request, the page included."""
	frappe.local.lang = language
	context.update(language=language.replace("_", "-"), direction=request_mails.direction_of(language))


def refuse(context: frappe._dict, error: Exception) -> None:
	"""Show nothing but why the page does not open."""
	frappe.clear_messages()
	frappe.local.flags.supplier_request_status = getattr(error, "http_status_code", 403)
	too_often = isinstance(error, frappe.RateLimitExceededError)
	context.message = _("Too many visits. Please try again in a minute.") if too_often else text_in(error)


def handle_post(context: frappe._dict, request: Document) -> None:
	"""Write what the form sends; then the page is asked for anew, so that reloading it sends nothing twice."""
	form = frappe.request.form
	act = decline if form.get("action") == "decline" else answer
	frappe.db.savepoint("supplier_request")
	try:
		count_answer(request)
		act(request, form)
	except frappe.ValidationError as error:
		undo(error)
		context.update(form=form, problems=problems_of(error))
		frappe.local.flags.supplier_request_status = error.http_status_code
		request.reload()
		return
	except Exception as error:
		undo(error)
		raise
	frappe.local.flags.redirect_location = frappe.request.full_path
	raise frappe.Redirect(303)


def count_answer(request: Document) -> None:
	"""Count an answer to a request, whatever the form calls it.

	Raises:
		frappe.RateLimitExceededError
	"""
	frappe.form_dict[COUNTED] = f"{request.name} of {request.creation}"  # a deleted one's name may come again
	refuse_too_many()


@rate_limit(key=COUNTED, limit=lambda: ANSWERS, seconds=HOUR, ip_based=False)
def refuse_too_many() -> None:
	"""Let Frappe count; what is counted is in the arguments of the request."""


def undo(error: Exception) -> None:
	"""Undo what the answer wrote; after a conflict with another save that is done."""
	frappe.clear_messages()
	if not isinstance(error, frappe.TimestampMismatchError):
		undo_to("supplier_request")


class Unreadable(frappe.ValidationError):
	"""Entries of the form that are no numbers, each with its words."""

	def __init__(self, problems: dict[str, str]) -> None:
		super().__init__(" ".join(problems.values()))
		self.problems = problems


def answer(request: Document, form: MultiDict) -> None:
	"""Take rates, validity, note and file.

	Raises:
		Unreadable, ImpossibleDate, AttachmentRefused, and what `request_answers.answer` does.
	"""
	upload = sent_file()
	if upload:
		request_files.refuse_unfit(*upload)
	given = Answer(offers_in(request, form), valid_till_in(form), note_in(form, "note"), upload)
	request_answers.answer(request.name, given)


def decline(request: Document, form: MultiDict) -> None:
	request_answers.decline(request.name, note_in(form, "reason"))


def sent_file() -> Upload | None:
	sent = frappe.request.files.get("file")
	return Upload(sent.filename, sent.stream) if sent and sent.filename else None


def offers_in(request: Document, form: MultiDict) -> dict[str, OfferedRow]:
	"""Return the offers for the rows that the request has, read as people of its language write numbers.

	Raises:
		Unreadable
	"""
	number_format, problems, offers = number_format_of(frappe.local.lang), {}, {}
	for row in request.items:
		values: list[Any] = []  # None in place of what cannot be read
		for field, (label, fieldtype) in LABELS.items():
			key = f"{field}_{row.name}"
			number, problem = number_in(form.get(key, ""), label, fieldtype, number_format)
			if problem:
				problems[key] = f"{row.item_name or row.item_code}: {text_in(problem)}"
			values.append(number)
		offers[row.name] = OfferedRow(*values)
	if problems:
		raise Unreadable(problems)
	return offers


def number_in(
	text: str, label: str, fieldtype: str, number_format: str
) -> tuple[float | int | None, str | None]:
	"""Return what was typed into a field, 0 if nothing was, or else what is wrong with it."""
	if not text.strip():
		return 0, None
	number, problem = parse_typed(text, label, fieldtype, number_format)
	if number is not None and number < 0:
		return None, _("{0} must not be negative.").format(_(label))
	return number, problem


def valid_till_in(form: MultiDict) -> date | None:
	text = form.get("valid_till", "").strip()
	return read_date(text, "Date", _("Valid Till")) if text else None


def note_in(form: MultiDict, field: str) -> str:
	"""Return a text of the form.

	Raises:
		frappe.CharacterLengthExceededError
	"""
	text = form.get(field, "").replace("\r\n", "\n").strip()
	if len(text) > LONGEST_NOTE:
		frappe.throw(
			_("Please keep your text to {0} characters.").format(LONGEST_NOTE),
			frappe.CharacterLengthExceededError,
		)
	return text


def problems_of(error: Exception) -> dict[str, str]:
	"""Return what is wrong by the field that it is wrong with; by nothing, if it is none of them."""
	if isinstance(error, frappe.RateLimitExceededError):
		return {"": _("Too many answers. Please try again in an hour.")}
	return error.problems if isinstance(error, Unreadable) else {"": text_in(error)}


def describe(context: frappe._dict, request: Document) -> None:
	"""Give the page what it shows of the request, or why that is closed."""
	context.company = request_mails.company_name()
	context.name = request.name
	if reason := closing_words(request):
		context.message = reason
		return
	form, language = context.form, frappe.local.lang
	places = decimals_of(request.currency)
	context.update(
		rows=[row_of(request, row, form, places) for row in request.items],
		currency=request.currency,
		decimals=places,
		total=number_text(request.net_total, language, places) if is_answered(request) else "",
		answer_by=day_text(getdate(request.answer_by), language) if request.answer_by else "",
		valid_till=form.get("valid_till", "") if form else str(request.valid_till or ""),
		note=form.get("note", "") if form else request.supplier_note or "",
		reason=form.get("reason", "") if form else request.decline_reason or "",
		problems=context.problems or {},
		declined=bool(request.decline_reason),
		answered_on=moment_text(get_datetime(request.answered_on), language) if request.answered_on else "",
		files=files_of(request),
		kinds=",".join(f".{kind}" for kind in attachments.KINDS),
		largest=attachments.LARGEST,
		longest_note=LONGEST_NOTE,
		csrf_token=(frappe.session.data or {}).get("csrf_token") or "",
	)


def closing_words(request: Document) -> str | None:
	"""Return what to say of a request that takes no answer; None while it takes one."""
	words: dict[str | None, Callable[[], str]] = {
		request_answers.SETTLED: lambda: _(
			"Your answer is settled. Thank you. To change it, please write to us."
		),
		request_answers.WITHDRAWN: lambda: _("We have withdrawn this request. Thank you for your trouble."),
	}
	why = request_answers.why_closed(request)
	if why:
		return words[why]()
	if request_answers.is_still_needed(request):
		return None
	return _("We do not need these rates any more. Thank you for your trouble.")


def is_answered(request: Document) -> bool:
	return bool(request.answered_on and not request.decline_reason)


def row_of(request: Document, row: Document, form: MultiDict | None, places: int) -> dict:
	"""Return a row as the page shows it: what was typed or, of an earlier answer, what is stored."""
	language = frappe.local.lang
	shown = request_mails.described(row, language)
	shown.update(key=row.name, number=flt(row.qty), amount="")
	for field in LABELS:
		stored = row.get(field) if is_answered(request) else 0
		least = places if field == "rate" else 0
		shown[field] = form.get(f"{field}_{row.name}", "") if form else stored_text(stored, language, least)
	if is_answered(request) and row.rate:
		shown["amount"] = number_text(money.product(row.qty, row.rate, places), language, places)
	return shown


def stored_text(value: Any, language: str, least: int) -> str:
	"""Return a number as it could have been typed.

	Args:
		least: decimals to show where the number has fewer.
	"""
	return number_text(value, language, max(least, decimals_written(value)), grouped=False) if value else ""


def files_of(request: Document) -> list[str]:
	"""Return the names of what the supplier has sent; what the buyer or an earlier supplier attached is not theirs to know."""
	sent = {
		"attached_to_doctype": request.doctype,
		"attached_to_name": request.name,
		"owner": "Guest",
		"creation": [">=", request.requested_on],
	}
	return frappe.get_all("File", sent, pluck="file_name", order_by="creation")


def protect(response: Response | None = None, request: Request | None = None) -> None:
	"""Protect the page and give it its status, as hook `after_request`; nothing else is touched."""
	if response is not None and frappe.local.flags.supplier_request_page:
		response.headers.update(HEADERS)
		response.status_code = cint(frappe.local.flags.supplier_request_status) or response.status_code
