import frappe
from frappe.model.document import Document


class DocType(Document):
	"""The description of a kind of document, from a file of an app."""

	def after_delete(self) -> None:
		"""Drop the table."""
		if self.issingle:
			frappe.db.delete("Singles", {"doctype": self.name})
		else:
			frappe.db.sql_ddl(f"drop table if exists `tab{self.name}`")
		frappe.clear_cache(doctype=self.name)
