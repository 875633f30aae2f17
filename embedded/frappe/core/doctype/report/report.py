import frappe
from frappe.model.document import Document


class Report(Document):
	def is_permitted(self) -> bool:
		"""Return whether the session's user has one of the report's roles; anybody has where it has none."""
		roles = {row.role for row in self.get("roles") or []}
		return not roles or not roles.isdisjoint(frappe.get_roles())
