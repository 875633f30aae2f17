"""Everything that was said and planned around a document, whichever related document it was noted on."""

import re
from datetime import datetime

import frappe
from frappe import _
from frappe.utils import get_datetime

from crm_pipeline.board import activities as noting
from crm_pipeline.board import panel, timeline
from crm_pipeline.board.moves import card_of, held, remembered, to_take_back
from crm_pipeline.board.requests import once
from crm_pipeline.parties.related_documents import Documents, related_documents
from crm_pipeline.utils.confidential import require_record
from crm_pipeline.utils.markup import bold, escaped, link_to, text_in
from crm_pipeline.utils.paging import portion
from crm_pipeline.utils.people import as_text

MOST = 200
ON_TIMELINE = 50
EXCERPT = 500
COMMUNICATION_FIELDS = (
	"communication_medium",
	"communication_date",
	"creation",
	"owner",
	"sender",
	"sender_full_name",
	"subject",
	"content",
	"sent_or_received",
)
LINE_END = re.compile(r"<br\s*/?>|</(?:p|div|li|h\d)>")
ICONS = {"Email": "mail", "Phone": "call", "Comment": "small-message", "ToDo": "assign", "Event": "calendar"}


# `related_documents` refuses whoever may not read the record.
# nosemgrep: whitelisted-permission
@frappe.whitelist(methods=["GET"])
def activities(doctype: str, name: str, start: int = 0, limit: int = 50) -> list[dict]:
	"""Mails, calls, comments, tasks and events on a document and on what it came from or led to, newest first.

	Args:
		doctype: Opportunity, Quotation, Supplier Quotation, Lead or Customer.
		start, limit: the portion, at most 200.

	Returns:
		per activity `kind` (the medium of a communication, Comment, ToDo or Event), `doctype`, `name`, `at`,
		`by`, `subject`, `content` (plain text, at most 500 characters), `status`, and the document it was noted
		on, `reference_doctype` and `reference_name`; of communications `own`, 1 if the user wrote it. Only what the
		user may read.
	"""
	related = related_documents(doctype, name)
	start, limit = portion(start, limit, MOST)
	last = start + limit
	found = [*communications(related, last), *comments(related, last), *tasks(related, last)]
	found += events(related, last)
	return sorted(found, key=lambda row: get_datetime(row["at"]), reverse=True)[start:last]


# `held` refuses whoever may not write the record.
# nosemgrep: whitelisted-permission
@frappe.whitelist(methods=["POST"])
def add_activity(
	opportunity: str,
	kind: str,
	text: str,
	at: str | None = None,
	next_contact_date: str | None = None,
	next_contact_by: str | None = None,
	to_discuss: str | None = None,
	due: str | None = None,
	request_id: str | None = None,
) -> dict:
	"""Note what was said about an opportunity, and plan the next contact along.

	Args:
		kind: Note, Call or Meeting; a call counts as contact with the customer.
		at: when a call or meeting took place (YYYY-MM-DD HH:MM:SS, site time), now if left out.
		next_contact_date, next_contact_by, to_discuss: of the next contact; what is left out stays.
		due: when the next contact was due that this was; it is done then.
		request_id: made by the client; the same of the same user is noted once, and answered alike.

	Returns: `card`, `timeline`, the new row as `api.panel.get_timeline` gives it, and `undo`, as `api.moves` does.

	Raises:
		UnknownChoice, OutcomeMissing, FollowUpDone, FollowUpChanged, ImpossibleDate, RequestUnderWay
	"""
	require_record("Opportunity", opportunity, "write")
	step = noting.NextStep(next_contact_date, next_contact_by, to_discuss)

	def act() -> dict:
		doc = held(opportunity)
		known = {row["name"] for row in _said_on(doc.name)}
		_nothing, version = remembered(doc, lambda doc: noting.add(doc, kind, text, at, step, due))
		rows = [row for row in _said_on(doc.name) if row["name"] not in known]
		return {
			"card": card_of(doc.name),
			"timeline": timeline.told(rows),
			"undo": to_take_back(doc, version, _(kind)),
		}

	return once(request_id, act)


# nosemgrep: whitelisted-permission
@frappe.whitelist(methods=["POST"])
def add_task(
	opportunity: str,
	description: str,
	date: str | None = None,
	allocated_to: str | None = None,
	request_id: str | None = None,
) -> dict:
	"""Give somebody, by default oneself, a task on an opportunity that one may write and share.

	Args:
		date: day (YYYY-MM-DD).
		request_id: as of `add_activity`.

	Returns: `card` and the open `tasks`, as `api.panel.get_panel` gives them.

	Raises:
		OutcomeMissing, ImpossibleDate, OpportunityReadOnly, RequestUnderWay
	"""
	require_record("Opportunity", opportunity, "write")

	def act() -> dict:
		noting.add_task(opportunity, description, date, allocated_to)
		return _tasks_on(opportunity)

	return once(request_id, act)


# nosemgrep: whitelisted-permission
@frappe.whitelist(methods=["POST"])
def finish_task(task: str) -> dict:
	"""Close a task on an opportunity, one's own or on what one may write. Returns as `add_task`."""
	return _tasks_on(noting.finish_task(task))


# nosemgrep: whitelisted-permission
@frappe.whitelist(methods=["GET"])
def get_mail_draft(opportunity: str, template: str | None = None) -> dict:
	"""Return a mail to an opportunity's contact: `recipients`, `subject`, `content` (HTML) and `sender`.

	Args:
		template: name of an Email Template, filled in with what the user may read of the opportunity; also as `doc`.
	"""
	return noting.mail_draft(opportunity, template)


def _tasks_on(opportunity: str) -> dict:
	return {"card": card_of(opportunity), "tasks": panel.tasks_of(opportunity)}


def _said_on(opportunity: str) -> list[dict]:
	related = {"Opportunity": [opportunity]}
	return [*communications(related, MOST), *comments(related, MOST)]


def timeline_content(doctype: str, name: str) -> list[dict]:
	"""Return what related documents add to a form's timeline: all that Frappe does not show there by itself."""
	linked = frappe.get_all(
		"Communication Link", filters={"link_doctype": doctype, "link_name": name}, pluck="parent"
	)
	return [
		{
			"icon": ICONS.get(row["kind"], "dot-horizontal"),
			"is_card": 1,
			"creation": str(row["at"]),
			"content": as_card(row),
		}
		for row in activities(doctype, name, limit=ON_TIMELINE)
		if row["name"] not in linked
		and (row["kind"] == "Event" or (row["reference_doctype"], row["reference_name"]) != (doctype, name))
	]


def as_card(row: dict) -> str:
	"""Return an activity as HTML, with links to itself and to the document it was noted on."""
	kind, reference_doctype, status = row["kind"], row["reference_doctype"], row["status"]
	itself = link_to(row["doctype"], row["name"], _(kind))
	origin = link_to(reference_doctype, row["reference_name"])
	where = _("{0} on {1} {2}").format(itself, _(reference_doctype), origin)
	status = f' <span class="indicator-pill gray">{escaped(_(status))}</span>' if status else ""
	head_html = f"{escaped(row['by'])} · {where} · {frappe.format(row['at'], 'Datetime')}{status}"
	subject_html = f"<div>{bold(row['subject'])}</div>" if row["subject"] else ""
	return (
		f'<div class="text-muted small">{head_html}</div>{subject_html}<div>{escaped(row["content"])}</div>'
	)


def communications(related: Documents, limit: int) -> list[dict]:
	"""Mails, calls and the like; whoever reads the document reads them."""
	rows = _noted_on(
		"Communication",
		related,
		("reference_doctype", "reference_name"),
		list(COMMUNICATION_FIELDS),
		{"communication_type": ["in", ["Communication", "Automated Message"]]},
		limit,
		"communication_date",
	)
	return [
		{
			**_activity(
				"Communication",
				row,
				kind=row.communication_medium or "Other",
				at=row.communication_date or row.creation,
				by=as_text(row.sender_full_name) or row.sender,
				subject=row.subject,
				status=row.sent_or_received,
			),
			"own": int(row.owner == frappe.session.user),
		}
		for row in rows
	]


def comments(related: Documents, limit: int) -> list[dict]:
	rows = _noted_on(
		"Comment",
		related,
		("reference_doctype", "reference_name"),
		["creation", "comment_by", "owner", "content"],
		{"comment_type": "Comment"},
		limit,
	)
	return [
		_activity("Comment", row, at=row.creation, by=as_text(row.comment_by) or row.owner) for row in rows
	]


def tasks(related: Documents, limit: int) -> list[dict]:
	"""Tasks; as on Frappe's forms, whoever reads the document sees who is to do what."""
	rows = _noted_on(
		"ToDo",
		related,
		("reference_type as reference_doctype", "reference_name"),
		["creation", "allocated_to", "description as content", "status"],
		{"status": ["!=", "Cancelled"]},
		limit,
	)
	return [_activity("ToDo", row, at=row.creation, by=row.allocated_to, status=row.status) for row in rows]


def events(related: Documents, limit: int) -> list[dict]:
	"""Events in which one of the documents takes part, each once; private ones of others stay private."""
	participants = _noted_on(
		"Event Participants",
		related,
		("reference_doctype", "reference_docname as reference_name"),
		["parent"],
		{"parenttype": "Event"},
		0,
	)
	if not participants or not frappe.has_permission("Event", "read"):
		return []
	origin = {row.parent: row for row in reversed(participants)}
	rows = frappe.get_list(
		"Event",
		filters={"name": ["in", list(origin)]},
		fields=["name", "subject", "description as content", "starts_on", "owner", "status"],
		order_by="starts_on desc",
		limit_page_length=limit,
	)
	return [
		_activity(
			"Event",
			{**origin[row.name], **row},
			at=row.starts_on,
			by=row.owner,
			subject=row.subject,
			status=row.status,
		)
		for row in rows
	]


def _noted_on(
	table: str,
	related: Documents,
	reference: tuple[str, str],
	fields: list[str],
	filters: dict,
	limit: int,
	newest: str = "creation",
) -> list:
	"""Return rows that refer to one of the documents, in the order in which `related` names the DocTypes."""
	type_field, name_field = (field.split(" as ")[0] for field in reference)
	rows = []
	for doctype, names in related.items():
		rows += frappe.get_all(
			table,
			filters={**filters, type_field: doctype, name_field: ["in", names]},
			fields=["name", *reference, *fields],
			order_by=f"{newest} desc",
			limit_page_length=limit,
		)
	return rows


def _activity(
	doctype: str,
	row: dict,
	at: datetime | str,
	by: str | None,
	kind: str | None = None,
	subject: str | None = None,
	status: str | None = None,
) -> dict:
	return {
		"kind": kind or doctype,
		"doctype": doctype,
		"name": row["name"],
		"at": at,
		"by": by,
		"subject": subject,
		"content": text_in(LINE_END.sub("\n", row["content"] or ""))[:EXCERPT],
		"status": status,
		"reference_doctype": row["reference_doctype"],
		"reference_name": row["reference_name"],
	}
