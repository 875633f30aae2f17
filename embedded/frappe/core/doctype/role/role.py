import frappe
from frappe.model.document import Document


class Role(Document):
	def validate(self) -> None:
		if self.disabled or (not self.is_new() and self.has_value_changed("desk_access")):
			raise frappe.missing("Disabling a Role, or changing its access to Desk,")
