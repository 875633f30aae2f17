"""Mails to suppliers with the link to answer: in the language of each, from templates that the company edits."""

from urllib.parse import urlparse

import frappe
from frappe import _
from frappe.contacts.doctype.contact.contact import get_default_contact
from frappe.model.document import Document
from frappe.utils import get_fullname, get_url, getdate

from crm_pipeline.exceptions import RequestTemplateMissing
from crm_pipeline.follow_ups.calendar import as_text
from crm_pipeline.quoting.request_links import link_to_answer
from crm_pipeline.rules.writing_direction import is_right_to_left
from crm_pipeline.utils.local_formats import day_text, number_text
from crm_pipeline.utils.markup import bold
from crm_pipeline.utils.session import in_language, language_of_site

REQUEST = "Supplier Request"
REMINDER = "Supplier Request Reminder"


def require_template(name: str) -> None:
	"""Refuse to go on where the company has deleted the template.

	Raises:
		RequestTemplateMissing
	"""
	if not frappe.db.exists("Email Template", name):
		frappe.throw(
			_("Make an Email Template of the name {0} first; requests are sent from it.").format(bold(name)),
			RequestTemplateMissing,
			title=_("Email Template Missing"),
		)


def address_of(supplier: str) -> str | None:
	"""Return the e-mail address of a supplier's contact."""
	contact = get_default_contact("Supplier", supplier)
	return frappe.db.get_value("Contact", contact, "email_id") if contact else None


def language_of(request: Document) -> str:
	"""Return the language to speak to the supplier in: theirs, their contact's as a user, or the site's."""
	language = frappe.db.get_value("Supplier", request.supplier, "correspondence_language")
	user = request.contact_person and frappe.db.get_value("Contact", request.contact_person, "user")
	if not language and user:
		language = frappe.db.get_value("User", user, "language")
	return language or language_of_site()


def direction_of(language: str) -> str:
	return "rtl" if is_right_to_left(language) else "ltr"


def company_name() -> str:
	"""Return what the company calls itself to suppliers."""
	name = frappe.get_cached_doc("Selling Settings").company_name
	return name or urlparse(get_url()).hostname or frappe.local.site


def send(request: Document, template: str, message: str | None = None) -> None:
	"""Queue a mail about a request to its contact's address.

	Args:
		message: words of the buyer's own, as text.
	"""
	language = language_of(request)
	with in_language(language):
		letter = frappe.get_cached_doc("Email Template", template).get_formatted_email(
			_context(request, language, message)
		)
	frappe.sendmail(
		recipients=[request.contact_email],
		reference_doctype=request.doctype,
		reference_name=request.name,
		**letter,
	)


def _context(request: Document, language: str, message: str | None) -> dict:
	contact = request.contact_person and frappe.db.get_value("Contact", request.contact_person, "full_name")
	return {
		"name": request.name,
		"company": company_name(),
		"contact": contact or request.supplier_name,
		"sender": get_fullname(request.owner),
		"items": [described(row, language) for row in request.items],
		"answer_by": day_text(getdate(request.answer_by), language) if request.answer_by else "",
		"message": message or "",
		"url": link_to_answer(request),
		"direction": direction_of(language),
	}


def described(row: Document, language: str) -> dict:
	"""Return what a supplier reads of a row, as text: never what the customer pays."""
	return {
		"item_name": row.item_name or row.item_code,
		"description": as_text(row.description),
		"qty": number_text(row.qty, language),
		"uom": _(row.uom),
	}
