{% include "crm_pipeline/public/js/report_filters.js" %}
{% include "crm_pipeline/public/js/report_amounts.js" %}
{% include "crm_pipeline/public/js/report_lists.js" %}

frappe.query_reports["Sales Pipeline Analytics"] = {
	formatter: crm_pipeline.reports.opening_figures,
	onload: crm_pipeline.reports.open_lists,
	filters: [
		crm_pipeline.filters.one_of("pipeline_by", __("Pipeline By"), {
			Owner: __("Owner"),
			"Sales Stage": __("Sales Stage"),
			Source: __("Source"),
			Country: __("Country"),
		}),
		crm_pipeline.filters.one_of("range", __("Period"), {
			Monthly: __("Monthly"),
			Quarterly: __("Quarterly"),
		}),
		crm_pipeline.filters.one_of("based_on", __("Value"), {
			Number: __("Number of Opportunities"),
			Amount: __("Amount"),
			"Weighted Amount": __("Weighted Amount"),
		}),
		crm_pipeline.filters.day("from_date", __("Expected Closing From"), 0),
		crm_pipeline.filters.day("to_date", __("Expected Closing To"), 365),
		crm_pipeline.filters.statuses(__("In Play")),
		crm_pipeline.filters.owners(),
		crm_pipeline.filters.team(),
		crm_pipeline.filters.several("sales_process", __("Sales Process"), "Sales Process"),
		crm_pipeline.filters.several("opportunity_type", __("Opportunity Type"), "Opportunity Type"),
		crm_pipeline.filters.figure(),
	],
};
