{% include "crm_pipeline/public/js/report_filters.js" %}
{% include "crm_pipeline/public/js/report_amounts.js" %}

frappe.query_reports["Rotting Opportunities"] = {
	formatter: crm_pipeline.reports.formatter,
	filters: [
		crm_pipeline.filters.owners(),
		crm_pipeline.filters.team(),
		crm_pipeline.filters.several("sales_process", __("Sales Process"), "Sales Process"),
		crm_pipeline.filters.several("sales_stage", __("Sales Stage"), "Sales Stage"),
		crm_pipeline.filters.rows(),
	],
};
