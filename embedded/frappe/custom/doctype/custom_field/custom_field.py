import frappe
from frappe import _
from frappe.model.document import Document


class CustomField(Document):
	"""A field that a site or an app adds to a DocType. Its column comes when it is saved, and stays."""

	def autoname(self):
		"""Without a fieldname, make one of the label, behind `custom_`."""
		if not (self.fieldname or self.label):
			frappe.throw(_("Label is mandatory"))
		self.fieldname = (self.fieldname or f"custom_{frappe.scrub(self.label)}").lower()
		self.name = f"{self.dt}-{self.fieldname}"

	def validate(self):
		if not self.is_new():
			return
		names = [df.fieldname for df in frappe.get_meta(self.dt, cached=False).fields]
		if self.fieldname in names:
			message = _("A field with the name {0} already exists in {1}")
			frappe.throw(message.format(frappe.bold(self.fieldname), self.dt))
		if self.insert_after in names:
			self.idx = names.index(self.insert_after) + 1

	def on_update(self):
		frappe.clear_cache(doctype=self.dt)
		frappe.db.updatedb(self.dt)

	def on_trash(self):
		frappe.db.delete("Property Setter", {"doc_type": self.dt, "field_name": self.fieldname})
		frappe.clear_cache(doctype=self.dt)
