import frappe
from frappe import _
from frappe.model.document import Document

STANDARD_ROLES = ("Administrator", "System Manager", "Script Manager", "All", "Guest", "Desk User")


class Role(Document):
	def before_rename(self, old, new, merge=False):
		if old in STANDARD_ROLES:
			frappe.throw(_("Standard roles cannot be renamed"))

	def validate(self):
		if self.disabled and self.name in STANDARD_ROLES:
			frappe.throw(_("Standard roles cannot be disabled"))

	def on_update(self):
		"""Take a disabled role from its users; whoever has it may have become, or ceased to be, a system user."""
		if frappe.flags.in_install or not (self.disabled or self.has_value_changed("desk_access")):
			return
		users = frappe.get_all("Has Role", {"role": self.name, "parenttype": "User"}, pluck="parent")
		if self.disabled:
			frappe.db.delete("Has Role", {"role": self.name})
			frappe.clear_cache()
		for user in users:
			frappe.get_doc("User", user).save(ignore_permissions=True)
