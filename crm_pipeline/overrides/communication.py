"""What happens on Communications: mails and calls on an opportunity move it."""

from importlib import import_module

import frappe
from frappe import _
from frappe.model.document import Document

from crm_pipeline.mail.judging import judge_at_once, moved_by_mails_on
from crm_pipeline.permissions.own import PIPELINE_DOCTYPES
from crm_pipeline.quoting.rights import refuse_to_move_others
from crm_pipeline.utils.confidential import require_record
from crm_pipeline.utils.sent_links import may_read

REFERENCE = ("reference_doctype", "reference_name")


def judge_new(communication: Document, method: str | None = None) -> None:
	"""Let what somebody sends or notes move its opportunity; what a mailbox takes in is judged afterwards."""
	if not frappe.flags.in_mail_intake:
		judge_at_once(communication)


def judge_linked(communication: Document, method: str | None = None) -> None:
	"""Let what is put on an opportunity later move it then."""
	before = communication.get_doc_before_save()
	moved = before and any(before.get(field) != communication.get(field) for field in REFERENCE)
	if moved and not communication.flags.placed:
		judge_at_once(communication, moved_by_mails_on(*(before.get(field) for field in REFERENCE)))


def right_to_move(doctype: str) -> str:
	"""Return the permission that a mail needs on what it comes to or leaves: an opportunity's status follows its mails."""
	return "write" if doctype in PIPELINE_DOCTYPES else "read"


def refuse_quotation_of_others(doctype: str, name: str) -> None:
	"""Refuse that somebody moves, by way of a quotation, opportunities that they may not change.

	Raises:
		QuotationOfOthers
	"""
	if doctype == "Quotation":
		refuse_to_move_others(frappe.get_doc(doctype, name))


@frappe.whitelist(methods=["POST", "PUT"])
def relink(name: str, reference_doctype: str | None = None, reference_name: str | None = None) -> None:
	"""Put a mail on another document, as Desk's Relink does, and let it move the opportunity it comes to.

	Raises:
		frappe.DoesNotExistError, frappe.PermissionError: the user may not read the mail, or not write what moves by it
		QuotationOfOthers: it comes to or leaves a quotation for opportunities that the user may not change
	"""
	former = frappe.db.get_value("Communication", name, REFERENCE) or (None, None)
	if reference_doctype and reference_name:
		require_record(reference_doctype, reference_name, right_to_move(reference_doctype))
		refuse_quotation_of_others(reference_doctype, reference_name)
	if not may_read(*(former if all(former) else ("Communication", name))):
		frappe.throw(_("{0} {1} not found").format(_("Communication"), name), frappe.DoesNotExistError)
	if all(former):
		require_record(*former, right_to_move(former[0]))
		refuse_quotation_of_others(*former)
	import_module("frappe.email").relink(name, reference_doctype, reference_name)
	if former != (reference_doctype, reference_name):
		judge_at_once(frappe.get_doc("Communication", name), moved_by_mails_on(*former))
