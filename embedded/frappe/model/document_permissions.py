"""What a user may do to one document, and to its fields of higher permission levels."""

import frappe
from frappe import _


class DocumentPermissions:
	"""Mixed into documents."""

	def check_permission(self, permtype: str = "read", permlevel: int | None = None) -> None:
		"""
		:raises frappe.PermissionError: when the user may not do this to the document."""
		if not self.has_permission(permtype):
			self.raise_no_permission_to(permtype)

	def has_permission(self, permtype: str = "read", *, debug: bool = False, user: str | None = None) -> bool:
		if self.flags.ignore_permissions:
			return True
		from frappe import permissions

		return permissions.has_permission(self.doctype, permtype, self, user=user)

	def raise_no_permission_to(self, perm_type: str) -> None:
		frappe.permissions.check_doctype_permission(self.doctype, perm_type)
		message = _("You need the '{0}' permission on {1} {2} to perform this action.")
		frappe.flags.error_message = message.format(_(perm_type), frappe.bold(_(self.doctype)), self.name or "")
		raise frappe.PermissionError

	def get_permissions(self) -> list:
		return frappe.get_meta(self.parenttype).permissions if self.meta.istable else self.meta.permissions

	def get_permlevel_access(self, permission_type: str = "write") -> list[int]:
		roles = frappe.get_roles()
		rows = self.get_permissions()
		return sorted({row.permlevel or 0 for row in rows if row.role in roles and row.get(permission_type)})

	def apply_fieldlevel_read_permissions(self) -> None:
		"""Remove the values whose permission level the user cannot read."""
		if frappe.session.user == "Administrator":
			return
		readable = self.get_permlevel_access("read")
		for doc in (self, *self.get_all_children()):
			for df in doc.meta.get_high_permlevel_fields():
				if df.permlevel not in readable:
					doc.delete_key(df.fieldname)

	def validate_higher_perm_levels(self) -> None:
		if self.flags.ignore_permissions or frappe.flags.in_install or frappe.session.user == "Administrator":
			return
		allowed = self.get_permlevel_access()
		if fields := self.meta.get_high_permlevel_fields():
			self.reset_values_if_no_permlevel_access(allowed, fields)
		for row in () if self.is_new() else self.get_all_children():
			if fields := row.meta.get_high_permlevel_fields():
				row.reset_values_if_no_permlevel_access(allowed, fields)
