{% include "crm_pipeline/public/js/list_columns.js" %}

frappe.listview_settings["Auto Close Batch"] = {
	get_indicator: crm_pipeline.columns.indicator("Auto Close Batch"),
};
