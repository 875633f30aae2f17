{% include "crm_pipeline/public/js/list_columns.js" %}

frappe.listview_settings["Currency Exchange"] = {
	hide_name_column: true,
	formatters: { exchange_rate: (rate) => crm_pipeline.columns.text(crm_pipeline.columns.number(rate)) },
};
