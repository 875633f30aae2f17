{% include "crm_pipeline/public/js/report_filters.js" %}
{% include "crm_pipeline/public/js/report_amounts.js" %}
{% include "crm_pipeline/public/js/report_lists.js" %}

frappe.query_reports["Opportunity Summary by Sales Stage"] = {
	formatter: crm_pipeline.reports.opening_figures,
	onload: crm_pipeline.reports.open_lists,
	filters: [
		crm_pipeline.filters.one_of("based_on", __("Based On"), {
			"Opportunity Owner": __("Opportunity Owner"),
			Source: __("Source"),
			"Opportunity Type": __("Opportunity Type"),
			Territory: __("Territory"),
		}),
		crm_pipeline.filters.one_of("data_based_on", __("Value"), {
			Number: __("Number of Opportunities"),
			Amount: __("Amount"),
		}),
		crm_pipeline.filters.day("from_date", __("From Date"), -365),
		crm_pipeline.filters.day("to_date", __("To Date"), 0),
		crm_pipeline.filters.statuses(),
		crm_pipeline.filters.several("sales_process", __("Sales Process"), "Sales Process"),
		crm_pipeline.filters.owners(),
		crm_pipeline.filters.team(),
		crm_pipeline.filters.several("source", __("Source"), "Lead Source"),
		crm_pipeline.filters.several("opportunity_type", __("Opportunity Type"), "Opportunity Type"),
		crm_pipeline.filters.figure(),
	],
};
