import frappe
from frappe.model import no_value_fields
from frappe.model.document import Document

NO_DEFAULTS = {*no_value_fields, "Password"}


class SystemSettings(Document):
	def on_update(self) -> None:
		self.set_defaults()
		frappe.clear_cache()

	def set_defaults(self) -> None:
		"""Publish every setting as a default of the site, where formats and precisions are read from."""
		known = frappe.defaults.get_defaults_for()
		kept = [df.fieldname for df in self.meta.fields if df.fieldtype not in NO_DEFAULTS]
		changed = [name for name in kept if name not in known or self.has_value_changed(name)]
		for setting, value in ((name, self.get(name)) for name in changed):
			frappe.db.set_default(setting, value)
