{% include "crm_pipeline/public/js/report_filters.js" %}
{% include "crm_pipeline/public/js/report_amounts.js" %}

frappe.query_reports["Auto-close Preview"] = {
	formatter: crm_pipeline.reports.formatter,
	filters: [
		crm_pipeline.filters.day("day", __("Day of the Run"), 1),
		crm_pipeline.filters.owners(),
		crm_pipeline.filters.team(),
	],
};
