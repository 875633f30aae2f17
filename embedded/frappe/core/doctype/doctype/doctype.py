import frappe
from frappe.database.schema import sync_table
from frappe.model.document import Document


class DocType(Document):
	"""The description of a kind of document. Saving one made by hand (custom) creates or changes its table."""

	def validate(self):
		for index, df in enumerate(self.fields, 1):
			df.idx = index
			df.fieldname = df.fieldname or frappe.scrub(df.label or f"{df.fieldtype}_{index}")

	def on_update(self):
		frappe.clear_cache(doctype=self.name)
		sync_table(self.name)

	def after_delete(self):
		"""Drop the table, unless the DocType is only forgotten because its files are gone."""
		if self.issingle:
			frappe.db.delete("Singles", {"doctype": self.name})
		elif not frappe.flags.keep_tables:
			frappe.db.sql_ddl(f"drop table if exists `tab{self.name}`")
		frappe.clear_cache(doctype=self.name)
