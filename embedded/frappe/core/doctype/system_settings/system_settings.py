import frappe
from frappe.model import no_value_fields
from frappe.model.document import Document

NO_DEFAULTS = {*no_value_fields, "Password"}


class SystemSettings(Document):
	def on_update(self):
		self.set_defaults()
		frappe.clear_cache()

	def set_defaults(self):
		"""Publish every setting as a default of the site, where formats and precisions are read from."""
		for df in self.meta.get("fields"):
			is_new = self.has_value_changed(df.fieldname) or frappe.db.get_default(df.fieldname) is None
			if df.fieldtype not in NO_DEFAULTS and is_new:
				frappe.db.set_default(df.fieldname, self.get(df.fieldname))
