"""What a document as a whole must pass: the user's permissions, and the checks on its own fields and its rows."""

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.model import datetime_fields, table_fields
from frappe.types import _dict

if TYPE_CHECKING:
	from frappe.model.base_document import BaseDocument


class DocumentChecks:
	"""Mixed into documents."""

	# permissions

	def check_permission(self, permtype: str = "read") -> None:
		"""
		:raises frappe.PermissionError: when the user may not do this to the document."""
		if not self.has_permission(permtype):
			frappe.permissions.check_doctype_permission(self.doctype, permtype)
			message = _("You need the '{0}' permission on {1} {2} to perform this action.")
			message = message.format(_(permtype), frappe.bold(_(self.doctype)), self.name or "")
			frappe.flags.error_message = message
			raise frappe.PermissionError

	def has_permission(self, permtype: str = "read", *, user: str | None = None) -> bool:
		if not self.flags.ignore_permissions:
			question = {"doctype": self.doctype, "ptype": permtype, "doc": self}
			return frappe.permissions.has_permission(user=user, **question)
		return True

	def get_permlevel_access(self, permission_type: str = "write") -> list[int]:
		"""The levels on which the user may read, or write, fields."""
		return self.meta.get_permlevel_access(permission_type, self.get("parenttype"))

	def apply_fieldlevel_read_permissions(self) -> None:
		"""Take out what is on a level that the user may not read."""
		for each, df in self._fields_above(self.get_permlevel_access("read")):
			each.__dict__.pop(df.fieldname, None)

	def validate_higher_perm_levels(self) -> None:
		"""Put back what is on a level that the user may not write: to what is stored, or to the default."""
		if self.flags.ignore_permissions or frappe.flags.in_install:
			return
		stored = None if self.is_new() else frappe.get_doc(self.doctype, self.name)
		rows = {row.name: row for row in stored.get_all_children()} if stored else {}
		for each, df in self._fields_above(self.get_permlevel_access("write")):
			if each is self:
				each.set(df.fieldname, (stored or frappe.new_doc(self.doctype)).get(df.fieldname))
			elif each.name in rows:
				each.set(df.fieldname, rows[each.name].get(df.fieldname))

	def _fields_above(self, levels: list[int]) -> Iterator[tuple["BaseDocument", _dict]]:
		"""The fields of the document and its rows, each with whom it is of, that are on none of the levels."""
		if frappe.session.user == "Administrator":
			return
		for each in (self, *self.get_all_children()):
			yield from (
				(each, df) for df in each.meta.fields if df.permlevel > 0 and df.permlevel not in levels
			)

	# values

	def _validate(self) -> None:
		self._validate_mandatory()
		for doc in (self, *self.get_all_children()):
			doc._validate_own_fields()
		if self.is_new():
			self._assign = None
		else:
			self._validate_set_only_once()

	def _validate_mandatory(self) -> None:
		if self.flags.ignore_mandatory:
			return
		docs = (self, *self.get_all_children())
		missing = [each for doc in docs for each in doc._get_missing_mandatory_fields()]
		for _fieldname, message in missing:
			frappe.msgprint(message)
		if missing:
			fields = ", ".join(fieldname for fieldname, _message in missing)
			raise frappe.MandatoryError(f"[{self.doctype}, {self.name}]: {fields}")

	def _validate_links(self) -> None:
		if self.flags.ignore_links or self._action == "cancel":
			return
		is_submittable = bool(self.meta.is_submittable)
		found = [each.get_invalid_links(is_submittable) for each in (self, *self.get_all_children())]
		invalid, cancelled = (
			[message for _field, _name, message in chain.from_iterable(links)]
			for links in zip(*found, strict=True)
		)
		if invalid:
			frappe.throw(_("Could not find {0}").format(", ".join(invalid)), frappe.LinkValidationError)
		if cancelled:
			message = _("Cannot link cancelled document: {0}").format(", ".join(cancelled))
			frappe.throw(message, frappe.CancelledLinkError)

	def _validate_set_only_once(self) -> None:
		previous = self.get_doc_before_save()
		for df in self.meta.get_set_only_once_fields() if previous else ():
			before, after = previous.get(df.fieldname), self.get(df.fieldname)
			if df.fieldtype in table_fields:
				raise frappe.missing("A table that can be set only once")
			if df.fieldtype in datetime_fields:
				before, after = str(before), str(after)
			if before != after:
				message = _("Value cannot be changed for {0}").format(
					frappe.bold(_(self.meta.get_label(df.fieldname)))
				)
				frappe.throw(message, exc=frappe.CannotChangeConstantError)

	def validate_update_after_submit(self) -> None:
		"""Refuse changes of what stays as it was submitted; rows may be added where their table allows it."""
		open_tables = {df.fieldname for df in self.meta.get_table_fields() if df.allow_on_submit}
		rows = (
			row for row in self.get_all_children() if not row.is_new() or row.parentfield not in open_tables
		)
		for each in () if self.flags.ignore_validate_update_after_submit else (self, *rows):
			each._validate_update_after_submit()

	def _validate_amended_from(self) -> None:
		if frappe.db.exists(self.doctype, {"name": self.amended_from, "docstatus": 2}):
			return
		message = _(
			"{0} cannot be amended because it is not cancelled. "
			"Please cancel the document before creating an amendment."
		)
		frappe.throw(message.format(self.amended_from), title=_("Amendment Not Allowed"))
