"""Where links to a DocType's records can be found."""

import frappe
from frappe.types import _dict

FIELDS = """select f.parent, f.fieldname, f.fieldtype, f.options, d.issingle, d.istable
	from (select parent, fieldname, options, fieldtype from `tabDocField`
		union all select dt, fieldname, options, fieldtype from `tabCustom Field`) f
	join `tabDocType` d on d.name = f.parent
	where f.fieldtype = 'Dynamic Link' or (f.fieldtype = 'Link' and f.options = %s)
	order by f.fieldtype desc"""


def get_links(doctype: str, name: str) -> list[tuple[_dict, dict]]:
	"""Every field on this site, custom ones included, that can link to a record, and the filters by which it does.

	A field has parent, fieldname, fieldtype, issingle and istable."""
	links = []
	for field in frappe.db.sql(FIELDS, (doctype,), as_dict=True):
		of_doctype = {field.options: doctype} if field.fieldtype == "Dynamic Link" else {}
		links.append((field, {**of_doctype, field.fieldname: name}))
	return links
