"""What a document as a whole must pass: the user's permissions, and the checks on its own fields and its rows."""

import frappe
from frappe import _
from frappe.model import datetime_fields, optional_fields, table_fields

UNIMPORTANT = ("modified", "modified_by", "creation")


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
		return self.flags.ignore_permissions or frappe.permissions.has_permission(
			self.doctype, permtype, self, user=user
		)

	def apply_fieldlevel_read_permissions(self) -> None:
		"""Remove the values whose permission level the user cannot read."""
		if frappe.session.user == "Administrator":
			return
		readable = self.meta.get_permlevel_access("read", self.get("parenttype"))
		for doc in (self, *self.get_all_children()):
			for df in doc.meta.get_high_permlevel_fields():
				if df.permlevel not in readable:
					doc.__dict__.pop(df.fieldname, None)

	def validate_higher_perm_levels(self) -> None:
		"""Put back what the user may not set: the stored value, or the default in a new document."""
		if self.flags.ignore_permissions or frappe.flags.in_install or frappe.session.user == "Administrator":
			return
		allowed = self.meta.get_permlevel_access("write", self.get("parenttype"))
		for doc in (self, *(() if self.is_new() else self.get_all_children())):
			fields = [df for df in doc.meta.get_high_permlevel_fields() if df.permlevel not in allowed]
			reference = fields and self._reference_for_permlevels(doc)
			for df in fields if reference else ():
				doc.set(df.fieldname, reference.get(df.fieldname))

	def _reference_for_permlevels(self, doc):
		if doc.is_new():
			return frappe.new_doc(doc.doctype)
		stored = frappe.get_doc(self.doctype, self.name)
		rows = (stored, *stored.get_all_children())
		return next((row for row in rows if (row.doctype, row.name) == (doc.doctype, doc.name)), None)

	# values

	def _validate(self) -> None:
		self._validate_mandatory()
		for doc in (self, *self.get_all_children()):
			doc._validate_own_fields()
		if self.is_new():
			for fieldname in optional_fields:
				self.set(fieldname, None)
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
		invalid, cancelled = [], []
		for doc in (self, *self.get_all_children()):
			missing, gone = doc.get_invalid_links(is_submittable=bool(self.meta.is_submittable))
			invalid, cancelled = invalid + missing, cancelled + gone
		if invalid:
			frappe.throw(_("Could not find {0}").format(", ".join(invalid)), frappe.LinkValidationError)
		if cancelled:
			message = _("Cannot link cancelled document: {0}").format(", ".join(cancelled))
			frappe.throw(message, frappe.CancelledLinkError)

	def _validate_set_only_once(self) -> None:
		previous = self.get_doc_before_save()
		for df in self.meta.fields if previous else ():
			if not df.set_only_once:
				continue
			before, after = previous.get(df.fieldname), self.get(df.fieldname)
			if df.fieldtype in table_fields:
				before, after = _contents(before), _contents(after)
			elif df.fieldtype in datetime_fields:
				before, after = str(before), str(after)
			if before != after:
				message = _("Value cannot be changed for {0}").format(frappe.bold(_(df.label)))
				frappe.throw(message, exc=frappe.CannotChangeConstantError)

	def validate_update_after_submit(self) -> None:
		if self.flags.ignore_validate_update_after_submit:
			return
		self._validate_update_after_submit()
		for row in self.get_all_children():
			if not (row.is_new() and self.meta.get_field(row.parentfield).allow_on_submit):
				row._validate_update_after_submit()

	def _validate_amended_from(self) -> None:
		if frappe.db.get_value(self.doctype, self.amended_from, "docstatus") != 2:
			message = _(
				"{0} cannot be amended because it is not cancelled. "
				"Please cancel the document before creating an amendment."
			)
			frappe.throw(message.format(self.amended_from), title=_("Amendment Not Allowed"))


def _contents(rows: list) -> list[dict]:
	dicts = [row.as_dict(convert_dates_to_str=True) for row in rows]
	return [{key: value for key, value in row.items() if key not in UNIMPORTANT} for row in dicts]
