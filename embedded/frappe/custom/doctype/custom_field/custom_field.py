import re

import frappe
from frappe import _
from frappe.model.document import Document

RESERVED = {
	*("name", "parent", "creation", "modified", "modified_by", "parentfield", "parenttype"),
	*("file_list", "flags", "docstatus"),
}


class CustomField(Document):
	"""A field that a site or an app adds to a DocType. Its column comes and stays when it is saved."""

	def autoname(self):
		self.set_fieldname()
		self.name = f"{self.dt}-{self.fieldname}"

	def validate(self):
		if not self.is_new():
			return
		meta = frappe.get_meta(self.dt, cached=False)
		names = [df.fieldname for df in meta.fields]
		if self.fieldname in names:
			message = _("A field with the name {0} already exists in {1}")
			frappe.throw(message.format(frappe.bold(self.fieldname), self.dt))
		if self.insert_after == "append":
			self.insert_after = names[-1]
		if self.insert_after in names:
			self.idx = names.index(self.insert_after) + 1

	def on_update(self):
		frappe.clear_cache(doctype=self.dt)
		if not frappe.flags.in_create_custom_fields:
			frappe.db.updatedb(self.dt)

	def on_trash(self):
		frappe.db.delete("Property Setter", {"doc_type": self.dt, "field_name": self.fieldname})
		frappe.clear_cache(doctype=self.dt)

	def set_fieldname(self):
		"""Without a fieldname, make one of the label: letters, digits and underscores behind `custom_`."""
		if not self.fieldname:
			if not self.label:
				frappe.throw(_("Label is mandatory"))
			self.fieldname = "custom_" + re.sub(r"\W", "", self.label.replace(" ", "_"))
		self.fieldname = self.fieldname.lower()
		if self.fieldname in RESERVED:
			self.fieldname += "1"


def create_custom_field(
	doctype: str, df: dict, ignore_validate: bool = False, is_system_generated: bool = True
) -> CustomField | None:
	"""Add a field unless the DocType has it already; None then."""
	df = frappe._dict(df)
	df.fieldname = df.fieldname or frappe.scrub(df.label)
	if frappe.db.exists("Custom Field", {"dt": doctype, "fieldname": df.fieldname}):
		return None
	doc = frappe.new_doc("Custom Field", dt=doctype, is_system_generated=int(is_system_generated))
	doc.update(df)
	doc.flags.ignore_validate = ignore_validate
	return doc.insert()


def create_custom_fields(custom_fields: dict, ignore_validate: bool = False, update: bool = True) -> None:
	"""Add fields, given by DocType (or a tuple of them), and update those that are there unless told not to."""
	frappe.flags.in_create_custom_fields = True
	try:
		for doctypes, fields in custom_fields.items():
			for doctype in (doctypes,) if isinstance(doctypes, str) else doctypes:
				for df in (fields,) if isinstance(fields, dict) else fields:
					_create_or_update(doctype, df, ignore_validate, update)
				frappe.clear_cache(doctype=doctype)
				frappe.db.updatedb(doctype)
	finally:
		frappe.flags.in_create_custom_fields = False


def _create_or_update(doctype: str, df: dict, ignore_validate: bool, update: bool) -> None:
	name = frappe.db.get_value("Custom Field", {"dt": doctype, "fieldname": df["fieldname"]})
	if not name:
		create_custom_field(doctype, {"owner": "Administrator", **df}, ignore_validate)
	elif update:
		doc = frappe.get_doc("Custom Field", name)
		doc.flags.ignore_validate = ignore_validate
		doc.update(df)
		doc.save()
