"""What the panel beside the board shows of one opportunity, as far as the session's user may read it."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, cstr, getdate, today

from crm_pipeline.board.fields import EDITABLE, NAMES_OF_ROWS, is_editable
from crm_pipeline.follow_ups import mails
from crm_pipeline.parties.related_documents import parties_of
from crm_pipeline.permissions.field_levels import readable
from crm_pipeline.permissions.visibility import visible
from crm_pipeline.processes.sales_processes import processes_to_choose, stages_of
from crm_pipeline.quoting import request_mails
from crm_pipeline.utils.bulk_sql import in_list
from crm_pipeline.utils.markup import text_in
from crm_pipeline.utils.people import as_text, names_to_read

SHOWN = (
	*EDITABLE,
	"customer_name",
	"company_name",
	"status",
	"sales_process",
	"sales_stage",
	"transaction_date",
	"base_currency",
	"base_opportunity_amount",
	"weighted_amount",
	"conversion_rate",
	"total",
	"base_close_revenue",
	"waiting_for",
	"waiting_since",
	"status_since",
	"last_contacted_on",
	"last_response_on",
	"auto_closed",
	"with_items",
)
ITEM_FIELDS = ("name", "idx", "item_code", "item_name", "description", "qty", "uom", "rate", "amount")
PEOPLE = ("opportunity_owner", "next_contact_by")
# They are filled in with more than an opportunity.
OF_THE_APP = {mails.REMINDER, mails.DIGEST, request_mails.REQUEST, request_mails.REMINDER}
MOST_TASKS = 50
MOST_CONTACTS = 20


def values_of(doc: Document) -> dict:
	"""Return what the opportunity says in the fields that the panel shows; names for rows of reasons and competitors."""
	return {
		"name": doc.name,
		"modified": str(doc.modified),
		**{field: _value(doc, field) for field in readable("Opportunity", SHOWN)},
	}


def _value(doc: Document, field: str) -> object:
	if name := NAMES_OF_ROWS.get(field):
		return [row.get(name) for row in doc.get(field)]
	value = doc.get(field)
	if doc.meta.get_field(field).fieldtype in ("Date", "Datetime"):
		return cstr(value)[:19] or None
	return value


def fields_of(doc: Document, may_write: bool) -> dict[str, dict]:
	"""Return what those fields are called, and which the user may set here."""
	return {
		field: {
			**_described(doc, field),
			"editable": cint(may_write and field in EDITABLE and is_editable(doc, field)),
		}
		for field in readable("Opportunity", SHOWN)
	}


def _described(doc: Document, field: str) -> dict:
	df = doc.meta.get_field(field)
	return {"label": _(df.label), "type": df.fieldtype, "options": df.options or ""}


def stages_for(doc: Document) -> list[dict]:
	"""Return the stages of its process with what each requires, and whether the opportunity meets it."""
	return [
		{
			"stage": stage.name,
			"label": _(stage.name),
			"type": stage.type,
			"probability": stage.probability,
			"requirements": [
				{
					"fieldname": each.fieldname,
					"label": label,
					"met": cint(met),
					**_type_of(doc, each.fieldname),
				}
				for each, label, met in doc.requirements_for(stage.name)
			],
		}
		for stage in stages_of(doc.sales_process)
	]


def _type_of(doc: Document, field: str | None) -> dict:
	df = field and doc.meta.get_field(field)
	return {"type": df.fieldtype, "options": df.options or ""} if df else {"type": "", "options": ""}


def items_of(doc: Document) -> list[dict]:
	fields = readable("Opportunity Item", ITEM_FIELDS, parent_doctype="Opportunity")
	if not readable("Opportunity", ["items"]):
		return []
	rows = [{field: row.get(field) for field in fields} for row in doc.items]
	return [{**row, "description": text_in(row.get("description"))} for row in rows]


def tasks_of(opportunity: str) -> list[dict]:
	"""Return the open tasks; as on Frappe's forms, whoever reads the document sees who is to do what."""
	rows = frappe.get_all(
		"ToDo",
		filters={"reference_type": "Opportunity", "reference_name": opportunity, "status": "Open"},
		fields=["name", "description", "date", "allocated_to"],
		order_by="date, creation",
		limit=MOST_TASKS,
	)
	return [
		{
			**row,
			"description": text_in(row.description),
			"date": cstr(row.date) or None,
			"overdue": cint(bool(row.date) and getdate(row.date) < getdate(today())),
		}
		for row in rows
	]


def contacts_of(doc: Document) -> list[dict]:
	"""Return the contacts of its party, its own contact first, as far as the user may read them.

	Frappe makes a contact of each user, with the name as it is kept there.
	"""
	if not frappe.has_permission("Contact", "read"):
		return []
	names = [doc.contact_person] if doc.contact_person else []
	for doctype, parties in parties_of(doc.opportunity_from, doc.party_name).items():
		linked = {"parenttype": "Contact", "link_doctype": doctype, "link_name": ["in", in_list(parties)]}
		names += frappe.get_all("Dynamic Link", linked, pluck="parent", limit=MOST_CONTACTS)
	fields = readable("Contact", ["name", "first_name", "last_name", "email_id", "phone", "mobile_no"])
	rows = frappe.get_list("Contact", {"name": ["in", in_list(names)]}, fields, limit=MOST_CONTACTS)
	rows.sort(key=lambda row: (row.name != doc.contact_person, row.name))
	return [
		{
			"name": row.name,
			"full_name": as_text(" ".join(filter(None, (row.get("first_name"), row.get("last_name"))))),
			"email": row.get("email_id"),
			"phone": row.get("mobile_no") or row.get("phone"),
		}
		for row in rows
	]


def people_in(doc: Document, tasks: list[dict]) -> dict[str, str]:
	"""Return the full names of the users that a panel names."""
	users = {*(doc.get(field) for field in PEOPLE), *(task["allocated_to"] for task in tasks)}
	return names_to_read(users)


def choices() -> dict:
	"""Return what dialogs and filters offer to somebody who may read opportunities."""
	return {
		"lost_reasons": _records("Lost Reason"),
		"competitors": _records("Competitor"),
		"sources": _records("Lead Source"),
		"types": _records("Opportunity Type"),
		"owners": owners(),
		"processes": processes_to_choose(),
		"currencies": frappe.get_all("Currency", {"enabled": 1}, pluck="name", order_by="name"),
		"email_templates": [name for name in _names("Email Template") if name not in OF_THE_APP],
		"tags": tags(),
	}


def _names(doctype: str) -> list[str]:
	if not frappe.has_permission(doctype, "read"):
		return []
	return frappe.get_list(doctype, pluck="name", order_by="name", limit_page_length=0)


def _records(doctype: str) -> list[dict]:
	return [{"name": name, "label": _(name)} for name in _names(doctype)]


def owners() -> list[dict]:
	"""Return the users who may own an opportunity: enabled, of Desk, and with a role that writes opportunities."""
	rules = frappe.get_meta("Opportunity").permissions
	roles = sorted({rule.role for rule in rules if rule.write and not cint(rule.permlevel)})
	holders = frappe.get_all(
		"Has Role", {"role": ["in", in_list(roles)], "parenttype": "User"}, pluck="parent"
	)
	filters = {
		"name": ["in", in_list(sorted({*holders}.difference(frappe.STANDARD_USERS)))],
		"enabled": 1,
		"user_type": "System User",
	}
	rows = frappe.get_all("User", filters, ["name", "full_name"], order_by="full_name, name")
	return [{"user": row.name, "full_name": as_text(row.full_name) or row.name} for row in rows]


def tags() -> list[str]:
	"""Return the tags of the opportunities that the user sees."""
	opportunity = frappe.qb.DocType("Opportunity")
	query = frappe.qb.from_(opportunity).select(opportunity["_user_tags"]).distinct()
	rows = query.where(opportunity["_user_tags"] != "").where(visible("Opportunity")).run()
	return sorted({tag for (joined,) in rows for tag in joined.split(",") if tag})
