"""What owners are told of under the bell of Desk, where no status shows it."""

import frappe
from frappe import _
from frappe.desk.doctype.notification_log.notification_log import enqueue_create_notification
from frappe.model.document import Document
from frappe.utils import escape_html

from crm_pipeline.rules import status


def tell_owner(opportunity: Document, news: str) -> None:
	"""Notify the owner of an opportunity, or else whoever entered it.

	Args:
		news: HTML.
	"""
	email = frappe.db.get_value("User", opportunity.opportunity_owner or opportunity.owner, "email")
	enqueue_create_notification(
		[email],
		{
			"type": "Alert",
			"document_type": opportunity.doctype,
			"document_name": opportunity.name,
			"subject": news,
		},
	)


def tell_of_mail(opportunity: Document) -> None:
	"""Somebody wrote on a deal that is over, which stays so."""
	title = frappe.bold(escape_html(opportunity.title))
	tell_owner(opportunity, _("New mail on {0}, which is {1}.").format(title, _(opportunity.status)))


def tell_of_order(quotation: str, opportunities: set[str]) -> None:
	"""Something was ordered on deals of which those closed by hand stay closed."""
	for name in frappe.get_all(
		"Opportunity", {"name": ["in", sorted(opportunities)], "status": status.CLOSED}, pluck="name"
	):
		opportunity = frappe.get_doc("Opportunity", name)
		news = _("{0} was ordered, but {1} stays Closed. Reopen it to have it won.").format(
			quotation, frappe.bold(escape_html(opportunity.title))
		)
		tell_owner(opportunity, news)
