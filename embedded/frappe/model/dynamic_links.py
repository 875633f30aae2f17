"""Where links to a DocType's records can be found."""

import frappe
from frappe.types import _dict

FIELDS = """select f.parent, f.fieldname, f.options, d.issingle, d.istable
	from (select parent, fieldname, options, fieldtype from `tabDocField`
		union all select dt, fieldname, options, fieldtype from `tabCustom Field`) f
	join `tabDocType` d on d.name = f.parent
	where f.fieldtype = """


def get_link_fields(doctype: str) -> list[_dict]:
	"""Link fields to a DocType on this site, custom ones included: parent, fieldname, issingle."""
	return frappe.db.sql(f"{FIELDS} 'Link' and f.options = %s", (doctype,), as_dict=True)


def get_dynamic_link_fields() -> list[_dict]:
	"""All Dynamic Link fields: parent, fieldname, options (the field that names the DocType), issingle, istable."""
	return frappe.db.sql(f"{FIELDS} 'Dynamic Link'", as_dict=True)
