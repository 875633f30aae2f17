{% include "crm_pipeline/public/js/list_columns.js" %}

// A draft that a supplier was asked for says how that stands.
function request_indicator({ docstatus, request_status }) {
	return docstatus === 0 && request_status
		? [
				__(request_status),
				frappe.boot.crm_pipeline.request_colors[request_status],
				`request_status,=,${request_status}`,
		  ]
		: null;
}

frappe.listview_settings["Supplier Quotation"] = {
	add_fields: ["status", "request_status", "valid_till", "currency", "net_total"],
	has_indicator_for_draft: true,
	get_indicator: (doc) => request_indicator(doc) || crm_pipeline.columns.indicator("Supplier Quotation")(doc),
	onload: (list) => crm_pipeline.columns.show(list, { title: __("Supplier") }, "name"),
	formatters: {
		// Nothing is offered before the supplier has answered.
		net_total: (value, df, doc) =>
			crm_pipeline.columns.amount(value || !request_indicator(doc) ? value : null, df, doc),
	},
};

// Frappe 16 on SQLite takes a form from this cache without the DocTypes of its tables, and fails to draw it.
localStorage.removeItem("_doctype:Supplier Quotation");
