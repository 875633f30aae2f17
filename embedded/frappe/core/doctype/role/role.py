import frappe
from frappe import _
from frappe.model.document import Document

STANDARD_ROLES = ("Administrator", "System Manager", "Script Manager", "All", "Guest", "Desk User")


class Role(Document):
	def before_rename(self, old, new, merge=False):
		if old in STANDARD_ROLES:
			frappe.throw(_("Standard roles cannot be renamed"))

	def validate(self):
		if self.disabled:
			self.disable_role()
		elif self.name == "Guest":
			self.desk_access = 0

	def on_update(self):
		if not frappe.flags.in_install and self.has_value_changed("desk_access"):
			self.update_user_types()

	def disable_role(self):
		if self.name in STANDARD_ROLES:
			frappe.throw(_("Standard roles cannot be disabled"))
		frappe.db.delete("Has Role", {"role": self.name})
		frappe.clear_cache()

	def update_user_types(self):
		"""Whoever has this role may have become, or ceased to be, a system user."""
		for user in frappe.get_all("Has Role", {"role": self.name, "parenttype": "User"}, pluck="parent"):
			doc = frappe.get_doc("User", user)
			if doc.user_type != doc.get_type_by_roles():
				doc.save(ignore_permissions=True)
