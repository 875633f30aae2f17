{% include "crm_pipeline/public/js/report_filters.js" %}
{% include "crm_pipeline/public/js/report_amounts.js" %}
{% include "crm_pipeline/public/js/report_lists.js" %}

frappe.query_reports["Stage Conversion and Time in Stage"] = {
	formatter: crm_pipeline.reports.opening_figures,
	onload: crm_pipeline.reports.open_lists,
	filters: [
		{
			fieldname: "sales_process",
			label: __("Sales Process"),
			fieldtype: "Link",
			options: "Sales Process",
			default: "",
		},
		crm_pipeline.filters.day("from_date", __("Entered From"), -365),
		crm_pipeline.filters.day("to_date", __("Entered To"), 0),
		crm_pipeline.filters.owners(),
		crm_pipeline.filters.team(),
		crm_pipeline.filters.several("opportunity_type", __("Opportunity Type"), "Opportunity Type"),
		crm_pipeline.filters.several("source", __("Source"), "Lead Source"),
		crm_pipeline.filters.figure(),
	],
};
