"""Documents and their DocTypes."""

from frappe.database.schema import TYPE_MAP
from frappe.runtime.missing import missing_in

__getattr__ = missing_in(__name__)

data_fieldtypes = tuple(TYPE_MAP)
table_fields = ("Table", "Table MultiSelect")
no_value_fields = (
	*("Section Break", "Column Break", "Tab Break", "HTML", *table_fields),
	*("Button", "Image", "Fold", "Heading"),
)
float_like_fields = {"Float", "Currency", "Percent"}
datetime_fields = {"Datetime", "Date", "Time"}

default_fields = ("doctype", "name", "owner", "creation", "modified", "modified_by", "docstatus", "idx")
child_table_fields = ("parent", "parentfield", "parenttype")
optional_fields = ("_user_tags", "_comments", "_assign", "_liked_by", "_seen")
standard_labels = {
	"name": "ID",
	"owner": "Created By",
	"idx": "Index",
	"creation": "Created On",
	"modified": "Last Updated On",
	"modified_by": "Last Updated By",
	"_assign": "Assigned To",
	"docstatus": "Document Status",
}
# what these hold is not checked against permission levels
core_doctypes_list = (
	*("DocType", "DocField", "DocPerm", "DocType Action", "DocType Link", "DocType State"),
	*(
		"User",
		"Role",
		"Has Role",
		"Module Def",
		"Report",
		"Custom Field",
		"Property Setter",
		"System Settings",
	),
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
	permitted = meta.get_permitted_fieldnames(parenttype, user=user, permission_type=permission_type)
	if permission_type == "select":
		return list(dict.fromkeys(["name", *permitted]))
	standard = [*default_fields[1:], *(child_table_fields if meta.istable else ())]
	return [*standard, *permitted] if permitted or not meta.istable else ["name"]
