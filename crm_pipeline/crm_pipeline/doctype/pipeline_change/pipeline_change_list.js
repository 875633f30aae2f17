{% include "crm_pipeline/public/js/list_columns.js" %}

frappe.listview_settings["Pipeline Change"] = {
	hide_name_column: true,
	onload(list) {
		crm_pipeline.columns.name_users(list, "by");
		crm_pipeline.columns.show(list);
	},
	formatters: { at: crm_pipeline.columns.moment, by: crm_pipeline.columns.user },
};
