"""Documents and their DocTypes."""

from frappe.database.schema import TABLE_FIELDS, TYPE_MAP, WITHOUT_COLUMN

data_fieldtypes = tuple(TYPE_MAP)
table_fields, no_value_fields = TABLE_FIELDS, WITHOUT_COLUMN
float_like_fields = {"Float", "Currency", "Percent"}
datetime_fields = {"Datetime", "Date"}

default_fields = ("doctype", "name", "owner", "creation", "modified", "modified_by", "docstatus", "idx")
child_table_fields = ("parent", "parentfield", "parenttype")
optional_fields = ("_assign", "_user_tags")
standard_labels = {
	"name": "ID",
	"owner": "Created By",
	"idx": "Index",
	"creation": "Created On",
	"modified": "Last Updated On",
	"modified_by": "Last Updated By",
	"_assign": "Assigned To",
	"_user_tags": "Tags",
	"docstatus": "Document Status",
}
