// Its name is how it is called, which the list shows already.
frappe.listview_settings["Supplier"] = { hide_name_column: true };
