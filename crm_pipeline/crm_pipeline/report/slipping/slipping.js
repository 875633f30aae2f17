{% include "crm_pipeline/public/js/report_filters.js" %}
{% include "crm_pipeline/public/js/report_amounts.js" %}
{% include "crm_pipeline/public/js/report_lists.js" %}

frappe.query_reports["Slipping"] = {
	formatter: crm_pipeline.reports.opening_figures,
	onload: crm_pipeline.reports.open_lists,
	filters: [
		crm_pipeline.filters.one_of("group_by", __("Group By"), {
			Owner: __("Owner"),
			Opportunity: __("Opportunity"),
		}),
		crm_pipeline.filters.day("from_date", __("Postponed From"), -365),
		crm_pipeline.filters.day("to_date", __("Postponed To"), 0),
		crm_pipeline.filters.owners(),
		crm_pipeline.filters.team(),
		crm_pipeline.filters.several("sales_process", __("Sales Process"), "Sales Process"),
		crm_pipeline.filters.several("opportunity_type", __("Opportunity Type"), "Opportunity Type"),
		crm_pipeline.filters.several("source", __("Source"), "Lead Source"),
		crm_pipeline.filters.figure(),
	],
};
