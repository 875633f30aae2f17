"""Where links to a DocType's records can be found."""

import frappe
from frappe.types import _dict


def get_link_fields(doctype: str) -> list[_dict]:
	"""Link fields to a DocType on this site, custom ones included: parent, fieldname, issingle."""
	return frappe.db.sql(
		"""select f.parent, f.fieldname, d.issingle from `tabDocField` f join `tabDocType` d on d.name = f.parent
		where f.options = %(doctype)s and f.fieldtype = 'Link' and d.is_virtual = 0
		union all
		select f.dt, f.fieldname, d.issingle from `tabCustom Field` f join `tabDocType` d on d.name = f.dt
		where f.options = %(doctype)s and f.fieldtype = 'Link' and d.is_virtual = 0""",
		{"doctype": doctype},
		as_dict=True,
	)


def get_dynamic_link_fields() -> list[_dict]:
	"""All Dynamic Link fields: parent, fieldname, options (the field that names the DocType), issingle, istable."""
	return frappe.db.sql(
		"""select f.parent, f.fieldname, f.options, d.issingle, d.istable
		from `tabDocField` f join `tabDocType` d on d.name = f.parent
		where f.fieldtype = 'Dynamic Link' and d.is_virtual = 0
		union all
		select f.dt, f.fieldname, f.options, d.issingle, d.istable
		from `tabCustom Field` f join `tabDocType` d on d.name = f.dt
		where f.fieldtype = 'Dynamic Link' and d.is_virtual = 0""",
		as_dict=True,
	)
