"""What happens on Communications: mails and calls on an opportunity move it."""

from importlib import import_module

import frappe
from frappe import _
from frappe.model.document import Document

from crm_pipeline.mail.judging import judge_at_once, moved_by_mails_on
from crm_pipeline.permissions.own import PIPELINE_DOCTYPES
from crm_pipeline.permissions.references import refuse_hidden_references, require_right_to_attach
from crm_pipeline.quoting.rights import refuse_to_move_others
from crm_pipeline.utils.sent_links import may_read

REFERENCE = ("reference_doctype", "reference_name")


def refuse_reference(communication: Document, method: str | None = None) -> None:
	"""Refuse that somebody notes a mail or call, or puts it elsewhere, on what they may not change.

	Mails that Frappe sends and takes in are the software's own and ask for no right here.

	Raises:
		frappe.LinkValidationError: it names a record that the user may not read
		frappe.PermissionError, QuotationOfOthers
	"""
	if communication.flags.ignore_permissions:
		return
	refuse_hidden_references(communication)
	here, there = (_reference(each) for each in (communication, communication.get_doc_before_save()))
	if here == there:
		return
	for doctype, name in (here, there):
		if name and doctype in PIPELINE_DOCTYPES and frappe.db.exists(doctype, name):
			refuse_to_move(doctype, name)


def _reference(communication: Document | None) -> tuple[str | None, str | None]:
	if not communication:
		return None, None
	return communication.get("reference_doctype"), communication.get("reference_name")


def judge_new(communication: Document, method: str | None = None) -> None:
	"""Let what somebody sends or notes move its opportunity; what a mailbox takes in is judged afterwards."""
	if not frappe.flags.in_mail_intake:
		judge_at_once(communication)


def judge_linked(communication: Document, method: str | None = None) -> None:
	"""Let what is put on an opportunity later move it then."""
	before = communication.get_doc_before_save()
	moved = before and _reference(before) != _reference(communication)
	if moved and not communication.flags.placed:
		judge_at_once(communication, moved_by_mails_on(*_reference(before)))


def refuse_to_move(doctype: str, name: str) -> None:
	"""Refuse that somebody moves opportunities that they may not change: a status follows the mails on its record.

	Raises:
		frappe.DoesNotExistError, frappe.PermissionError, QuotationOfOthers
	"""
	require_right_to_attach(doctype, name)
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
		refuse_to_move(reference_doctype, reference_name)
	if not may_read(*(former if all(former) else ("Communication", name))):
		frappe.throw(_("{0} {1} not found").format(_("Communication"), name), frappe.DoesNotExistError)
	if all(former):
		refuse_to_move(*former)
	import_module("frappe.email").relink(name, reference_doctype, reference_name)
	if former != (reference_doctype, reference_name):
		judge_at_once(frappe.get_doc("Communication", name), moved_by_mails_on(*former))
