{% include "crm_pipeline/public/js/list_columns.js" %}

frappe.listview_settings["Quotation"] = {
	add_fields: ["status", "replaced_by", "valid_till", "currency", "net_total"],
	get_indicator: (doc) =>
		doc.replaced_by && doc.docstatus === 1
			? [__("Replaced"), "gray", "replaced_by,is,set"]
			: crm_pipeline.columns.indicator("Quotation")(doc),
	onload: (list) => crm_pipeline.columns.show(list, { title: __("Party") }, "name"),
	formatters: { net_total: crm_pipeline.columns.amount },
};

// Frappe 16 on SQLite takes a form from this cache without the DocTypes of its tables, and fails to draw it.
localStorage.removeItem("_doctype:Quotation");
