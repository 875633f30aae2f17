"""Masters that are disabled: what names them keeps them, but nothing new names them."""

from typing import NoReturn

import frappe
from frappe import _

from crm_pipeline.exceptions import MasterDisabled
from crm_pipeline.utils.markup import bold


def refuse_disabled(doctype: str | None, name: str | None) -> None:
	"""Refuse a record that is disabled, where its DocType knows that.

	Raises:
		MasterDisabled
	"""
	if not (doctype and name) or not frappe.get_meta(doctype).has_field("disabled"):
		return
	if frappe.db.get_value(doctype, name, "disabled"):
		refuse_as_disabled(doctype, name)


def refuse_as_disabled(doctype: str, name: str) -> NoReturn:
	"""Refuse a record that is known to be disabled.

	Raises:
		MasterDisabled
	"""
	frappe.throw(
		_("{0} {1} is disabled. Enable it first, or choose another.").format(_(doctype), bold(name)),
		MasterDisabled,
		title=_("Disabled"),
	)
