"""The checks on a document as a whole: its own fields and those of all its rows."""

import frappe
from frappe import _
from frappe.model import optional_fields, table_fields
from frappe.utils import flt


class DocumentValidation:
	"""Mixed into documents."""

	def _validate(self) -> None:
		self._validate_mandatory()
		for doc in (self, *self.get_all_children()):
			doc._validate_own_fields()
		if self.is_new():
			for fieldname in optional_fields:
				self.set(fieldname, None)
		else:
			self.validate_set_only_once()

	def _validate_mandatory(self) -> None:
		if self.flags.ignore_mandatory:
			return
		missing = [each for doc in (self, *self.get_all_children()) for each in doc._get_missing_mandatory_fields()]
		if not missing:
			return
		for _fieldname, message in missing:
			frappe.msgprint(message)
		fields = ", ".join(fieldname for fieldname, _message in missing)
		raise frappe.MandatoryError(f"[{self.doctype}, {self.name}]: {fields}")

	def _validate_links(self) -> None:
		if self.flags.ignore_links or self._action == "cancel":
			return
		invalid, cancelled = self.get_invalid_links()
		for row in self.get_all_children():
			row_invalid, row_cancelled = row.get_invalid_links(is_submittable=bool(self.meta.is_submittable))
			invalid, cancelled = invalid + row_invalid, cancelled + row_cancelled
		if invalid:
			names = ", ".join(message for _field, _value, message in invalid)
			frappe.throw(_("Could not find {0}").format(names), frappe.LinkValidationError)
		if cancelled:
			names = ", ".join(message for _field, _value, message in cancelled)
			frappe.throw(_("Cannot link cancelled document: {0}").format(names), frappe.CancelledLinkError)

	def validate_set_only_once(self) -> None:
		previous = self.get_doc_before_save()
		for df in self.meta.get_set_only_once_fields() if previous else ():
			before, after = previous.get(df.fieldname), self.get(df.fieldname)
			if df.fieldtype in table_fields:
				same = self.is_child_table_same(df.fieldname)
			elif df.fieldtype in ("Date", "Datetime", "Time"):
				same = str(before) == str(after)
			else:
				same = before == after
			if not same:
				frappe.throw(
					_("Value cannot be changed for {0}").format(frappe.bold(self.meta.get_label(df.fieldname))),
					exc=frappe.CannotChangeConstantError,
				)

	def is_child_table_same(self, fieldname: str) -> bool:
		def contents(doc) -> list[dict]:
			unimportant = {"modified", "modified_by", "creation"}
			rows = [row.as_dict(convert_dates_to_str=True) for row in doc.get(fieldname)]
			return [{key: value for key, value in row.items() if key not in unimportant} for row in rows]

		return contents(self) == contents(self.get_doc_before_save())

	def validate_update_after_submit(self) -> None:
		if self.flags.ignore_validate_update_after_submit:
			return
		self._validate_update_after_submit()
		for row in self.get_all_children():
			if not (row.is_new() and self.meta.get_field(row.parentfield).allow_on_submit):
				row._validate_update_after_submit()

	def validate_amended_from(self) -> None:
		if frappe.db.get_value(self.doctype, self.get("amended_from"), "docstatus") != 2:
			message = _(
				"{0} cannot be amended because it is not cancelled. "
				"Please cancel the document before creating an amendment."
			)
			frappe.throw(message.format(self.get("amended_from")), title=_("Amendment Not Allowed"))

	def round_floats_in(self, doc, fieldnames=None) -> None:
		"""Round the number fields of this document or of one of its rows to their precision."""
		if not fieldnames:
			fieldnames = [df.fieldname for df in doc.meta.fields if df.fieldtype in ("Currency", "Float", "Percent")]
		for fieldname in fieldnames:
			doc.set(fieldname, flt(doc.get(fieldname), self.precision(fieldname, doc.get("parentfield"))))
