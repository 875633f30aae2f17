{% include "crm_pipeline/public/js/report_filters.js" %}
{% include "crm_pipeline/public/js/report_amounts.js" %}
{% include "crm_pipeline/public/js/report_lists.js" %}

frappe.query_reports["Ageing Opportunities"] = {
	formatter: crm_pipeline.reports.opening_figures,
	onload: crm_pipeline.reports.open_lists,
	filters: [
		crm_pipeline.filters.one_of("age_of", __("Age Of"), {
			"In Stage": __("In Stage"),
			"Since Created": __("Since Created"),
			"Without Activity": __("Without Activity"),
		}),
		crm_pipeline.filters.one_of("based_on", __("Based On"), {
			Owner: __("Owner"),
			"Sales Stage": __("Sales Stage"),
		}),
		crm_pipeline.filters.one_of("data_based_on", __("Value"), {
			Number: __("Number of Opportunities"),
			Amount: __("Amount"),
			"Weighted Amount": __("Weighted Amount"),
		}),
		{
			fieldname: "ranges",
			label: __("Ranges (Days)"),
			fieldtype: "Data",
			default: "30, 60, 90, 120",
			reqd: 1,
		},
		crm_pipeline.filters.owners(),
		crm_pipeline.filters.team(),
		crm_pipeline.filters.several("sales_process", __("Sales Process"), "Sales Process"),
		crm_pipeline.filters.several("sales_stage", __("Sales Stage"), "Sales Stage"),
		crm_pipeline.filters.figure(),
	],
};
