"""What users are told of under the bell of Desk, each in their language."""

from collections.abc import Callable
from functools import partial

import frappe
from frappe import _
from frappe.desk.doctype.notification_log.notification_log import (
	enqueue_create_notification,
	make_notification_logs,
)
from frappe.model.document import Document

from crm_pipeline.rules import status
from crm_pipeline.utils.bulk_sql import in_list
from crm_pipeline.utils.markup import bold, escaped
from crm_pipeline.utils.session import in_language_of

Text = Callable[[], str]


def notify(user: str | None, text: Text, *, at_once: bool = False, **reference: str | None) -> None:
	"""Notify a user, if there is one with an address.

	Args:
		text: gives the words, as HTML; called while the user's language is spoken.
		at_once: within this transaction, else in a job after it.
		reference: `document_type` and `document_name`, or `link`.
	"""
	email = frappe.db.get_value("User", user, "email") if user else None
	if not (user and email):
		return
	with in_language_of(user):
		note = frappe._dict(type="Alert", subject=text(), **reference)
	if at_once:
		make_notification_logs(note, [email])
	else:
		enqueue_create_notification([email], note)


def notify_owner(opportunity: Document, text: Text) -> None:
	"""Notify the owner of an opportunity, or else whoever entered it."""
	user = opportunity.opportunity_owner or opportunity.owner
	notify(user, text, document_type=opportunity.doctype, document_name=opportunity.name)


def notify_of_mail(opportunity: Document) -> None:
	"""Notify the owner that somebody wrote on an opportunity that is over, which stays so."""
	title = bold(opportunity.title)
	notify_owner(
		opportunity,
		lambda: _("New mail on {0}, which is {1}.").format(
			title, _(opportunity.status, context="Opportunity")
		),
	)


def notify_of_order(quotation: str, opportunities: list[str]) -> None:
	"""Notify owners that something was ordered on opportunities that were closed by hand and stay so."""
	for name in frappe.get_all(
		"Opportunity", {"name": ["in", in_list(opportunities)], "status": status.CLOSED}, pluck="name"
	):
		opportunity = frappe.get_doc("Opportunity", name)
		notify_owner(
			opportunity,
			partial(_ordered_though_closed, quotation, opportunity.title),
		)


def _ordered_though_closed(quotation: str, title: str) -> str:
	return _("{0} was ordered, but {1} stays Closed. Reopen it to have it won.").format(
		escaped(quotation), bold(title)
	)
