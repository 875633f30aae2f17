// The weighted value of the pipeline on the same day of each of the last weeks, from the history.
frappe.provide("frappe.dashboards.chart_sources");

frappe.dashboards.chart_sources["Weighted Value by Week"] = {
	method: "crm_pipeline.api.charts.get_weighted_trend",
	filters: [
		{
			fieldname: "opportunity_owner",
			label: __("Opportunity Owner"),
			fieldtype: "MultiSelectList",
			get_data: (text) => frappe.db.get_link_options("User", text),
		},
		{ fieldname: "sales_team", label: __("Sales Team"), fieldtype: "Link", options: "Sales Team" },
		{
			fieldname: "sales_process",
			label: __("Sales Process"),
			fieldtype: "MultiSelectList",
			get_data: (text) => frappe.db.get_link_options("Sales Process", text),
		},
	],
};
