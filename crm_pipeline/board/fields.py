"""Fields of an opportunity that people set on the pipeline page, and what is sent for them."""

from collections.abc import Iterable
from typing import Any

import frappe
from frappe import _
from frappe.model import table_fields
from frappe.model.document import Document
from frappe.utils import cint, cstr, flt

from crm_pipeline.exceptions import FieldNotEditable, StateGone
from crm_pipeline.utils.markup import bold
from crm_pipeline.utils.numbers import NUMBER_TYPES, read_number
from crm_pipeline.utils.sent_values import rows_from
from crm_pipeline.utils.validation import DATE_TYPES, read_date

EDITABLE = (
	"title",
	"opportunity_from",
	"party_name",
	"contact_person",
	"contact_email",
	"contact_mobile",
	"opportunity_amount",
	"currency",
	"amount_follows_quotation",
	"probability",
	"expected_closing",
	"opportunity_owner",
	"source",
	"opportunity_type",
	"campaign",
	"territory",
	"country",
	"next_contact_date",
	"next_contact_by",
	"to_discuss",
	"customer_need",
	"proposed_solution",
	"paused_until",
	"pause_reason",
	"closed_on",
	"close_revenue",
	"close_revenue_currency",
	"lost_reasons",
	"competitors",
	"order_lost_reason",
)
NAMES_OF_ROWS = {"lost_reasons": "lost_reason", "competitors": "competitor"}


def refuse_not_editable(doc: Document, fields: Iterable[str], also: Iterable[str] = ()) -> None:
	"""Refuse fields that nobody sets here, or whose permission level is out of the user's reach.

	Args:
		also: fields besides, such as those that a stage requires.

	Raises:
		FieldNotEditable
	"""
	allowed = {*EDITABLE, *also}.difference(doc.system_fields)
	for field in fields:
		if is_sum_of_items(doc, field):
			frappe.throw(
				_("The amount is the sum of the items. Change these in the opportunity's form."),
				FieldNotEditable,
				title=_("Field Not Editable"),
			)
		if field not in allowed or not is_editable(doc, field):
			frappe.throw(
				_(
					"{0} cannot be set here. Open the opportunity's form, or ask for its permission level."
				).format(bold(_(doc.meta.get_label(field)) if doc.meta.get_field(field) else field)),
				FieldNotEditable,
				title=_("Field Not Editable"),
			)


def is_editable(doc: Document, field: str) -> bool:
	"""Return whether the session's user may set a field of the opportunity on any form."""
	df = doc.meta.get_field(field)
	if is_sum_of_items(doc, field):
		return False
	if not df or df.read_only or (df.fieldtype in table_fields and field not in NAMES_OF_ROWS):
		return False
	level = cint(df.permlevel)
	if not level or frappe.session.user == "Administrator":
		return True
	return level in doc.meta.get_permlevel_access("write", user=frappe.session.user)


def is_sum_of_items(doc: Document, field: str) -> bool:
	return field == "opportunity_amount" and bool(doc.items)


def set_fields(doc: Document, values: dict) -> None:
	"""Set fields as they were sent; names stand for rows."""
	for field, value in values.items():
		if field in NAMES_OF_ROWS:
			doc.set(field, rows_from(value, NAMES_OF_ROWS[field]))
		else:
			doc.set(field, None if value == "" else value)


def differing(doc: Document, values: dict) -> list[str]:
	"""Return the fields of which the opportunity says something else than `values`."""
	return [field for field, value in values.items() if plain(doc, field, value) != present(doc, field)]


def present(doc: Document, field: str) -> Any:
	return plain(doc, field, doc.get(field))


def plain(doc: Document, field: str, value: Any) -> Any:
	"""Return a value that equals another one that means the same.

	Raises:
		ImpossibleDate, ImpossibleNumber, UnreadableList
	"""
	df = doc.meta.get_field(field)
	if field in NAMES_OF_ROWS:
		name = NAMES_OF_ROWS[field]
		if isinstance(value, list):
			return [row if isinstance(row, str) else row.get(name) for row in value]
		return [row[name] for row in rows_from(value, name)]
	if value in (None, ""):
		return 0 if df.fieldtype in (*NUMBER_TYPES, "Check") else None
	if df.fieldtype in DATE_TYPES:
		moment = read_date(value, df.fieldtype, _(df.label))
		return str(moment)[:19]  # as clients are told
	if df.fieldtype == "Check":
		return cint(value)
	if df.fieldtype in NUMBER_TYPES:
		return flt(read_number(value, df.label, df.fieldtype), 9)
	return cstr(value)


def refuse_if_gone(doc: Document, seen: dict) -> None:
	"""Refuse to go on from values that are not the present ones.

	Raises:
		StateGone: it names the fields.
	"""
	if gone := differing(doc, seen):
		frappe.throw(
			_(
				"Somebody else has changed {0} of {1} meanwhile. Nothing was changed: look at it again."
			).format(", ".join(bold(_(doc.meta.get_label(field))) for field in gone), doc.name),
			StateGone,
			title=_("Changed Meanwhile"),
		)
