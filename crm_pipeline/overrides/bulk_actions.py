"""What Desk's lists do to several records of the app at once: each refusal says which record it is about."""

from importlib import import_module
from typing import Any

import frappe
from frappe import _

from crm_pipeline.permissions.own import PIPELINE_DOCTYPES
from crm_pipeline.utils.batches import with_retries
from crm_pipeline.utils.confidential import visible_record
from crm_pipeline.utils.each_record import SHOWN, lines, on_each
from crm_pipeline.utils.markup import bold
from crm_pipeline.utils.notifications import notify
from crm_pipeline.utils.sent_values import names_from, values_from

FEW = 20  # from so many on, a worker does it
MOST = 500
# Of which docstatus a record has to be, and the method.
ACTIONS = {"submit": (0, "submit"), "cancel": (1, "cancel")}


# What is done to each record asks whether the user may.
# nosemgrep: whitelisted-permission
@frappe.whitelist(methods=["POST", "PUT"])
def submit_cancel_or_update_docs(
	doctype: str,
	docnames: list | str,
	action: str = "submit",
	data: dict | str | None = None,
	task_id: str | None = None,
) -> list[str] | None:
	"""Submit, cancel or update several records, as Frappe's function of this name.

	Returns: the names of those that refused, None if a worker goes through them and tells of them.

	Raises:
		frappe.ValidationError: more than 500, or no action that there is.
		UnreadableList, UnreadableValues
	"""
	names = names_from(docnames) if doctype in PIPELINE_DOCTYPES else []
	if doctype not in PIPELINE_DOCTYPES or len(names) > MOST or action not in (*ACTIONS, "update"):
		core = import_module("frappe.desk.doctype.bulk_update.bulk_update")
		return core.submit_cancel_or_update_docs(doctype, docnames, action, data, task_id)
	given: dict[str, Any] = {"doctype": doctype, "names": names, "action": action, "data": values_from(data)}
	if len(names) < FEW:
		refused = act_on_each(**given)
		if refused:
			frappe.msgprint(lines(refused), title=_("Refused"), indicator="red")
		return list(refused)
	frappe.enqueue(act_and_notify, queue="short", timeout=1000, enqueue_after_commit=True, **given)
	frappe.msgprint(
		_("{0} records are changed in the background. A notification tells which were refused.").format(
			len(names)
		),
		alert=True,
	)
	return None


def act_and_notify(doctype: str, names: list[str], action: str, data: dict) -> None:
	"""Act on each, and notify the session's user which refused."""
	refused = act_on_each(doctype, names, action, data)
	text = (
		(lambda: _("{0} of {1} records refused: {2}").format(len(refused), len(names), lines(refused, SHOWN)))
		if refused
		else (lambda: _("{0} records were changed.").format(len(names)))
	)
	user = frappe.session.user
	with_retries(lambda: notify(user, text, at_once=True, document_type=doctype, document_name=names[0]))


def act_on_each(doctype: str, names: list[str], action: str, data: dict) -> dict[str, str]:
	"""Act on records, each committed by itself; returns why some refused, by their names."""
	return on_each(names, lambda name: act_on(doctype, name, action, data))


def act_on(doctype: str, name: str, action: str, data: dict) -> None:
	"""Do one action to one record.

	Raises:
		frappe.DoesNotExistError, frappe.PermissionError, frappe.ValidationError
	"""
	doc = visible_record(doctype, name)
	if action == "update":
		doc.update(data)
		doc.save()
		return
	docstatus, method = ACTIONS[action]
	if doc.docstatus != docstatus:
		frappe.throw(_("It is {0}.").format(bold(_(doc.status, context=doctype))))
	getattr(doc, method)()
