"""Asking suppliers for rates: a draft supplier quotation for each of them, with the rows of an opportunity and no rates."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import format_date, getdate, now_datetime, today

from crm_pipeline.exceptions import (
	AnswerDatePast,
	OpportunityEnded,
	RequestItemsMissing,
	RequestNotWaiting,
	RequestSuppliersMissing,
	SupplierAddressMissing,
)
from crm_pipeline.money.exchange_rates import base_currency
from crm_pipeline.money.party_currency import currency_of
from crm_pipeline.permissions.field_levels import hidden_fields
from crm_pipeline.quoting import request_mails
from crm_pipeline.quoting.request_links import revoke
from crm_pipeline.rules import status
from crm_pipeline.rules.supplier_request import ANSWERED, WAITING
from crm_pipeline.utils.bulk_sql import in_list
from crm_pipeline.utils.guarded_document import act_as_software
from crm_pipeline.utils.locking import hold_file, translate_conflicts
from crm_pipeline.utils.markup import bold, escaped

ROW_FIELDS = ("item_code", "item_name", "description", "qty", "uom")


class Standing(NamedTuple):
	"""A request to a supplier that is not settled yet, and which rows of the opportunity it asks for."""

	name: str
	supplier: str
	row: str


class RequestOutcome(NamedTuple):
	"""What asking suppliers came to: names of requests by supplier, and suppliers without an address."""

	requested: dict[str, str]
	standing: dict[str, str]
	no_address: list[str]


def ask(
	opportunity: Document,
	suppliers: list[str],
	items: list[str],
	answer_by: date | None,
	message: str | None,
	send: bool,
) -> RequestOutcome:
	"""Ask suppliers for rates of rows that none of their standing requests has yet.

	Args:
		items: names of rows of the opportunity; all if there are none.
		send: mail the link to their contacts; whoever has no address is not asked then.

	Raises:
		OpportunityEnded, RequestItemsMissing, RequestSuppliersMissing, SupplierAddressMissing, AnswerDatePast,
		RequestTemplateMissing, MasterDisabled, ExchangeRateMissing
	"""
	_refuse_ended(opportunity)
	rows = _chosen_rows(opportunity, items)
	_require_sensible(suppliers, answer_by)
	reachable = [each for each in suppliers if not send or request_mails.address_of(each)]
	if send:
		_require_reachable(suppliers, reachable)
		request_mails.require_template(request_mails.REQUEST)
	asked = RequestOutcome({}, {}, [each for each in suppliers if each not in reachable])
	with translate_conflicts("Opportunity", opportunity.name):
		_hold(opportunity.name)
		known = standing_requests(opportunity.name, suppliers)
	for supplier in reachable:
		theirs = {each.row: each.name for each in known if each.supplier == supplier}
		missing = [row for row in rows if row.name not in theirs]
		if not missing:
			asked.standing[supplier] = theirs[rows[-1].name]
			continue
		request = _make(opportunity, supplier, missing, answer_by)
		asked.requested[supplier] = request.name
		if send:
			_send(request, message)
	return asked


def standing_requests(opportunity: str, suppliers: Iterable[str]) -> list[Standing]:
	"""Return what suppliers have been asked for an opportunity and neither declined nor had settled."""
	request, row = frappe.qb.DocType("Supplier Quotation"), frappe.qb.DocType("Supplier Quotation Item")
	query = (
		frappe.qb.from_(request)
		.join(row)
		.on((row.parent == request.name) & (row.parenttype == "Supplier Quotation"))
		.select(request.name, request.supplier, row.opportunity_item)
		.where((request.docstatus == 0) & request.request_status.isin([*WAITING, ANSWERED]))
		.where((row.opportunity == opportunity) & request.supplier.isin(in_list(suppliers)))
		.orderby(request.creation)
	)
	return [Standing(*found) for found in query.for_update().run()]


def send_again(request: Document) -> None:
	"""Mail a request once more, with a link that lasts until its present day.

	Raises:
		RequestNotWaiting, SupplierAddressMissing, RequestTemplateMissing
	"""
	_require_waiting(request)
	if not request.contact_email:
		frappe.throw(
			_("Enter the contact's e-mail of {0} first.").format(bold(request.name)),
			SupplierAddressMissing,
			title=_("Address Missing"),
		)
	request_mails.require_template(request_mails.REQUEST)
	_send(request, None)


def withdraw(request: Document) -> None:
	"""Make a request a plain draft again whose link opens nothing any more.

	Raises:
		RequestNotWaiting
	"""
	_require_waiting(request)
	revoke(request.name)
	act_as_software(request)
	request.update({"requested_on": None, "opened_on": None, "answered_on": None, "decline_reason": None})
	request.save()
	request.add_comment("Info", _("withdrew the request; its link is void"))


def _refuse_ended(opportunity: Document) -> None:
	if opportunity.status in status.ENDED:
		frappe.throw(
			_("{0} is {1}: its rates are not needed any more. Reopen it first.").format(
				bold(opportunity.name), bold(_(opportunity.status, context="Opportunity"))
			),
			OpportunityEnded,
			title=_("Opportunity Ended"),
		)


def _chosen_rows(opportunity: Document, items: list[str]) -> list[Document]:
	known = {row.name: row for row in opportunity.items}
	if not known or not set(items) <= known.keys():
		frappe.throw(
			_("Choose items of opportunity {0}. Enter them there first.").format(bold(opportunity.name)),
			RequestItemsMissing,
			title=_("Items Missing"),
		)
	return [row for row in opportunity.items if not items or row.name in items]


def _require_sensible(suppliers: list[str], answer_by: date | None) -> None:
	if not suppliers:
		frappe.throw(
			_("Choose at least one supplier."), RequestSuppliersMissing, title=_("Suppliers Missing")
		)
	if answer_by and getdate(answer_by) < getdate(today()):
		frappe.throw(
			_("Answer By must not be past. Choose today or a later day."),
			AnswerDatePast,
			title=_("Day Past"),
		)


def _require_reachable(suppliers: list[str], reachable: list[str]) -> None:
	if not reachable:
		frappe.throw(
			_(
				"Nobody of {0} has an e-mail address. Give each a contact with one, or ask without mail."
			).format(", ".join(bold(each) for each in suppliers)),
			SupplierAddressMissing,
			title=_("Address Missing"),
		)


def _require_waiting(request: Document) -> None:
	if request.docstatus or not request.requested_on:
		frappe.throw(
			_("{0} is no request that a supplier can answer. Ask for rates from the opportunity.").format(
				bold(request.name)
			),
			RequestNotWaiting,
			title=_("No Open Request"),
		)


def _hold(opportunity: str) -> None:
	"""Let a second click wait here, or be told, until this one has committed. A write, since PostgreSQL and SQLite see no
	row that was inserted meanwhile."""
	table = frappe.qb.DocType("Opportunity")
	hold_file()
	frappe.qb.update(table).set(table.title, table.title).where(table.name == opportunity).run()


def _make(opportunity: Document, supplier: str, rows: list[Document], answer_by: date | None) -> Document:
	hidden = hidden_fields("Opportunity Item", "Opportunity")
	fields = [field for field in ROW_FIELDS if field not in hidden]
	request = frappe.get_doc(
		{
			"doctype": "Supplier Quotation",
			"supplier": supplier,
			"opportunity": opportunity.name,
			"currency": currency_of("Supplier", supplier) or base_currency(),
			"requested_on": now_datetime(),
			"answer_by": answer_by,
			"items": [
				{
					**{field: row.get(field) for field in fields},
					"rate": 0,  # else the item's selling rate would be filled in
					"opportunity": opportunity.name,
					"opportunity_item": row.name,
				}
				for row in rows
			],
		}
	)
	request.flags.by_software = True  # it keeps when it was asked for; rights are asked all the same
	return request.insert()


def _send(request: Document, message: str | None) -> None:
	request_mails.send(request, request_mails.REQUEST, message)
	if request.answer_by:
		text = _("asked {0} by mail for rates until {1}").format(
			escaped(request.contact_email), format_date(request.answer_by)
		)
	else:
		text = _("asked {0} by mail for rates").format(escaped(request.contact_email))
	request.add_comment("Info", text)
