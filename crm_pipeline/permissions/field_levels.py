"""Which fields the session's user may read: permission levels hold on every path of the app."""

from collections.abc import Iterable

import frappe
from frappe import _
from frappe.utils import cint

from crm_pipeline.exceptions import FieldOutOfReach
from crm_pipeline.utils.markup import bold

# Amounts that follow from others: they tell what those say.
_OF_ROWS = {"amount": "rate", "base_rate": "rate", "base_amount": "amount"}
_OF_COSTS = {
	"base_cost_rate": "cost_rate",
	"base_cost": "cost_rate",
	"margin_percentage": "cost_rate",
}
_OF_QUOTATIONS = {"base_net_total": "net_total", "total": "net_total"}
_OF_CUSTOMER_ROWS = {
	**_OF_ROWS,
	"price_list_rate": "rate",
	"discount_amount": "rate",
	"net_rate": "rate",
	"base_net_rate": "net_rate",
	"net_amount": "amount",
	"base_net_amount": "net_amount",
}
_OF_CUSTOMER_QUOTATIONS = {
	**_OF_QUOTATIONS,
	"base_total": "total",
	"discount_amount": "net_total",
	"base_discount_amount": "discount_amount",
	"taxes": "net_total",
	"total_taxes_and_charges": "net_total",
	"base_total_taxes_and_charges": "total_taxes_and_charges",
	"grand_total": "net_total",
	"base_grand_total": "grand_total",
}
_OF_CHARGES = {"total": "tax_amount", "base_tax_amount": "tax_amount", "base_total": "total"}
_OF_MARGIN = dict.fromkeys(("base_margin", "margin_percentage", "passed_margin"), "base_cost")
DERIVED = {
	"Opportunity": {
		"base_opportunity_amount": "opportunity_amount",
		"weighted_amount": "opportunity_amount",
		"total": "opportunity_amount",
		"base_total": "opportunity_amount",
		"base_close_revenue": "close_revenue",
	},
	"Quotation": {**_OF_CUSTOMER_QUOTATIONS, **_OF_MARGIN},
	"Supplier Quotation": _OF_QUOTATIONS,
	"Opportunity Item": _OF_ROWS,
	"Quotation Item": {**_OF_CUSTOMER_ROWS, **_OF_COSTS},
	"Sales Taxes and Charges": _OF_CHARGES,
	"Supplier Quotation Item": _OF_ROWS,
}


def is_readable(
	doctype: str, *fields: str, parent_doctype: str | None = None, user: str | None = None
) -> bool:
	"""Return whether all of these fields are on levels that a user, by default the session's, may read."""
	return hidden_fields(doctype, parent_doctype, user).isdisjoint(fields)


def readable(doctype: str, fields: Iterable[str], parent_doctype: str | None = None) -> list[str]:
	"""Return those of some fields that the session's user may read, in their order."""
	hidden = hidden_fields(doctype, parent_doctype)
	return [field for field in fields if field not in hidden]


def hidden_fields(doctype: str, parent_doctype: str | None = None, user: str | None = None) -> set[str]:
	"""Return the fields of a DocType that are, or follow from, one on a level which the session's user may not read.

	Args:
		parent_doctype: for rows, the DocType that they stand in, whose permissions hold for them.
	"""
	user = user or frappe.session.user
	if user == "Administrator":
		return set()
	meta = frappe.get_meta(doctype)
	high = {df.fieldname: cint(df.permlevel) for df in meta.fields if cint(df.permlevel)}
	if not high:
		return set()
	levels = meta.get_permlevel_access("read", parenttype=parent_doctype, user=user)
	hidden = {field for field, level in high.items() if level not in levels}
	for field, source in DERIVED.get(doctype, {}).items():
		if source in hidden:
			hidden.add(field)
	return hidden


def readable_columns(doctype: str, columns: list[dict]) -> list[dict]:
	"""Return those columns of a report that show nothing out of the session user's reach."""
	hidden = hidden_fields(doctype)
	return [column for column in columns if column["fieldname"] not in hidden]


def refuse_hidden_filters(
	doctype: str, filters: dict | list | tuple | str | None, parent_doctype: str | None = None
) -> None:
	"""Refuse conditions on fields that the session's user may not read: each answer would tell of them.

	Raises:
		FieldOutOfReach
	"""
	for source, path in _filtered(doctype, filters):
		source, field = _resolve(source, path)
		parent = parent_doctype if source == doctype else doctype
		if not is_readable(source, field, parent_doctype=parent):
			refuse_field(source, field)


def refuse_hidden_fields(doctype: str, *fields: str, parent_doctype: str | None = None) -> None:
	"""Refuse to show, narrow, group or add up by fields that the session's user may not read.

	Args:
		parent_doctype: for rows, the DocType that they stand in.

	Raises:
		FieldOutOfReach
	"""
	for field in fields:
		if not is_readable(doctype, field, parent_doctype=parent_doctype):
			refuse_field(doctype, field)


def refuse_field(doctype: str, field: str) -> None:
	"""Say which field is out of reach.

	Raises:
		FieldOutOfReach
	"""
	frappe.throw(
		_("You may not read {0}. Leave it out, or ask for its permission level.").format(
			bold(_(frappe.get_meta(doctype).get_label(field)))
		),
		FieldOutOfReach,
		title=_("Not Permitted"),
	)


def _resolve(doctype: str, path: str) -> tuple[str, str]:
	"""DocType and name of a field that may be given across a link, a table field or the name of a table."""
	*way, field = (part.strip("`") for part in path.split("."))
	if not way:
		return doctype, field
	link = frappe.get_meta(doctype).get_field(way[0])
	return (link.options if link else way[0].removeprefix("tab")), field


def _filtered(doctype: str, filters: dict | list | tuple | str | None) -> Iterable[tuple[str, str]]:
	"""DocType and field of each condition, also of conditions within conditions."""
	if isinstance(filters, dict):
		yield from ((doctype, field) for field in filters)
	elif isinstance(filters, (list, tuple)) and filters:
		if all(isinstance(part, str) for part in filters[:2]) and len(filters) > 2:
			yield (filters[0], filters[1]) if len(filters) > 3 else (doctype, filters[0])
		else:
			for condition in filters:
				yield from _filtered(doctype, condition)
