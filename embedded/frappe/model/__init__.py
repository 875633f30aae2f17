"""Documents and their DocTypes."""

from frappe.database.schema import TYPE_MAP

data_fieldtypes = tuple(TYPE_MAP)
table_fields = ("Table", "Table MultiSelect")
display_fieldtypes = (
	"Section Break",
	"Column Break",
	"Tab Break",
	"HTML",
	"Button",
	"Image",
	"Fold",
	"Heading",
)
no_value_fields = (*display_fieldtypes[:4], *table_fields, *display_fieldtypes[4:])
float_like_fields = {"Float", "Currency", "Percent"}
datetime_fields = {"Datetime", "Date", "Time"}
numeric_fieldtypes = ("Currency", "Int", "Long Int", "Float", "Percent", "Check")
attachment_fieldtypes = ("Attach", "Attach Image")

default_fields = ("doctype", "name", "owner", "creation", "modified", "modified_by", "docstatus", "idx")
child_table_fields = ("parent", "parentfield", "parenttype")
optional_fields = ("_user_tags", "_comments", "_assign", "_liked_by", "_seen")
std_fields = [
	{"fieldname": "name", "fieldtype": "Link", "label": "ID"},
	{"fieldname": "owner", "fieldtype": "Link", "label": "Created By", "options": "User"},
	{"fieldname": "idx", "fieldtype": "Int", "label": "Index"},
	{"fieldname": "creation", "fieldtype": "Datetime", "label": "Created On"},
	{"fieldname": "modified", "fieldtype": "Datetime", "label": "Last Updated On"},
	{"fieldname": "modified_by", "fieldtype": "Link", "label": "Last Updated By", "options": "User"},
	{"fieldname": "_user_tags", "fieldtype": "Data", "label": "Tags"},
	{"fieldname": "_liked_by", "fieldtype": "Data", "label": "Liked By"},
	{"fieldname": "_comments", "fieldtype": "Text", "label": "Comments"},
	{"fieldname": "_assign", "fieldtype": "Text", "label": "Assigned To"},
	{"fieldname": "docstatus", "fieldtype": "Int", "label": "Document Status"},
]
log_types = ("Version", "Error Log", "Activity Log", "Email Queue")
core_doctypes_list = (
	"DocType",
	"DocField",
	"DocPerm",
	"DocType Action",
	"DocType Link",
	"DocType State",
	"User",
	"Role",
	"Has Role",
	"Module Def",
	"Report",
	"Custom Field",
	"Property Setter",
	"Client Script",
	"System Settings",
)


def get_permitted_fields(
	doctype: str,
	parenttype: str | None = None,
	user: str | None = None,
	permission_type: str | None = None,
	*,
	ignore_virtual: bool = False,
) -> list[str]:
	"""Columns of a DocType that the user's permission levels let him see, standard ones included."""
	import frappe

	meta = frappe.get_meta(doctype)
	if doctype in core_doctypes_list or (meta.istable and not parenttype):
		return list(meta.get_valid_columns())
	permitted = meta.get_permitted_fieldnames(
		parenttype=parenttype, user=user, permission_type=permission_type, with_virtual_fields=not ignore_virtual
	)
	standard = meta.default_fields + (list(child_table_fields) if meta.istable else [])
	if permission_type == "select":
		standard = ["name"]
	return [*standard, *permitted] if permitted or not meta.istable else ["name"]
