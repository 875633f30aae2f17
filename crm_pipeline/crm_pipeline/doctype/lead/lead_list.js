{% include "crm_pipeline/public/js/list_columns.js" %}

frappe.listview_settings["Lead"] = {
	add_fields: ["status"],
	hide_name_column: true,
	get_indicator: crm_pipeline.columns.indicator("Lead"),
	onload(list) {
		crm_pipeline.columns.name_users(list, "lead_owner");
		crm_pipeline.columns.show(list);
	},
	formatters: { lead_owner: crm_pipeline.columns.user },
};
