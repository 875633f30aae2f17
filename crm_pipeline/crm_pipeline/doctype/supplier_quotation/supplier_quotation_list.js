{% include "crm_pipeline/public/js/list_columns.js" %}

const COLORS = {
	Draft: "gray",
	Submitted: "blue",
	Expired: "darkgrey",
	Cancelled: "red",
};

frappe.listview_settings["Supplier Quotation"] = {
	add_fields: ["status", "valid_till", "currency", "net_total"],
	get_indicator: (doc) => [__(doc.status), COLORS[doc.status], `status,=,${doc.status}`],
	formatters: { net_total: crm_pipeline.columns.amount },
};

// Frappe 16 on SQLite takes a form from this cache without the DocTypes of its tables, and fails to draw it.
localStorage.removeItem("_doctype:Supplier Quotation");
